"""Glossaries of translators and of other tools, and the terms that a translation does not follow."""

from bot.glossary.following import TermDoubt, term_doubts, unfollowed, unfollowed_warnings
from bot.glossary.reading import read_glossary
from bot.glossary.terms import Glossary, Term, Terminology, Unread, terminology_csv
