"""Links between the lines of two versions of a block whose comments, strings and text may be translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

from bot.alignment.differing import equal_pairs
from bot.changes.line_shapes import CodeLine, read_lines
from bot.documents import Syntax, syntax_of

_HEAD = re.compile(r"[^=(:]+[=(:]")  # the assigned or called name of a line
# Two lines below this likeness (0 to 100, normalised indel distance) are not versions of each other.
_MIN_LIKENESS = 60.0
_MIN_WORDS_LIKENESS = 75.0
# Two texts are never so unlike that it says nothing: this much likeness is chance.
_CHANCE_LIKENESS = 30.0
CARRIED_OVER = "carried-over"
"""The kind of a line that has no counterpart: the translators took it over from a later version."""
# A line that was wrapped has so many characters, and does not end as a sentence does.
_MIN_WRAPPED = 60
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "：")
_MARKS = re.compile(r"[^\w`]*")
_MAX_RUN_PAIRS = 40_000
_MAX_LCS_CELLS = 4_000_000


class LineLink(NamedTuple):
    """Lines `a0` to `a1` of one version of a block are lines `b0` to `b1` of another, in half-open ranges."""

    a0: int
    a1: int
    b0: int
    b1: int


def link_lines(a: Sequence[str], b: Sequence[str]) -> list[LineLink]:
    """The corresponding lines of two versions of a block, linked in passes, the surest first; no link crosses another.

    Each line must end in a line feed. Lines are linked one to one; a run of comments or of text, which translators wrap
    as they like, is linked as a whole if its lines became more or fewer.
    """
    syntax = syntax_of(a[0] if a else "")
    return link(read_lines(a, syntax), read_lines(b, syntax), syntax)


def link(
    a: Sequence[CodeLine], b: Sequence[CodeLine], syntax: Syntax, known: Sequence[LineLink] = ()
) -> list[LineLink]:
    """The links between lines that are read already, of a whole block or a part of it, with those `known` before."""
    linker = _Linker(a, b, known)
    edges = ("opening", "closing")
    linker.by(lambda line: line.kind if line.kind in edges else "")
    linker.entries()
    linker.by(lambda line: line.text.rstrip())
    linker.by(lambda line: line.code if line.has_code else "")
    linker.runs(lambda line: line.kind)
    linker.runs(lambda line: line.kind.rstrip())
    if not syntax.is_text:
        linker.by(lambda line: head[0] if (head := _HEAD.match(line.code)) else "")
        linker.similar()
    linker.runs(lambda line: "words" if line.kind and _is_telling(line) else "")
    linker.counted()
    if not linker.links and a and b:
        return [LineLink(0, len(a), 0, len(b))]
    linker.by(lambda line: "" if line.text.strip() else "blank")
    return linker.links


class _Linker:
    """Adds links in the gaps between those that it has."""

    def __init__(self, a: Sequence[CodeLine], b: Sequence[CodeLine], known: Sequence[LineLink]) -> None:
        self.a = a
        self.b = b
        self.links = list(known)

    def by(self, key: Callable[[CodeLine], str]) -> None:
        """Link the longest common subsequence of the lines that have a key."""
        keys = [key(line) for line in self.a], [key(line) for line in self.b]

        def find(gap: LineLink) -> Iterator[LineLink]:
            a = [i for i in range(gap.a0, gap.a1) if keys[0][i]]
            b = [j for j in range(gap.b0, gap.b1) if keys[1][j]]
            for i, j in common_pairs([keys[0][i] for i in a], [keys[1][j] for j in b]):
                yield LineLink(a[i], a[i] + 1, b[j], b[j] + 1)

        self._refine(find)

    def entries(self) -> None:
        """Link an entry of front matter as a whole if only one side has its value on the line of its key."""

        def find(gap: LineLink) -> Iterator[LineLink]:
            a, b = _entries(self.a, gap.a0, gap.a1), _entries(self.b, gap.b0, gap.b1)
            for i, j in common_pairs([self.a[start].kind for start, _ in a], [self.b[start].kind for start, _ in b]):
                if (a[i][1] - a[i][0] > 1) != (b[j][1] - b[j][0] > 1):
                    yield LineLink(*a[i], *b[j])

        self._refine(find)

    def runs(self, key: Callable[[CodeLine], str]) -> None:
        """Link runs of one kind: line by line if they have as many lines, else as a whole."""

        def find(gap: LineLink) -> Iterator[LineLink]:
            a, b = _runs(self.a, gap.a0, gap.a1, key), _runs(self.b, gap.b0, gap.b1, key)
            sides = [(self.a[i] for i in run) for run in a], [(self.b[j] for j in run) for run in b]
            texts = [[" ".join(line.text.strip() for line in run) for run in side] for side in sides]
            keys = [key(self.a[run[0]]) for run in a], [key(self.b[run[0]]) for run in b]
            for i, j in _best_pairs(keys, (texts[0], texts[1])):
                yield from self._within(a[i], b[j])

        self._refine(find)

    def similar(self) -> None:
        """Link lines of code that resemble each other."""
        self._refine(lambda gap: self._similar(gap, _MIN_LIKENESS, lambda line: line.has_code))

    def _similar(self, gap: LineLink, least: float, is_meant: Callable[[CodeLine], bool]) -> Iterator[LineLink]:
        j = gap.b0
        for i in range(gap.a0, gap.a1):
            candidates = [k for k in range(j, gap.b1) if is_meant(self.a[i]) and is_meant(self.b[k])]
            scores = {k: ratio(self.a[i].text.strip(), self.b[k].text.strip()) for k in candidates}
            best = max(scores, key=lambda k: (scores[k], -k), default=None)
            if best is not None and scores[best] >= least:
                yield LineLink(i, i + 1, best, best + 1)
                j = best + 1

    def counted(self) -> None:
        """Link what is as many lines on both sides, however unlike they are."""

        def find(gap: LineLink) -> Iterator[LineLink]:
            a = [i for i in range(gap.a0, gap.a1) if _is_telling(self.a[i])]
            b = [j for j in range(gap.b0, gap.b1) if _is_telling(self.b[j])]
            if len(a) == len(b):
                yield from (LineLink(i, i + 1, j, j + 1) for i, j in zip(a, b, strict=True))

        self._refine(find)

    def _refine(self, find: Callable[[LineLink], Iterator[LineLink]]) -> None:
        refined: list[LineLink] = []
        a0 = b0 = 0
        for found in (*self.links, LineLink(len(self.a), len(self.a), len(self.b), len(self.b))):
            if a0 < found.a0 and b0 < found.b0:
                refined += find(LineLink(a0, found.a0, b0, found.b0))
            refined.append(found)
            a0, b0 = found.a1, found.b1
        self.links = refined[:-1]

    def _within(self, rows: Sequence[int], columns: Sequence[int]) -> Iterator[LineLink]:
        """The links between two runs."""
        a, b = [self.a[i] for i in rows], [self.b[j] for j in columns]
        run = LineLink(rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)
        # A comment that is only wrapped anew is one; so is one whose marks stand on other lines.
        if words_of(a) == words_of(b):
            yield run
        elif [line.delimiters for line in a] == [line.delimiters for line in b]:
            for first, last in _sentences(a):
                yield LineLink(rows[first], rows[last] + 1, columns[first], columns[last] + 1)
        else:
            a0, b0 = run.a0, run.b0
            similar = self._similar(run, _MIN_WORDS_LIKENESS, lambda line: not line.delimiters)
            for found in (*similar, LineLink(run.a1, run.a1, run.b1, run.b1)):
                if a0 < found.a0 and b0 < found.b0:
                    yield LineLink(a0, found.a0, b0, found.b0)
                if found.a0 < found.a1:
                    yield found
                a0, b0 = found.a1, found.b1


def common_pairs(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """The places of the longest common subsequence on both sides; of two long texts, of one that may be shorter."""
    if len(a) * len(b) > _MAX_LCS_CELLS:
        yield from equal_pairs(a, b, lambda x, y: common_pairs(x, y) if len(x) * len(y) <= _MAX_LCS_CELLS else ())
        return
    for op in LCSseq.opcodes(a, b):
        if op.tag == "equal":
            yield from zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)


def _sentences(lines: Sequence[CodeLine]) -> Iterator[tuple[int, int]]:
    """The first and the last of the lines that belong together: a long line without an end goes on in the next."""
    first = 0
    for k, line in enumerate(lines):
        text = line.text.rstrip()
        after = _MARKS.sub("", lines[k + 1].text) if k + 1 < len(lines) else ""
        if len(text) < _MIN_WRAPPED or text.endswith(_ENDS) or not after[:1].islower():
            yield first, k
            first = k + 1


def _is_telling(line: CodeLine) -> bool:
    return bool(line.text.strip()) and line.family not in ("key", CARRIED_OVER)


def _entries(lines: Sequence[CodeLine], start: int, end: int) -> list[tuple[int, int]]:
    """The outermost keys with all that is indented under them."""
    entries: list[tuple[int, int]] = []
    for k in range(start, end):
        line = lines[k]
        if not line.text[:1].isspace():
            if line.family == "key" and not line.text.startswith((":", "-")):
                entries.append((k, k + 1))
        elif line.text.strip() and entries:
            entries[-1] = (entries[-1][0], k + 1)
    return entries


def _runs(lines: Sequence[CodeLine], start: int, end: int, key: Callable[[CodeLine], str]) -> list[list[int]]:
    """The lines of each run; what the translators carried over stands in none and interrupts none."""
    runs: list[list[int]] = []
    before = ""
    for k in range(start, end):
        if lines[k].kind == CARRIED_OVER:
            continue
        kind = key(lines[k])
        if kind and kind == before and not lines[k].opens:
            runs[-1].append(k)
        elif kind:
            runs.append([k])
        before = kind
    return runs


def _best_pairs(keys: tuple[list[str], list[str]], texts: tuple[list[str], list[str]]) -> Iterator[tuple[int, int]]:
    """The runs of equal kinds, in order: as many as can be, rather those that resemble each other."""
    n, m = len(keys[0]), len(keys[1])
    if n * m > _MAX_RUN_PAIRS:
        yield from common_pairs(*keys)
        return
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    gains: dict[tuple[int, int], float] = {}
    for x in range(n - 1, -1, -1):
        for y in range(m - 1, -1, -1):
            best[x][y] = max(best[x + 1][y], best[x][y + 1])
            if keys[0][x] == keys[1][y]:
                gains[x, y] = 1.0 + max(0.0, ratio(texts[0][x], texts[1][y]) - _CHANCE_LIKENESS) / 100.0
                best[x][y] = max(best[x][y], gains[x, y] + best[x + 1][y + 1])
    x = y = 0
    while x < n and y < m:
        if (x, y) in gains and best[x][y] == gains[x, y] + best[x + 1][y + 1]:
            yield x, y
            x, y = x + 1, y + 1
        elif best[x][y] == best[x + 1][y]:
            x += 1
        else:
            y += 1


def words_of(lines: Sequence[CodeLine]) -> list[str]:
    return [word for line in lines for word in line.text.strip().lstrip("#").split()]
