"""A glossary as Amazon Translate's custom terminology reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from bot.glossary.terms import Term

# https://docs.aws.amazon.com/translate/latest/dg/creating-custom-terminology.html
MAX_TERM_BYTES = 200
MAX_FILE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Terminology:
    """A CSV file (UTF-8), how many terms it holds, and which did not fit, each with the reason."""

    data: bytes
    terms: int
    dropped: tuple[tuple[Term, str], ...]


def terminology_csv(terms: Iterable[Term], source: str, target: str) -> Terminology:
    """The preferred translation of each term below the service's two language codes; the same terms give the same
    bytes."""
    rows = [_row((source, target))]
    size = len(rows[0])
    dropped: list[tuple[Term, str]] = []
    for term in terms:
        texts = [" ".join(text.split()) for text in (term.source, term.targets[0])]
        row = _row(texts)
        longest = max(len(text.encode()) for text in texts)
        if longest > MAX_TERM_BYTES:
            dropped.append((term, f"{longest} bytes, the service takes {MAX_TERM_BYTES}"))
        elif size + len(row) > MAX_FILE_BYTES:
            dropped.append((term, "beyond the 10 MB that the service takes"))
        else:
            rows.append(row)
            size += len(row)
    return Terminology(b"".join(rows), len(rows) - 1, tuple(dropped))


def _row(texts: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(texts)
    return text.getvalue().encode("utf-8")
