"""Three-way merge of opaque blocks (code cells, formulas, front matter): of lines first, then of a line's tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from bot.changes.code_lines import LineLink, indentation, link_lines
from bot.changes.joining import merge_tokens
from bot.model import Action, FuzzyMatch, Operation, Versions

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MAX_QUOTED_LENGTH = 60  # characters of each side of a replacement in its description

# A line that is frequent in a long cell (a blank one) counts like any other.
_Matcher = partial(SequenceMatcher, autojunk=False)


class Replaced(NamedTuple):
    """Lines of the translators that new English lines replaced; either may be empty."""

    localised: tuple[str, ...]
    english: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_quoted(self.localised) or '(left out)'} → {_quoted(self.english) or '(deleted)'}"


def _quoted(lines: Sequence[str]) -> str:
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= _MAX_QUOTED_LENGTH else f"{text[: _MAX_QUOTED_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class CodeMerge:
    """The merged text, its lines ending in a line feed, and the replacements that a person has to look at."""

    text: str
    replaced: tuple[Replaced, ...] = ()


def merge_opaque(unit: Operation, kind: str, texts: Versions[str]) -> Operation:
    """The decision on an opaque unit whose three texts are merged line by line; `kind` is its name in the reason."""
    was, english, theirs = (text.replace("\r\n", "\n") for text in texts)
    merged = merge_code(texts)
    if merged.replaced:
        reason = f"{kind}: new English lines replaced localised ones: {'; '.join(map(str, merged.replaced))}"
        fuzzy = FuzzyMatch(texts.base, texts.target, ratio(was, english) / 100)
        return replace(unit, action=Action.LEFT, reason=reason, text=merged.text, fuzzy=fuzzy)
    if merged.text == theirs:
        return replace(unit, action=Action.KEPT, reason="its English lines are unchanged")
    return replace(unit, action=Action.PATCHED, reason=f"{kind} merged line by line", text=merged.text)


def merge_code(texts: Versions[str]) -> CodeMerge:
    """Bring the changes of the English into the translation.

    Localised lines stay while their English does, and so do the translators' own lines; changed English replaces the
    line it was. If both changed a line, their tokens are merged if they don't touch; else the new English wins.
    """
    base, new, translated = (text.replace("\r\n", "\n") for text in texts)
    if base == translated or new == translated:
        return CodeMerge(new)
    if base == new:
        return CodeMerge(translated)
    merger = _Merger(*map(_lines, (base, new, translated)))
    merger.run()
    text = "".join(merger.result)
    ended = [version.endswith("\n") for version in (base, new, translated)]
    ends = ended[2] if ended[0] == ended[1] else ended[1]
    return CodeMerge(text if ends else text.removesuffix("\n"), tuple(merger.replaced))


def _lines(text: str) -> list[str]:
    """Every line with a line feed, the last one too: a missing end is no difference between lines."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


