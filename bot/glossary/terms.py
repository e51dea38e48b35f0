"""A glossary as values: its terms, the parts of the file that are no terms, and the terms as Amazon's terminology."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import UsageError

# The limits of Amazon Translate: https://docs.aws.amazon.com/translate/latest/dg/creating-custom-terminology.html
_MAX_SIDE_BYTES = 200
_MAX_FILE_BYTES = 10 * 1024 * 1024
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the source with its allowed translations (at least one), the preferred one first."""

    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a glossary file that is no term: its `place` (`line 3`, `entry c12`), its text, and the reason."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """`form` is the format of the file, `sides` says which side was taken for the source, and why."""

    terms: tuple[Term, ...]
    unread: tuple[Unread, ...]
    form: str
    sides: str


@dataclass(frozen=True, slots=True)
class Terminology:
    """A CSV file (UTF-8) for Amazon Translate, its number of terms, and the terms that did not fit, with reasons."""

    data: bytes
    terms: int
    dropped: tuple[tuple[Term, str], ...]


def check_side(text: str) -> str:
    """One side of a new term, with white space folded. Raises UsageError for a text that no glossary can hold."""
    text = " ".join(text.split())
    if not text:
        raise UsageError("a side of the term is empty")
    if len(text.encode()) > _MAX_SIDE_BYTES:
        raise UsageError(f"a side of a term has at most {_MAX_SIDE_BYTES} bytes")
    # Spreadsheets read a cell that begins with one of these as a formula.
    if text.startswith(_FORMULA_SIGNS):
        raise UsageError(f'a term can\'t begin with "{text[0]}"')
    return text


def merged(terms: Iterable[tuple[str, Iterable[str]]]) -> tuple[Term, ...]:
    """A Term for each source text, with the targets of all its entries, in the order of the first entries."""
    targets_of: dict[str, dict[str, None]] = {}
    for source, targets in terms:
        targets_of.setdefault(source, {}).update(dict.fromkeys(targets))
    return tuple(Term(source, tuple(targets)) for source, targets in targets_of.items())


def terminology_csv(terms: Iterable[Term], source: str, target: str) -> Terminology:
    """The preferred translation of each term, below the two language codes of the service. The same terms give the same
    bytes."""
    rows = [_row((source, target))]
    size = len(rows[0])
    dropped: list[tuple[Term, str]] = []
    for term in terms:
        texts = [" ".join(text.split()) for text in (term.source, term.targets[0])]
        row = _row(texts)
        longest = max(len(text.encode()) for text in texts)
        if longest > _MAX_SIDE_BYTES:
            dropped.append((term, f"{longest} bytes, the service takes {_MAX_SIDE_BYTES}"))
        elif size + len(row) > _MAX_FILE_BYTES:
            dropped.append((term, "beyond the 10 MB that the service takes"))
        else:
            rows.append(row)
            size += len(row)
    return Terminology(b"".join(rows), len(rows) - 1, tuple(dropped))


def _row(texts: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(texts)
    return text.getvalue().encode("utf-8")
