"""Counts localised lines of code that a merge of the Chinese and Turkish books loses though their English is unchanged.

usage: python -m benchmarks.localised_code [--lines]
base = `X_origin.md`, source = the English main, translation = `X.md`; every cell and formula that is merged is looked
at in two ways: by the merge's own links, and by a check that knows nothing of them: between two lines that all three
versions share, where the English did not change, the translation's lines must all be in the result. The aim is none.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from benchmarks.books import clone, git, lang, read_blobs
from benchmarks.no_change import translated
from bot.alignment import align
from bot.changes import make_plan
from bot.changes.code import merge_code
from bot.changes.code_lines import link_lines
from bot.documents import parse
from bot.model import Direction, Versions


class Cell(NamedTuple):
    """The three versions' lines of one cell, and the merge's."""

    base: list[str]
    new: list[str]
    translation: list[str]
    result: list[str]


class Found(NamedTuple):
    """What one document has: cells merged, localised lines of unchanged English, and those missing, as of each way."""

    cells: int
    lines: int
    by_links: list[str]
    by_anchors: list[str]


def merged_cells(code: str, base: str, new: str, translation: str) -> Iterator[Cell]:
    languages = Direction(lang("en"), lang(code))
    documents = Versions(parse(base, languages[0]), parse(new, languages[0]), parse(translation, languages[1]))
    beads = align(documents[0], documents[2], languages)
    for op in make_plan(documents, beads, languages).operations:
        if len(op.base) == len(op.new) == 1 and op.target and not documents[0].segments[op.base[0]].is_prose:
            old, fresh = documents[0].segments[op.base[0]].text, documents[1].segments[op.new[0]].text
            theirs = "\n".join(documents[2].segments[t].text for t in op.target)
            result = merge_code(Versions(old, fresh, theirs)).text
            yield Cell(*([f"{line}\n" for line in text.splitlines()] for text in (old, fresh, theirs, result)))


def linked_lines(cell: Cell) -> list[str]:
    """The translation's lines whose English, as the merge links them, is unchanged and in one piece."""
    images = {
        block.a + k: block.b + k
        for block in SequenceMatcher(None, cell.base, cell.new, autojunk=False).get_matching_blocks()
        for k in range(block.size)
    }
    lines: list[str] = []
    for link in link_lines(cell.base, cell.translation):
        found = [images.get(i) for i in range(link.a0, link.a1)]
        if found[0] is not None and found == list(range(found[0], found[0] + len(found))):
            lines += cell.translation[link.b0 : link.b1]
    return lines


def anchored_lines(cell: Cell) -> list[str]:
    """The translation's lines between two that all versions have once, where no English line changed."""
    shared = [
        line
        for line in cell.base
        if line.strip() and all(version.count(line) == 1 for version in (cell.base, cell.new, cell.translation))
    ]
    lines: list[str] = []
    for first, last in pairwise(shared):
        spans = [(v.index(first), v.index(last)) for v in (cell.base, cell.new, cell.translation)]
        (b0, b1), (n0, n1), (t0, t1) = spans
        if cell.base[b0:b1] == cell.new[n0:n1]:
            lines += cell.translation[t0 : t1 + 1]
    return lines


def missing(expected: list[str], cell: Cell) -> list[str]:
    return list((Counter(line for line in expected if line.strip()) - Counter(cell.result)).elements())


def measure(job: tuple[str, str, bytes, bytes, bytes]) -> Found:
    code, _, *versions = job
    base, new, translation = (version.decode() for version in versions)
    cells = list(merged_cells(code, base, new, translation))
    changed = [cell for cell in cells if cell.base != cell.new]
    localised = sum(line not in cell.base for cell in changed for line in linked_lines(cell))
    by_links = [line for cell in changed for line in missing(linked_lines(cell), cell)]
    by_anchors = [line for cell in changed for line in missing(sorted(set(anchored_lines(cell))), cell)]
    return Found(len(changed), localised, by_links, by_anchors)


def main() -> int:
    jobs: list[tuple[str, str, bytes, bytes, bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        english = clone("en", folder)
        chapters = set(git(english, "ls-tree", "-r", "--name-only", "main").splitlines())
        for code in ("zh", "tr"):
            repo = clone(code, folder)
            pairs = [(origin, path) for origin, path in translated(repo) if path in chapters]
            blobs = dict(read_blobs(repo, [f"main:{path}" for pair in pairs for path in pair]))
            fresh = dict(read_blobs(english, [f"main:{path}" for _, path in pairs]))
            jobs += [
                (code, path, blobs[f"main:{origin}"], fresh[f"main:{path}"], blobs[f"main:{path}"])
                for origin, path in pairs
            ]
    started = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        results = list(zip(jobs, pool.map(measure, jobs, chunksize=4), strict=True))
    lost = 0
    for code in ("zh", "tr"):
        found = [result for job, result in results if job[0] == code]
        by_links, by_anchors = sum(len(f.by_links) for f in found), sum(len(f.by_anchors) for f in found)
        print(
            f"{code}: {sum(f.cells for f in found)} changed cells, {sum(f.lines for f in found)} localised lines of"
            f" unchanged English; missing by links: {by_links}, by anchors: {by_anchors}"
        )
        lost += by_links + by_anchors
    if "--lines" in sys.argv:
        for job, result in results:
            for line in (*result.by_links, *result.by_anchors):
                print(f"  {job[0]} {job[1]}: {line.rstrip()}")
    print(f"{time.perf_counter() - started:.1f} s (goal: none missing)")
    return 1 if lost or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
