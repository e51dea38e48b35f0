"""Three-way merge of what is not prose: code cells, formulas, front matter. Lines first, then the tokens of a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any, NamedTuple

from merge3 import Merge3
from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# What translators translate in code and formulas: comments, strings, words within mathematics.
_WORDING = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*'
    r"|\\(?:text|textrm|mathrm|mbox)\{[^{}\n]*\}"
)
_STRING = "\0"
_HEAD = re.compile(r"[^=(:]*[=(:]")  # what a line assigns or calls; the key of a line of YAML
# Two lines that share less than this, in per cent of their characters, are not versions of each other.
_ALIKE = 60.0

# A line that is frequent in a long cell (a blank one) counts like any other.
_Matcher = partial(SequenceMatcher, autojunk=False)


class Replaced(NamedTuple):
    """Lines of the translators that gave way to new English ones; either may be empty."""

    localised: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeMerge:
    """The merged text, its lines ending in a line feed, and all that a person has to look at."""

    text: str
    replaced: tuple[Replaced, ...] = ()

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The new English lines of each replacement, the localised ones where the English deleted them."""
        return tuple(line for pair in self.replaced for line in pair.english or pair.localised)


class Link(NamedTuple):
    """Lines `a0` to `a1` of one version of a cell are lines `b0` to `b1` of another, in half-open ranges."""

    a0: int
    a1: int
    b0: int
    b1: int


def merge_code(base: str, new: str, translated: str) -> CodeMerge:
    """Bring the changes from `base` to `new` into `translated`.

    Localised lines stay while their English does, and so do the translators' own lines; changed English replaces the
    line it was. Where both changed a line, their tokens are merged if they don't touch; else the new English wins.
    """
    base, new, translated = (text.replace("\r\n", "\n") for text in (base, new, translated))
    if base == translated or new == translated:
        return CodeMerge(new)
    if base == new:
        return CodeMerge(translated)
    old, ours, theirs = map(_lines, (base, new, translated))
    merger = _Merger(old, ours, theirs)
    merger.run()
    text = "".join(merger.result)
    ended = [version.endswith("\n") for version in (base, new, translated)]
    ends = ended[2] if ended[0] == ended[1] else ended[1]
    return CodeMerge(text if ends else text.removesuffix("\n"), tuple(merger.replaced))


