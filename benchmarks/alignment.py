"""Aligns the gold documents with `amts align --pairs` and scores the links, beside the baselines of the gold set.

usage: python -m benchmarks.alignment [--output DIR] [--figure docs/how-it-works/alignment-calibration.svg]
Exits 1 where a figure is under its floor. DIR receives the predictions, one JSON object a line with character spans.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.alignment_figure import calibration_svg
from benchmarks.alignment_moved import shuffle
from benchmarks.books import SHARED

GOLD = SHARED / "gold"
# Strict F1 of the gold set's README, on files of the same kinds that are kept back.
BASELINES = {
    "Gale-Church": {"vi": 0.796, "vi-drift": 0.563, "zh": 0.769},
    "Gale-Church inside matched blocks": {"vi": 0.989, "vi-drift": 0.830, "zh": 0.887},
    "Bleualign, --galechurch": {"vi": 0.805, "vi-drift": 0.559, "zh": 0.784},
    "hunalign -realign": {"vi": 0.989, "vi-drift": 0.949, "zh": 0.709},
    "hunalign, characters tripled": {"zh": 0.923},
    "length + shared tokens + block types": {"vi": 0.950, "vi-drift": 0.856, "zh": 0.914},
}
FLOORS = {"vi": 0.995, "vi-drift": 0.98, "zh": 0.97}
# Of the sentences and paragraphs that change places in the third and fourth set, and by how much F1 may fall.
SHARE, FALL = 0.1, {"vi, neighbours exchanged": 0.02, "vi, exchanged anywhere": 0.02}
SURE, SURE_FLOOR = 0.9, 0.98


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of documents with its gold links; `half` is 0 for the files that settings were chosen on."""

    name: str
    source: str
    target: str
    gold: dict[str, Any]
    half: int


@dataclass
class Figures:
    """Sums over the files of a set: the scorer's five counts, by half, and every linked bead's score and rightness."""

    counts: list[list[int]] = field(default_factory=lambda: [[0] * 5, [0] * 5])
    beads: list[tuple[float, bool]] = field(default_factory=list)
    seconds: float = 0.0

    def strict(self, half: int | None = None) -> float:
        parts = self.counts if half is None else [self.counts[half]]
        want, have, exact = (sum(part[k] for part in parts) for k in range(3))
        return 2 * exact / (want + have)

    def sure(self) -> tuple[int, float]:
        right = [is_right for score, is_right in self.beads if score >= SURE]
        return len(right), sum(right) / max(1, len(right))


