"""Two people's versions of one translation become one, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.documents import parse
from bot.model import Language


@dataclass(frozen=True, slots=True)
class Clash:
    """Both versions changed this: what stands now at `line` (from 1), and what gave way."""

    line: int
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Joined:
    text: str
    clashes: tuple[Clash, ...]


def join(old: str, ours: str, theirs: str, language: Language) -> Joined:
    """`ours` with everything that `theirs` changed since `old`.

    Text that one side alone changed is that side's, byte for byte; what both added at one place stands there, ours
    first. Where both changed a sentence, ours stays and the clash is told. Unlike diff3, which works on lines, changes
    to neighbours don't touch.
    """
    was, mine, yours = (_pieces(text, language) for text in (old, ours, theirs))
    made: list[str] = []
    clashes: list[Clash] = []
    for kept, other in _merged(was, _changes(was, mine), _changes(was, yours)):
        if other is not None:
            start = "".join(made) + kept[: len(kept) - len(kept.lstrip())]
            clashes.append(Clash(start.count("\n") + 1, kept.strip(), other.strip()))
        made.append(kept)
    return Joined("".join(made), tuple(clashes))


def _pieces(text: str, language: Language) -> list[str]:
    """The text cut behind each segment: every piece is a segment with what leads to it, the last the tail."""
    ends = [segment.end for segment in parse(text, language).segments]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a version has in place of each old piece, and what it adds before each (and at the end)."""

    instead: tuple[str, ...]
    before: tuple[str, ...]


def _changes(old: Sequence[str], new: Sequence[str]) -> _Changes:
    instead, before = list(old), [""] * (len(old) + 1)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "insert":
            before[a] = "".join(new[c:d])
        elif kind == "replace" and b - a == d - c:
            instead[a:b] = new[c:d]
        elif kind != "equal":
            # Sentences that became more or fewer are one change, at the first of them.
            instead[a:b] = ["".join(new[c:d]), *[""] * (b - a - 1)]
    return _Changes(tuple(instead), tuple(before))


def _merged(old: Sequence[str], ours: _Changes, theirs: _Changes) -> Iterator[tuple[str, str | None]]:
    """The text of each place, and what gave way to it."""
    for number, was in enumerate([*old, ""]):
        mine, yours = ours.before[number], theirs.before[number]
        yield (mine if mine == yours else mine + yours), None
        if number == len(old):
            return
        mine, yours = ours.instead[number], theirs.instead[number]
        if was in (mine, yours):
            yield (yours if mine == was else mine), None
        else:
            yield mine, (None if mine == yours else yours)