def _lines(text: str) -> list[str]:
    """Every line with a line feed, the last one too: a missing end is no difference between lines."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def link_lines(a: Sequence[str], b: Sequence[str]) -> list[Link]:
    """Which lines of two versions of a cell correspond, surest first, none crossing another.

    Lines are linked one to one; comments and docstrings, which translators wrap as they like, run to run.
    """
    bare = _without_wording(a), _without_wording(b)
    links: list[Link] = []
    keys: tuple[Callable[[int, int], Hashable], ...] = (
        lambda side, i: (a, b)[side][i].strip() and (a, b)[side][i],
        lambda side, i: bare[side][i].replace(_STRING, "") and bare[side][i],
    )
    for key in keys:
        links = _refine(links, a, b, lambda gap, key=key: _link_equal(gap, key))  # type: ignore[misc]
    links = _refine(links, a, b, lambda gap: _link_runs(gap, (a, b), bare))
    links = _refine(links, a, b, lambda gap: _link_equal(gap, lambda side, i: _head(bare[side][i])))
    links = _refine(links, a, b, lambda gap: _link_similar(gap, a, b, bare))
    if not links and a and b:
        return [Link(0, len(a), 0, len(b))]
    return _refine(links, a, b, lambda gap: _link_equal(gap, lambda side, i: not (a, b)[side][i].strip()))


def _without_wording(lines: Sequence[str]) -> list[str]:
    """Each line without comments and white space, a mark for each string: "" for a comment, marks for a docstring."""

    def blank(found: re.Match[str]) -> str:
        if found[0].startswith("#"):
            return ""
        mark = found[0].split("{")[0] if found[0].startswith("\\") else _STRING
        return "\n".join([mark] * (found[0].count("\n") + 1))

    bare = _WORDING.sub(blank, "".join(lines)).split("\n")
    # `#@tab` and the like are instructions to a notebook's builder, no comments.
    return [
        "".join((line if line.lstrip().startswith("#@") else rest).split())
        for line, rest in zip(lines, bare[: len(lines)], strict=True)
    ]


def _head(bare: str) -> str:
    found = _HEAD.match(bare)
    return found[0] if found and len(found[0]) > 1 else ""


def _refine(
    links: Sequence[Link], a: Sequence[str], b: Sequence[str], find: Callable[[Link], list[Link]]
) -> list[Link]:
    """The links, with those that `find` sees in each gap between them."""
    refined: list[Link] = []
    a0 = b0 = 0
    for link in (*links, Link(len(a), len(a), len(b), len(b))):
        if a0 < link.a0 and b0 < link.b0:
            refined += find(Link(a0, link.a0, b0, link.b0))
        refined.append(link)
        a0, b0 = link.a1, link.b1
    return refined[:-1]


def _link_equal(gap: Link, key: Callable[[int, int], Hashable]) -> list[Link]:
    """The longest common subsequence of the lines that have a key."""
    a = [i for i in range(gap.a0, gap.a1) if key(0, i)]
    b = [j for j in range(gap.b0, gap.b1) if key(1, j)]
    common = _common([key(0, i) for i in a], [key(1, j) for j in b])
    return [Link(a[i], a[i] + 1, b[j], b[j] + 1) for i, j in common]


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    for tag, a0, a1, b0, b1 in LCSseq.opcodes(a, b):
        if tag == "equal":
            yield from zip(range(a0, a1), range(b0, b1), strict=True)


def _link_runs(gap: Link, sides: tuple[Sequence[str], Sequence[str]], bare: tuple[list[str], list[str]]) -> list[Link]:
    """Runs of comments, or of docstring lines, of the same indentation."""
    runs: list[list[tuple[Hashable, int, int]]] = [[], []]
    for side, span in enumerate((range(gap.a0, gap.a1), range(gap.b0, gap.b1))):
        for i in span:
            line, rest = sides[side][i], bare[side][i]
            if rest.strip(_STRING) or not (line.strip() or rest):
                continue
            if runs[side] and runs[side][-1][2] == i and runs[side][-1][0][1] == bool(rest):  # type: ignore[index]
                runs[side][-1] = (*runs[side][-1][:2], i + 1)
            else:
                runs[side].append(((_indent(line), bool(rest)), i, i + 1))
    common = _common([run[0] for run in runs[0]], [run[0] for run in runs[1]])
    return [Link(*runs[0][i][1:], *runs[1][j][1:]) for i, j in common]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _link_similar(gap: Link, a: Sequence[str], b: Sequence[str], bare: tuple[list[str], list[str]]) -> list[Link]:
    links: list[Link] = []
    j = gap.b0
    for i in range(gap.a0, gap.a1):
        scores = {k: ratio(a[i].strip(), b[k].strip()) for k in range(j, gap.b1) if bare[0][i] and bare[1][k]}
        best = max(scores, key=lambda k: (scores[k], -k), default=None)
        if best is not None and scores[best] >= _ALIKE:
            links.append(Link(i, i + 1, best, best + 1))
            j = best + 1
    return links


class _Merger:
    """One merge: the three versions' lines, the translators' units among the base's, and what came of them."""

    def __init__(self, base: Sequence[str], new: Sequence[str], theirs: Sequence[str]) -> None:
        self.base = base
        self.new = new
        self.theirs = theirs
        self.units = link_lines(base, theirs)
        ends = [unit.b0 for unit in self.units[1:]] + [len(theirs)]
        # What translators added behind each unit; `waiting` is what they added and has not been written yet.
        self.added = [list(theirs[unit.b1 : end]) for unit, end in zip(self.units, ends, strict=True)]
        self.waiting = list(theirs[: self.units[0].b0]) if self.units else list(theirs)
        self.result: list[str] = []
        self.replaced: list[Replaced] = []

    def run(self) -> None:
        steps = self._steps()
        gone = {tuple(self.base[s.a0 : s.a1]): self._localised(s) for s in steps if s.a0 < s.a1 and s.b0 == s.b1}
        for step in steps:
            if step.a0 == step.a1:
                fresh = self._moved(self.new[step.b0 : step.b1], gone)
                self.waiting = _union(self.waiting, fresh)
                continue
            lines = self._merged(step, gone)
            if lines:
                self.result += self.waiting
                self.waiting = []
            self.result += lines
            for k in self._units_in(step):
                self.waiting += self.added[k]
        self.result += self.waiting

    def _steps(self) -> list[Link]:
        """How the base became the new English, in steps that no unit of the translators reaches across."""
        pieces: list[Link] = []
        for tag, a0, a1, b0, b1 in _Matcher(None, self.base, self.new).get_opcodes():
            if tag == "equal":
                pieces += [Link(a0 + k, a0 + k + 1, b0 + k, b0 + k + 1) for k in range(a1 - a0)]
            else:
                pieces += _changed_pieces(self.base[a0:a1], self.new[b0:b1], a0, b0)
        steps: list[Link] = []
        starts = [unit.a0 for unit in self.units]
        for piece in pieces:
            k = bisect_right(starts, piece.a0) - 1
            begun = k >= 0 and starts[k] < piece.a0 < self.units[k].a1
            if begun and steps:
                steps[-1] = Link(steps[-1].a0, piece.a1, steps[-1].b0, piece.b1)
            else:
                steps.append(piece)
        return steps

    def _units_in(self, step: Link) -> list[int]:
        return [k for k, unit in enumerate(self.units) if step.a0 <= unit.a0 < step.a1]

    def _localised(self, step: Link) -> list[str]:
        return [line for k in self._units_in(step) for line in self.theirs[self.units[k].b0 : self.units[k].b1]]

    def _merged(self, step: Link, gone: dict[tuple[str, ...], list[str]]) -> list[str]:
        old, fresh = list(self.base[step.a0 : step.a1]), list(self.new[step.b0 : step.b1])
        localised = self._localised(step)
        if old == fresh:
            return localised
        if old == localised:
            return fresh
        if len(old) == len(fresh) == len(localised) == 1:
            line = _merge_line(old[0], fresh[0], localised[0])
            if line is not None:
                return [line]
        elif localised and _words(old) == _words(fresh):
            return _indented(localised, _indent(old[0]), _indent(fresh[0]))
        moved = not fresh and _is_run_of(old, self.new) and tuple(old) in gone
        if (localised or fresh) and not moved:
            self.replaced.append(Replaced(tuple(localised), tuple(fresh)))
        return fresh

    def _moved(self, fresh: Sequence[str], gone: dict[tuple[str, ...], list[str]]) -> list[str]:
        """The inserted lines, localised where they were only moved from elsewhere in the cell."""
        lines: list[str] = []
        at = 0
        longest = max(map(len, gone), default=0)
        while at < len(fresh):
            sizes = range(min(longest, len(fresh) - at), 0, -1)
            size = next((s for s in sizes if gone.get(tuple(fresh[at : at + s]))), 0)
            lines += gone[tuple(fresh[at : at + size])] if size else fresh[at : at + 1]
            at += size or 1
        return lines


