"""Runs `amts evaluate` on the five published articles through the emulator, with and without parallel data.

usage: python -m benchmarks.evaluate_emulator [--direction from-source|into-source] [--output FOLDER]
THE SCORES ARE NOT AMAZON'S: the emulator repeats Amazon's recorded drafts, which were made without parallel data, and
applies parallel data only to what is nearly the same. What is shown is that the way of an evaluation with parallel data
holds, from the quote to the table. Fails where a resource of parallel data is left or used for nothing, where more
is billed than was quoted but for what was asked twice, or where a second run is billed anything or says another thing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.amazon_sync import CONFIG, Cloud, billed, emulator
from benchmarks.books import clone, git
from benchmarks.drafts_bleu import PUBLISHED, read_drafts, write_memory

_DIRECTIONS = ("from-source", "into-source")
# An answer that can't stand is asked for once more, and paid for twice; a quote doesn't know which.
_TWICE = 1.1


def evaluate(folder: Path, cloud: Cloud, directions: Sequence[str], *, yes: bool) -> dict[str, Any]:
    """The report of a run as `--json` tells it."""
    command = [sys.executable, "-m", "bot", "evaluate", "--config", str(folder / "amts.yaml"), "--language", "zh"]
    command += ["--output", str(folder / "evaluation"), "--json", *(["--yes"] if yes else [])]
    command += [option for name in PUBLISHED for option in ("--path", f"**/{name}.md")]
    command += [option for direction in directions for option in ("--direction", direction)]
    environment = {**cloud.environment, "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"amts evaluate failed with exit code {done.returncode}: {done.stdout[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)["languages"]["zh"]
    return found


def check(folder: Path, cloud: Cloud, directions: Sequence[str]) -> list[str]:
    """Runs the evaluation twice; what is wrong."""
    cloud.start_anew()
    quote = evaluate(folder, cloud, directions, yes=False)["quote"]["characters"]
    wrong = [f"a quote was billed {billed(cloud):,} characters"] if billed(cloud) else []
    started = time.perf_counter()
    report = evaluate(folder, cloud, directions, yes=True)
    cost, page = billed(cloud), (folder / "evaluation" / "zh.md").read_text("utf-8")
    calls = Counter(cloud.state()["calls_by_operation"])
    print(f"{time.perf_counter() - started:.0f} s; quoted {quote:,} characters, billed {cost:,}")
    created, deleted = calls["CreateParallelData"], calls["DeleteParallelData"]
    print(f"parallel data: {created} created, {deleted} deleted; {calls['StartTextTranslationJob']} jobs")
    if not created or created != deleted:
        wrong.append(f"{created} resources of parallel data were created and {deleted} deleted")
    if not quote <= cost <= _TWICE * quote:
        wrong.append(f"quoted {quote:,} characters, billed {cost:,}")
    if len(report["leak_checks"]) != len(PUBLISHED) * 2 * len(directions):
        wrong.append(f"{len(report['leak_checks'])} leak checks")
    variants = {frozenset(one["corpus"]["scores"]) for one in report["results"]}
    if variants != {frozenset(("without", "paragraph", "sentence"))} or len(report["results"]) != len(directions):
        wrong.append(f"the table lacks a part: {variants}")
    evaluate(folder, cloud, directions, yes=True)
    print(f"a second run: billed {billed(cloud) - cost:,} characters\n")
    if billed(cloud) != cost:
        wrong.append(f"a second run was billed {billed(cloud) - cost:,} characters")
    if (folder / "evaluation" / "zh.md").read_text("utf-8") != page:
        wrong.append("a second run says something else")
    print(f"**Not Amazon's numbers.**\n\n{page}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--direction", choices=_DIRECTIONS, action="append")
    parser.add_argument("--output", type=Path, help="keep the plot in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        books = [clone(name, temporary) for name in ("en", "zh")]
        heads = [git(book, "rev-parse", "--short", "main").strip() for book in books]
        memory = folder / "drafts.csv"
        print(f"en {heads[0]}, zh {heads[1]}; drafts: {write_memory(read_drafts(books[1], 'sentence'), memory):,}")
        (folder / "amts.yaml").write_text(CONFIG, encoding="utf-8")
        with emulator(memory) as cloud:
            wrong = check(folder, cloud, options.direction or _DIRECTIONS)
        if options.output:
            options.output.mkdir(parents=True, exist_ok=True)
            (options.output / "zh.svg").write_bytes((folder / "evaluation" / "zh.svg").read_bytes())
    print("\n".join(wrong) or "all as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
