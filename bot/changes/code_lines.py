"""Links between the lines of two versions of a cell whose comments and strings may be translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

# The parts of code and formulas that are translated: comments, strings, words within mathematics.
_WORDING = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*'
    r"|\\(?:text|textrm|mathrm|mbox)\{[^{}\n]*\}"
)
_STRING = "\0"
_HEAD = re.compile(r"[^=(:]+[=(:]")  # the assigned or called name of a line; the key of a line of YAML
# Two lines below this likeness (0 to 100, normalised indel distance) are not versions of each other.
_MIN_LIKENESS = 60.0


class LineLink(NamedTuple):
    """Lines `a0` to `a1` of one version of a cell are lines `b0` to `b1` of another, in half-open ranges."""

    a0: int
    a1: int
    b0: int
    b1: int


def link_lines(a: Sequence[str], b: Sequence[str]) -> list[LineLink]:
    """The corresponding lines of two versions of a cell, linked in passes, the surest first; no link crosses another.

    Each line must end in a line feed. Lines are linked one to one; comments and docstrings, which translators wrap as
    they like, run to run.
    """
    bare = _without_wording(a), _without_wording(b)
    links: list[LineLink] = []

    def link_by(key: Callable[[str, str], str]) -> list[LineLink]:
        keys = [[key(*pair) for pair in zip(*side, strict=True)] for side in zip((a, b), bare, strict=True)]
        return _refine(links, a, b, lambda gap: _link_equal(gap, keys[0], keys[1]))

    links = link_by(lambda line, _: line if line.strip() else "")
    links = link_by(lambda _, code: code if code.strip(_STRING) else "")
    runs = _wording_runs(a, bare[0]), _wording_runs(b, bare[1])
    links = _refine(links, a, b, lambda gap: _link_runs(gap, *runs))
    kinds = [kind.rstrip() for kind in runs[0]], [kind.rstrip() for kind in runs[1]]  # of any indentation
    links = _refine(links, a, b, lambda gap: _link_runs(gap, *kinds))
    links = link_by(lambda _, code: head[0] if (head := _HEAD.match(code)) else "")
    links = _refine(links, a, b, lambda gap: _link_similar(gap, (a, b), bare))
    if not links and a and b:
        return [LineLink(0, len(a), 0, len(b))]
    return link_by(lambda line, _: "" if line.strip() else "blank")


def _without_wording(lines: Sequence[str]) -> list[str]:
    """Each line without comments and white space, a mark for each string: "" for a comment, marks for a docstring."""

    def blank(wording: re.Match[str]) -> str:
        if wording[0].startswith("#"):
            return ""
        mark = wording[0].split("{")[0] if wording[0].startswith("\\") else _STRING
        return "\n".join([mark] * (wording[0].count("\n") + 1))

    bare = _WORDING.sub(blank, "".join(lines)).split("\n")
    # `#@tab` and the like are instructions to a notebook's builder, no comments.
    return [
        "".join((line if line.lstrip().startswith("#@") else rest).split())
        for line, rest in zip(lines, bare[: len(lines)], strict=True)
    ]


def _refine(
    links: Sequence[LineLink], a: Sequence[str], b: Sequence[str], find: Callable[[LineLink], list[LineLink]]
) -> list[LineLink]:
    """The links, and the links that `find` adds in each gap between them."""
    refined: list[LineLink] = []
    a0 = b0 = 0
    for link in (*links, LineLink(len(a), len(a), len(b), len(b))):
        if a0 < link.a0 and b0 < link.b0:
            refined += find(LineLink(a0, link.a0, b0, link.b0))
        refined.append(link)
        a0, b0 = link.a1, link.b1
    return refined[:-1]


def _link_equal(gap: LineLink, a_keys: Sequence[str], b_keys: Sequence[str]) -> list[LineLink]:
    """The longest common subsequence of the lines that have a key."""
    a = [i for i in range(gap.a0, gap.a1) if a_keys[i]]
    b = [j for j in range(gap.b0, gap.b1) if b_keys[j]]
    common = common_pairs([a_keys[i] for i in a], [b_keys[j] for j in b])
    return [LineLink(a[i], a[i] + 1, b[j], b[j] + 1) for i, j in common]


def common_pairs(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """The places of the longest common subsequence on both sides."""
    for op in LCSseq.opcodes(a, b):
        if op.tag == "equal":
            yield from zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)


def _wording_runs(lines: Sequence[str], bare: Sequence[str]) -> list[str]:
    """For each line of only comment or docstring its kind and indentation, else ""."""
    kinds: list[str] = []
    for line, code in zip(lines, bare, strict=True):
        if code.strip(_STRING) or not (code or line.strip()):
            kinds.append("")
        elif code and kinds and kinds[-1].startswith("docstring"):
            kinds.append(kinds[-1])
        else:
            kinds.append(("docstring" if code else "comment") + indentation(line))
    return kinds


def _link_runs(gap: LineLink, a_kinds: Sequence[str], b_kinds: Sequence[str]) -> list[LineLink]:
    """Neighbouring lines of one kind are linked as a whole."""
    a, b = _runs(a_kinds, gap.a0, gap.a1), _runs(b_kinds, gap.b0, gap.b1)
    common = common_pairs([a_kinds[start] for start, _ in a], [b_kinds[start] for start, _ in b])
    return [LineLink(*a[i], *b[j]) for i, j in common]


def _runs(kinds: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    runs = [list(lines) for kind, lines in groupby(range(start, end), key=kinds.__getitem__) if kind]
    return [(lines[0], lines[-1] + 1) for lines in runs]


def indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _link_similar(
    gap: LineLink, lines: tuple[Sequence[str], Sequence[str]], bare: tuple[list[str], list[str]]
) -> list[LineLink]:
    """Lines of code that resemble each other."""
    a, b = lines
    links: list[LineLink] = []
    j = gap.b0
    for i in range(gap.a0, gap.a1):
        candidates = [k for k in range(j, gap.b1) if bare[0][i].strip(_STRING) and bare[1][k].strip(_STRING)]
        scores = {k: ratio(a[i].strip(), b[k].strip()) for k in candidates}
        best = max(scores, key=lambda k: (scores[k], -k), default=None)
        if best is not None and scores[best] >= _MIN_LIKENESS:
            links.append(LineLink(i, i + 1, best, best + 1))
            j = best + 1
    return links
