"""The terms that people recorded in comments, as the language repository holds them: `.amts/glossary.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from bot.memory.glossary import Term
from bot.model import Language


def terms_path(name: str) -> str:
    """Where the terms of language `name` lie."""
    return f".amts/glossary.{name}.csv"


def serialize_terms(terms: Iterable[Term], languages: tuple[Language, Language]) -> bytes:
    """A table of two columns, sorted, that every glossary reader understands: a row for each translation of a term."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([language.code for language in languages])
    for term in sorted(terms, key=lambda term: (term.source.casefold(), term.source)):
        writer.writerows([term.source, target] for target in term.targets)
    return text.getvalue().encode("utf-8")
