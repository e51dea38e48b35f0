"""Processor time against size of what is made to be slow: kinds of texts and revisions through parse, align, merge.

usage: python -m benchmarks.hostile_sizes [--kinds WORD ...] [--up-to KB] [--jobs N]
Each measure runs in a process of its own, which is ended when it takes too long. The exponent is the slope of time over
size, both as logarithms, over the measures that are long enough to tell. Exits 1 if one is above its limit.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from benchmarks.books import lang
from benchmarks.hostile_revisions import REVISIONS, edited
from benchmarks.hostile_texts import TEXTS
from bot import pipeline
from bot.alignment import align
from bot.engines.copy import CopyEngine
from bot.errors import AmtsError
from bot.model import Direction, Versions

KILOBYTES = (64, 256, 1024)
STAGES = ("parse", "align", "merge")
MAX_EXPONENT, MAX_SECONDS = 1.3, 20.0
# Below this, what Python needs for anything at all hides how the time grows.
_FLOOR = 0.15
_REFUSED = "refused: "
# A measure is given up when it takes so much longer than it may.
_TOO_LONG = 60


def revisions_of(kind: str) -> Callable[[int], Versions[str]]:
    """What makes the three texts of a kind, of about so many bytes each."""
    return REVISIONS[kind] if kind in REVISIONS else lambda size: edited(TEXTS[kind](size))


def measure(kind: str, size: int) -> dict[str, float]:
    """Seconds of processor time of each stage, of this process. A page that is refused in a sentence must not take long
    either; the sentence is told on standard error, and the stages that it spared took no time."""
    texts, direction = revisions_of(kind)(size), Direction(lang("en"), lang("ru"))
    whole = pipeline.Texts("page.md", *texts)
    marks = [time.process_time()]
    pipeline.parse(texts.base, direction.source, "page.md")
    marks.append(time.process_time())
    try:
        documents = pipeline.parse_texts(whole, direction)
        marks.append(time.process_time())
        align(documents.base, documents.target, direction)
        marks.append(time.process_time())
        pipeline.merge_document(texts, direction, CopyEngine(), "page.md")
    except AmtsError as refusal:
        print(f"{_REFUSED}{refusal}", file=sys.stderr)
    marks.append(time.process_time())
    parsed, *rest = (after - before for before, after in pairwise(marks))
    return {"parse": parsed, "align": rest[-2] if len(rest) == 3 else 0.0, "merge": rest[-1]}


@dataclass(frozen=True, slots=True)
class Result:
    """The seconds of each stage by size in bytes; without the sizes that were given up, and `trouble` says why.
    `refused` are the sizes at which the page was refused in a sentence, so that it was not merged."""

    kind: str
    seconds: Mapping[str, Mapping[int, float]]
    trouble: str = ""
    refused: tuple[int, ...] = ()

    def exponent(self, stage: str) -> float | None:
        """The slope over the two largest sizes or more that took long enough to tell, None if there are none."""
        told = [(math.log(size), math.log(took)) for size, took in self.seconds[stage].items() if took >= _FLOOR]
        if len(told) < 2:
            return None
        x, y = (sum(point[axis] for point in told) / len(told) for axis in (0, 1))
        return sum((a - x) * (b - y) for a, b in told) / sum((a - x) ** 2 for a, _ in told)

    @property
    def slowest(self) -> float:
        return max((took for stage in self.seconds.values() for took in stage.values()), default=0.0)

    @property
    def steepest(self) -> float:
        return max((slope for stage in STAGES if (slope := self.exponent(stage)) is not None), default=0.0)

    @property
    def is_slow(self) -> bool:
        return bool(self.trouble) or self.slowest > MAX_SECONDS or self.steepest > MAX_EXPONENT


def examine(kind: str, sizes: Sequence[int]) -> Result:
    seconds: dict[str, dict[int, float]] = {stage: {} for stage in STAGES}
    refused: list[int] = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.hostile_sizes", "--measure", kind, str(size)]
        # The limit counts processor time, so a busy machine gives up nothing.
        limited = partial(resource.setrlimit, resource.RLIMIT_CPU, _LIMITS)
        done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited)
        if done.returncode:
            ended = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
            last = done.stderr.strip().rpartition("\n")[2]
            return Result(kind, seconds, f"{size:,} bytes: " + (f"over {_TOO_LONG} s" if ended else last))
        if _REFUSED in done.stderr:
            refused.append(size)
        for stage, took in json.loads(done.stdout).items():
            seconds[stage][size] = took
    return Result(kind, seconds, refused=tuple(refused))


_LIMITS = (_TOO_LONG, _TOO_LONG + 5)


def _row(result: Result) -> str:
    cells = []
    for stage in STAGES:
        took, slope = list(result.seconds[stage].values()), result.exponent(stage)
        cells.append(f"{took[-1] if took else math.nan:8.2f}{'' if slope is None else f'{slope:.2f}':>6}")
    verdict = result.trouble or ("SLOW" if result.is_slow else "")
    sizes = ", ".join(f"{size // 1024:,}" for size in result.refused)
    refused = f"refused at {sizes} kB" if sizes else ""
    return f"{result.kind:42}{''.join(cells)}  {' '.join(filter(None, (verdict, refused)))}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=2, metavar=("KIND", "BYTES"), help=argparse.SUPPRESS)
    parser.add_argument("--kinds", nargs="*", default=[], help="only the kinds with one of these words in their name")
    parser.add_argument("--up-to", type=int, default=KILOBYTES[-1], metavar="KB")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure[0], int(arguments.measure[1]))))
        return 0
    sizes = [1024 * kilobytes for kilobytes in KILOBYTES if kilobytes <= arguments.up_to]
    kinds = [
        kind for kind in (*TEXTS, *REVISIONS) if not arguments.kinds or any(word in kind for word in arguments.kinds)
    ]
    print(f"seconds at {sizes[-1] // 1024:,} kB, and exponent\n{'':42}{''.join(f'{stage:>14}' for stage in STAGES)}")
    results: list[Result] = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for result in pool.map(partial(examine, sizes=sizes), kinds):
            results.append(result)
            print(_row(result), flush=True)
    slow = [result.kind for result in results if result.is_slow]
    steepest, slowest = max(r.steepest for r in results), max(r.slowest for r in results)
    refusals = sum(bool(r.refused) for r in results)
    print(f"\n{len(results)} kinds, {refusals} refused at some size: ", end="")
    print(f"steepest n^{steepest:.2f}, slowest {slowest:.1f} s; ", end="")
    print(f"too slow: {'; '.join(slow)}" if slow else "none too slow")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
