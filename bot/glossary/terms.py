"""A glossary as values: terms, and what of the file is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import UsageError

# As much as Amazon Translate takes of one side of a term.
_MAX_SIDE_BYTES = 200
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the source with its allowed translations (at least one), the preferred one first."""

    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a glossary that is no term: `place` names it (`line 3`, `entry c12`), `reason` says why."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """`form` is the format that was found, `sides` says which side was taken for the source, and why."""

    terms: tuple[Term, ...]
    unread: tuple[Unread, ...]
    form: str
    sides: str


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
    """One Term for each source text, in the order of the first; of several entries the targets add up."""
    found: dict[str, dict[str, None]] = {}
    for source, targets in terms:
        found.setdefault(source, {}).update(dict.fromkeys(targets))
    return tuple(Term(source, tuple(targets)) for source, targets in found.items())
