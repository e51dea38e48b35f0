"""Aligns ever longer documents, made of gold documents one after the other: seconds and memory must grow linearly.

usage: python -m benchmarks.alignment_scaling
Exits 1 where the longest takes more memory than it may, or more time for a sentence than twice what the shortest takes.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.alignment import one_core
from benchmarks.books import SHARED

SENTENCES = (2_500, 5_000, 10_000, 20_000)
MEGABYTES = 300
SLOWER = 2.0


def documents(sentences: int) -> tuple[str, str]:
    """A source and its translation of about so many sentences. Each time round, numbers make the texts differ."""
    source: list[str] = []
    target: list[str] = []
    count = 0
    for turn, path in _endless():
        if count >= sentences:
            break
        for texts, side in ((source, "en"), (target, "xx")):
            text = path.with_name(path.name.replace(".en.md", f".{side}.md")).read_text(encoding="utf-8")
            texts.append(text.replace("`sec_", f"`sec_{turn}_").replace("`fig_", f"`fig_{turn}_"))
        gold = path.with_name(path.name.replace(".en.md", ".gold.json")).read_text(encoding="utf-8")
        count += len(json.loads(gold)["en"])
    return "\n\n".join(source), "\n\n".join(target)


def _endless() -> Iterator[tuple[int, Path]]:
    paths = sorted((SHARED / "gold" / "vi").glob("*.en.md"))
    for turn in itertools.count():
        yield from ((turn, path) for path in paths)


def measure(sentences: int, folder: Path) -> tuple[float, float]:
    """Seconds of processor time, and megabytes at the peak, of `amts align` on one core."""
    for name, text in zip(("en.md", "xx.md"), documents(sentences), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    program = Path(sys.executable).with_name("amts")
    arguments = ["align", f"{folder}/en.md", f"{folder}/xx.md", "--language", "vi", "--output", f"{folder}/links", "-q"]
    process = os.posix_spawn(program, [str(program), *arguments], one_core())
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"amts align failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    print(f"{'sentences':>10}{'seconds':>10}{'ms each':>10}{'peak MB':>10}")
    figures = []
    for sentences in SENTENCES:
        with tempfile.TemporaryDirectory() as folder:
            seconds, megabytes = measure(sentences, Path(folder))
        figures.append((1000 * seconds / sentences, megabytes))
        print(f"{sentences:10,}{seconds:10.1f}{figures[-1][0]:10.2f}{megabytes:10.0f}", flush=True)
    linear = figures[-1][0] <= SLOWER * figures[0][0]
    small = figures[-1][1] <= MEGABYTES
    print("all floors held" if linear and small else "too slow or too large")
    return 0 if linear and small else 1


if __name__ == "__main__":
    sys.exit(main())