def scorer() -> Any:
    """The gold set's own scoring module."""
    spec = importlib.util.spec_from_file_location("align_score", GOLD / "align_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases(name: str) -> list[Case]:
    """The files of a gold set in the order of their names, every second one kept aside."""
    found = []
    for number, path in enumerate(sorted((GOLD / name).glob("*.gold.json"))):
        base = str(path).removesuffix(".gold.json")
        source, target = (Path(f"{base}.{side}.md").read_bytes().decode() for side in ("en", "xx"))
        gold = json.loads(path.read_text(encoding="utf-8"))
        found.append(Case(Path(base).name, source, target, gold, number % 2))
    return found


def moved(found: Sequence[Case], *, far: bool) -> list[Case]:
    """The same files, where parts of the translation changed places."""
    return [
        Case(case.name, case.source, shuffled.text, shuffled.gold, case.half)
        for case in found
        for shuffled in [shuffle(case.target, case.gold, SHARE, case.name, far=far)]
    ]


def align_all(found: Sequence[Case], language: str, folder: Path) -> float:
    """Runs the command once over all cases, on one core; the seconds of processor time that it took."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for case in found:
        for side, text in (("en", case.source), ("xx", case.target)):
            (folder / f"{case.name}.{side}.md").write_bytes(text.encode())
        lines.append("\t".join(f"{folder / case.name}.{end}" for end in ("en.md", "xx.md", "jsonl")))
    listing = folder / "pairs.tsv"
    listing.write_text("\n".join(lines), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    options = ["--pairs", str(listing), "--language", language, "--format", "jsonl", "--jobs", "1", "--quiet"]
    subprocess.run([Path(sys.executable).with_name("amts"), "align", *options], check=True, env=one_core())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def one_core() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def measure(found: Sequence[Case], language: str, folder: Path) -> Figures:
    score = scorer()
    figures = Figures(seconds=align_all(found, language, folder))
    for case in found:
        lines = (folder / f"{case.name}.jsonl").read_text(encoding="utf-8").splitlines()
        beads = [json.loads(line) for line in lines]
        counts = figures.counts[case.half]
        figures.counts[case.half] = [a + b for a, b in zip(counts, score.score(case.gold, beads), strict=True)]
        linked = (bead for bead in beads if bead["source"] and bead["target"])
        figures.beads += [(bead["score"], _is_right(score, case.gold, bead)) for bead in linked]
    return figures


def _is_right(score: Any, gold: dict[str, Any], bead: dict[str, Any]) -> bool:
    """Whether a bead lies within one gold link; a finer segmentation than the gold's is not punished."""
    left, right = score.cover(bead["source"], gold["en"]), score.cover(bead["target"], gold["xx"])
    return any(left <= set(pair[0]) and right <= set(pair[1]) for pair in gold["pairs"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="keep the predictions in this folder")
    parser.add_argument("--figure", type=Path, help="write the calibration curve to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        output = arguments.output or Path(temporary)
        sets = {name: cases(name) for name in FLOORS}
        found = {name: measure(sets[name], name[:2], output / name) for name in FLOORS}
        for name, far in (("vi, neighbours exchanged", False), ("vi, exchanged anywhere", True)):
            found[name] = measure(moved(sets["vi"], far=far), "vi", output / f"vi-moved{'-far' * far}")
        both = [
            Case(f"{name}.{case.name}", case.source, case.target, case.gold, case.half)
            for name in ("vi", "vi-drift")
            for case in sets[name]
        ]
        seconds = align_all(both, "vi", output / "both")
    report(found)
    print(
        f"vi and vi-drift, {len(both)} pairs: {seconds:.1f} s of processor time on one core, lexicon and start included"
    )
    if arguments.figure:
        arguments.figure.write_text(calibration_svg({n: found[n].beads for n in FLOORS}), encoding="utf-8")
    short = _short(found)
    print("\n".join(short) or "all floors held")
    return 1 if short else 0


def report(found: dict[str, Figures]) -> None:
    print(f"{'strict F1':38}" + "".join(f"{name:>10}" for name in FLOORS))
    for method, values in BASELINES.items():
        print(f"{method:38}" + "".join(f"{values[name]:10.3f}" if name in values else f"{'–':>10}" for name in FLOORS))
    print(f"{'this aligner':38}" + "".join(f"{found[name].strict():10.4f}" for name in FLOORS))
    for name, figures in found.items():
        count, share = figures.sure()
        print(
            f"{name}: strict F1 {figures.strict():.4f} (files tuned on {figures.strict(0):.4f}, others"
            f" {figures.strict(1):.4f}); {figures.seconds:.1f} s; scored >= {SURE}: {count} of {len(figures.beads)}"
            f" beads, right {share:.4f}"
        )


def _short(found: dict[str, Figures]) -> list[str]:
    short = [
        f"{name}: strict F1 {found[name].strict():.4f} is under {floor}"
        for name, floor in FLOORS.items()
        if found[name].strict() < floor
    ]
    for name, fall in FALL.items():
        if found["vi"].strict() - found[name].strict() > fall:
            short.append(
                f"{name}: strict F1 falls by {found['vi'].strict() - found[name].strict():.4f} (at most {fall})"
            )
    for name in found:
        if found[name].sure()[1] < SURE_FLOOR:
            short.append(f"{name}: of the beads scored >= {SURE} only {found[name].sure()[1]:.4f} are right")
    return short


if __name__ == "__main__":
    sys.exit(main())