class _Merger:
    """One merge of lines. `units` links the base's lines to the translators'; `replaced` are the conflicts."""

    def __init__(self, base: Sequence[str], new: Sequence[str], theirs: Sequence[str]) -> None:
        self.base = base
        self.new = new
        self.theirs = theirs
        self.units = link_lines(base, theirs)
        ends = [*(unit.b0 for unit in self.units), len(theirs)]
        # The translators' own lines behind each unit; those in `waiting` are not in `result` yet.
        self.added = [list(theirs[unit.b1 : end]) for unit, end in zip(self.units, ends[1:], strict=True)]
        self.waiting = list(theirs[: ends[0]])
        self.result: list[str] = []
        self.replaced: list[Replaced] = []
        self.moved: list[tuple[str, ...]] = []

    def run(self) -> None:
        steps = self._steps()
        gone = {tuple(self.base[s.a0 : s.a1]): self._localised(s) for s in steps if s.b0 == s.b1}
        for step in steps:
            if step.a0 == step.a1:
                self.waiting = _union(self.waiting, self._inserted(self.new[step.b0 : step.b1], gone))
                continue
            lines = self._merged(step)
            if lines:
                self.result += self.waiting + lines
                self.waiting = []
            for k in self._units_in(step):
                self.waiting += self.added[k]
        self.result += self.waiting
        self.replaced = [pair for pair in self.replaced if pair.english or pair.localised not in self.moved]

    def _steps(self) -> list[LineLink]:
        """The steps from the base to the new English; no unit of the translators reaches across one."""
        pieces: list[LineLink] = []
        for tag, a0, a1, b0, b1 in _opcodes(self.base, self.new):
            if tag == "equal":
                pieces += [LineLink(a0 + k, a0 + k + 1, b0 + k, b0 + k + 1) for k in range(a1 - a0)]
            else:
                pieces += _changed_pieces(self.base[a0:a1], self.new[b0:b1], a0, b0)
        steps: list[LineLink] = []
        starts = [unit.a0 for unit in self.units]
        for piece in pieces:
            k = bisect_right(starts, piece.a0) - 1
            begun = k >= 0 and starts[k] < piece.a0 < self.units[k].a1
            if begun and steps:
                steps[-1] = LineLink(steps[-1].a0, piece.a1, steps[-1].b0, piece.b1)
            else:
                steps.append(piece)
        return steps

    def _units_in(self, step: LineLink) -> list[int]:
        return [k for k, unit in enumerate(self.units) if step.a0 <= unit.a0 < step.a1]

    def _localised(self, step: LineLink) -> list[str]:
        return [line for k in self._units_in(step) for line in self.theirs[self.units[k].b0 : self.units[k].b1]]

    def _merged(self, step: LineLink) -> list[str]:
        old, fresh = list(self.base[step.a0 : step.a1]), list(self.new[step.b0 : step.b1])
        localised = self._localised(step)
        if old == fresh:
            return localised
        if old == localised:
            return fresh
        if len(old) == len(fresh) == len(localised) == 1:
            line = merge_tokens(*(_TOKEN.findall(side[0]) for side in (old, fresh, localised)))
            if line is not None:
                return [line]
        elif localised and _words(old) == _words(fresh):
            was, now = indentation(old[0]), indentation(fresh[0])
            return [now + line[len(was) :] if line.startswith(was) else line for line in localised]
        if localised or fresh:
            self.replaced.append(Replaced(tuple(localised), tuple(fresh)))
        return fresh

    def _inserted(self, fresh: Sequence[str], gone: dict[tuple[str, ...], list[str]]) -> list[str]:
        """The inserted lines, localised if they only moved within the cell."""
        lines: list[str] = []
        at = 0
        longest = max(map(len, gone), default=0)
        while at < len(fresh):
            sizes = range(min(longest, len(fresh) - at), 0, -1)
            size = next((s for s in sizes if gone.get(tuple(fresh[at : at + s]))), 0)
            localised = gone[tuple(fresh[at : at + size])] if size else []
            self.moved.append(tuple(localised))
            lines += localised or fresh[at : at + 1]
            at += size or 1
        return lines


def _opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """The opcodes of difflib between the common first and last lines: alone it may misplace a line put among equals."""
    shorter = min(len(a), len(b))
    head = next((k for k in range(shorter) if a[k] != b[k]), shorter)
    tail = next((k for k in range(shorter - head) if a[-1 - k] != b[-1 - k]), shorter - head)
    yield "equal", 0, head, 0, head
    for tag, a0, a1, b0, b1 in _Matcher(None, a[head : len(a) - tail], b[head : len(b) - tail]).get_opcodes():
        yield tag, a0 + head, a1 + head, b0 + head, b1 + head
    yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)


def _changed_pieces(base: Sequence[str], new: Sequence[str], a: int, b: int) -> Iterator[LineLink]:
    """A changed region, line by line if its lines are versions of each other."""
    a0 = b0 = 0
    for link in (*link_lines(base, new), LineLink(len(base), len(base), len(new), len(new))):
        yield from (LineLink(a + k, a + k + 1, b + b0, b + b0) for k in range(a0, link.a0))
        if b0 < link.b0:
            yield LineLink(a + link.a0, a + link.a0, b + b0, b + link.b0)
        if link.a0 < link.a1:
            yield LineLink(a + link.a0, a + link.a1, b + link.b0, b + link.b1)
        a0, b0 = link.a1, link.b1


def _union(added: Sequence[str], fresh: Sequence[str]) -> list[str]:
    """The translators' lines and the new English ones, those in both once."""
    lines: list[str] = []
    for tag, a0, a1, b0, b1 in _Matcher(None, added, fresh).get_opcodes():
        lines += added[a0:a1]
        lines += fresh[b0:b1] if tag != "equal" else []
    return lines


def _words(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in line.strip().lstrip("#").split()]