def _changed_pieces(base: Sequence[str], new: Sequence[str], a: int, b: int) -> Iterator[Link]:
    """A changed region, line by line where its lines are versions of each other."""
    a0 = b0 = 0
    for link in (*link_lines(base, new), Link(len(base), len(base), len(new), len(new))):
        yield from (Link(a + k, a + k + 1, b + b0, b + b0) for k in range(a0, link.a0))
        if b0 < link.b0:
            yield Link(a + link.a0, a + link.a0, b + b0, b + link.b0)
        if link.a0 < link.a1:
            yield Link(a + link.a0, a + link.a1, b + link.b0, b + link.b1)
        a0, b0 = link.a1, link.b1


def _union(added: Sequence[str], fresh: Sequence[str]) -> list[str]:
    """Both the translators' lines and the new English ones, once what both have."""
    lines: list[str] = []
    for tag, a0, a1, b0, b1 in _Matcher(None, added, fresh).get_opcodes():
        lines += added[a0:a1]
        lines += fresh[b0:b1] if tag != "equal" else []
    return lines


def _words(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in line.strip().lstrip("#").split()]


def _indented(lines: Sequence[str], old: str, new: str) -> list[str]:
    return [new + line[len(old) :] if line.startswith(old) else line for line in lines]


def _is_run_of(part: Sequence[str], whole: Sequence[str]) -> bool:
    return any(list(whole[k : k + len(part)]) == list(part) for k in range(len(whole)))


def _merge_line(base: str, new: str, translated: str) -> str | None:
    """One line with the changes of both sides, None where they touch."""
    if base == translated:
        return new
    pieces: list[str] = []
    old, ours, theirs = (_TOKEN.findall(line) for line in (base, new, translated))
    # merge3's annotation asks for a class; it only calls it.
    groups: Iterator[tuple[Any, ...]] = Merge3(old, ours, theirs, sequence_matcher=_Matcher).merge_groups()  # type: ignore[arg-type]
    for group in groups:
        if group[0] == "conflict":
            return None
        pieces.extend(group[1])
    return "".join(pieces)
