"""Replays the last first-parent commits of the English book as if the English were its own translation.

usage: python -m benchmarks.copy_replay [COMMITS]
For each modified chapter of each commit: base = old, source = new, translation = old English, engine `copy`. The result
must be the new English: every block exactly, prose up to line wrapping.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.books import clone, git, lang, read_blobs
from bot.documents import parse
from bot.engines.copy import CopyEngine
from bot.errors import AmtsError
from bot.model import Direction, Document, Versions
from bot.pipeline import merge_document


def modified_pairs(repo: Path, commits: int) -> list[tuple[str, str, str]]:
    """(path, old blob, new blob) of every modified chapter of the last commits that touch chapters."""
    log = git(repo, "log", "--first-parent", "-m", "--raw", "--no-abbrev", "--diff-filter=M", "--no-renames",
              "--format=commit %H", f"-{commits}", "main", "--", "chapter_*", "index.md")  # fmt: skip
    pairs: list[tuple[str, str, str]] = []
    for line in log.splitlines():
        if line.startswith(":"):
            fields, path = line.split("\t", 1)
            if path.endswith(".md"):
                old, new = fields.split()[2:4]
                pairs.append((path, old, new))
    return pairs


def shape(document: Document) -> list[tuple[object, ...]]:
    """The blocks with all that must be the same: kind, level, container, and text with line wrapping folded."""
    return [
        (
            block.kind,
            block.level,
            block.container,
            " ".join(s.text for s in document.segments[block.first : block.last]),
        )
        for block in document.blocks
    ]


def replay(pair: tuple[str, bytes, bytes]) -> tuple[str, str]:
    name, old, new = pair
    english = lang("en")
    base, fresh = old.decode(), new.decode()
    try:
        merge = merge_document(Versions(base, fresh, base), Direction(english, english), CopyEngine())
    except AmtsError as error:
        return name, f"fails: {error}"
    if merge.text == fresh:
        return name, "bytes"
    if shape(parse(merge.text, english)) == shape(parse(fresh, english)):
        return name, "blocks"
    return name, "differs"


def main() -> int:
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with tempfile.TemporaryDirectory() as folder:
        repo = clone("en", folder)
        pairs = modified_pairs(repo, commits)
        blobs = dict(read_blobs(repo, sorted({blob for _, *both in pairs for blob in both})))
    work = [(f"{path} {old[:8]}..{new[:8]}", blobs[old], blobs[new]) for path, old, new in pairs]
    started = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(replay, work, chunksize=8))
    seconds = time.perf_counter() - started
    count = {kind: sum(result == kind for _, result in results) for kind in ("bytes", "blocks")}
    for name, result in results:
        if result not in count:
            print(f"{name}: {result}")
    wrong = len(results) - sum(count.values())
    print(f"last {commits} first-parent commits that touch chapters: {len(results)} modified files, {seconds:.1f} s")
    print(f"equal byte for byte: {count['bytes']}; equal but for line wrapping: {count['blocks']}; different: {wrong}")
    return 1 if wrong or not results else 0


if __name__ == "__main__":
    sys.exit(main())
