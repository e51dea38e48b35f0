"""Glossaries: reading those of translators and of other tools, and which terms a translation did not follow."""

from bot.memory.glossary.following import unfollowed, unfollowed_warnings
from bot.memory.glossary.reading import read_glossary
from bot.memory.glossary.terms import Glossary, Term, Unread
from bot.memory.glossary.writing import Terminology, terminology_csv

__all__ = [
    "Glossary",
    "Term",
    "Terminology",
    "Unread",
    "read_glossary",
    "terminology_csv",
    "unfollowed",
    "unfollowed_warnings",
]
