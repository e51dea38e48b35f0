"""Glossaries: reading those of translators and of other tools, and which terms a translation did not follow."""

from bot.glossary.following import TermDoubt, term_doubts, unfollowed, unfollowed_warnings
from bot.glossary.reading import read_glossary
from bot.glossary.terms import Glossary, Term, Unread
from bot.glossary.writing import Terminology, terminology_csv

__all__ = [
    "Glossary",
    "Term",
    "TermDoubt",
    "Terminology",
    "Unread",
    "read_glossary",
    "term_doubts",
    "terminology_csv",
    "unfollowed",
    "unfollowed_warnings",
]
