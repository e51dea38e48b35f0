"""Three-way merges: people's versions of a translation by sentences, versions of a code line by tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.alignment.differing import opcodes
from bot.documents import parse
from bot.model import Language


@dataclass(frozen=True, slots=True)
class Clash:
    """Both versions changed this: `kept` stands now at `line` (from 1), `other` was dropped."""

    line: int
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Joined:
    text: str
    clashes: tuple[Clash, ...]


def join(old: str, ours: str, theirs: str, language: Language, path: str = "") -> Joined:
    """`ours` with everything that `theirs` changed since `old`. `path` says the format.

    Text that only one side changed is that side's, byte for byte. Additions of both at one place stand there, ours
    first. If both changed a sentence, ours stays and the clash is reported. Unlike in diff3, changes to neighbouring
    sentences are no conflict.
    """
    was, mine, yours = (_sentences(text, language, path) for text in (old, ours, theirs))
    made: list[str] = []
    clashes: list[Clash] = []
    for number, (before, left, right) in enumerate(zip(*_slots(was, mine, yours), strict=True)):
        if before == left or left == right:
            made.append(right)
        elif before == right:
            made.append(left)
        elif number % 2 == 0:
            made.append(left + right)
        else:
            start = "".join(made) + left[: len(left) - len(left.lstrip())]
            clashes.append(Clash(start.count("\n") + 1, left.strip(), right.strip()))
            made.append(left)
    return Joined("".join(made), tuple(clashes))


def merge_tokens(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    settle: Callable[[str, str, str], str | None] = lambda *_: None,
) -> str | None:
    """The text of `base` with the changes of both sides, None if they touch.

    This is diff3 (Khanna, Kunal and Pierce 2007): changes touch unless a token that all three share stands between. Of
    three versions of one token alone `settle` makes one, None if it can't.
    """
    slots = (slot for slot in zip(*_slots(base, ours, theirs), strict=True) if any(slot))
    made: list[str] = []
    for _, group in groupby(slots, key=lambda slot: len(set(slot)) == 1):
        run = list(group)
        before, left, right = map("".join, zip(*run, strict=True))
        if before == left or left == right:
            settled: str | None = right
        elif before == right:
            settled = left
        else:
            is_one = len(run) == 1 and before in base and left in ours and right in theirs
            settled = settle(before, left, right) if is_one else None
        if settled is None:
            return None
        made.append(settled)
    return "".join(made)


def _sentences(text: str, language: Language, path: str) -> list[str]:
    """The text cut behind each segment: every piece is a segment with its lead, the last the tail."""
    ends = [segment.end for segment in parse(text, language, path).segments]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _slots(old: Sequence[str], *versions: Sequence[str]) -> list[list[str]]:
    """`old` and its versions on one grid: slot 2k stands before piece k, slot 2k + 1 in its place."""
    empty = [text for piece in old for text in ("", piece)] + [""]
    grid = [empty]
    for new in versions:
        slots = list(empty)
        for kind, a, b, c, d in opcodes(old, new):
            if kind == "insert":
                slots[2 * a] = "".join(new[c:d])
            elif kind == "replace" and b - a == d - c:
                slots[2 * a + 1 : 2 * b : 2] = new[c:d]
            elif kind != "equal":
                # Pieces that became more or fewer are one change, at the first of them.
                slots[2 * a + 1 : 2 * b : 2] = ["".join(new[c:d]), *[""] * (b - a - 1)]
        grid.append(slots)
    return grid
