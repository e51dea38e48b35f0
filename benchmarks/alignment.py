"""Aligns the gold documents and scores the links, beside the baselines of the gold set.

usage: python -m benchmarks.alignment [--output DIR]
Exits 1 where a figure is under its floor. DIR receives the predictions, one JSON object a line with character spans.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.books import SHARED, lang
from bot.alignment import align
from bot.documents import parse
from bot.model import Bead, Document

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
FLOORS = {"vi": 0.992, "vi-drift": 0.984, "zh": 0.95}
SURE = 0.9
SURE_FLOOR = 0.99

Links = set[tuple[frozenset[int], frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one set of gold files gives; `sure` counts beads scored at least `SURE`, `sure_right` the right ones."""

    files: int
    precision: float
    recall: float
    strict: float
    lenient: float
    seconds: float
    sure: int
    sure_right: int


def scorer() -> Any:
    """The gold set's own scoring module."""
    spec = importlib.util.spec_from_file_location("align_score", GOLD / "align_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(source: Document, target: Document, beads: Sequence[Bead]) -> list[dict[str, Any]]:
    """The beads of prose as character spans."""
    found = []
    for bead in beads:
        left, right = [source.segments[i] for i in bead.source], [target.segments[j] for j in bead.target]
        if all(segment.is_prose for segment in (*left, *right)):
            spans = {"source": [[s.start, s.end] for s in left], "target": [[t.start, t.end] for t in right]}
            found.append({**spans, "score": round(bead.score, 4)})
    return found


def measure(name: str, output: Path) -> Figures:
    """Align every pair of documents of a gold set; seconds are those of `align` alone."""
    score = scorer()
    totals, seconds, sure, sure_right = [0] * 5, 0.0, 0, 0
    names = sorted(path.name.removesuffix(".gold.json") for path in (GOLD / name).glob("*.gold.json"))
    for stem in names:
        base = GOLD / name / stem
        gold = json.loads(Path(f"{base}.gold.json").read_text(encoding="utf-8"))
        languages = lang("en"), lang(gold["lang"])
        source = parse(Path(f"{base}.en.md").read_text(encoding="utf-8"), languages[0])
        target = parse(Path(f"{base}.xx.md").read_text(encoding="utf-8"), languages[1])
        started = time.perf_counter()
        beads = align(source, target, languages)
        seconds += time.perf_counter() - started
        found = predictions(source, target, beads)
        (output / f"{name}.{stem}.jsonl").write_text("".join(f"{json.dumps(p)}\n" for p in found), encoding="utf-8")
        totals = [total + part for total, part in zip(totals, score.score(gold, found), strict=True)]
        right = [_is_right(score, gold, p) for p in found if p["score"] >= SURE and p["source"] and p["target"]]
        sure, sure_right = sure + len(right), sure_right + sum(right)
    want, have, exact, lenient_precision, lenient_recall = totals
    precision, recall = exact / have, exact / want
    lenient = _f1(lenient_precision / have, lenient_recall / want)
    return Figures(len(names), precision, recall, _f1(precision, recall), lenient, seconds, sure, sure_right)


def _is_right(score: Any, gold: dict[str, Any], prediction: dict[str, Any]) -> bool:
    """Whether a bead lies within one gold link; a finer segmentation than the gold's is not punished."""
    left = score.cover(prediction["source"], gold["en"])
    right = score.cover(prediction["target"], gold["xx"])
    return any(left <= set(pair[0]) and right <= set(pair[1]) for pair in gold["pairs"])


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="keep the predictions in this folder")
    arguments = parser.parse_args()
    short = []
    with tempfile.TemporaryDirectory() as folder:
        output = arguments.output or Path(folder)
        output.mkdir(parents=True, exist_ok=True)
        figures = {name: measure(name, output) for name in FLOORS}
    print(f"{'strict F1':38}" + "".join(f"{name:>10}" for name in FLOORS))
    for method, values in BASELINES.items():
        print(f"{method:38}" + "".join(f"{values[name]:10.3f}" if name in values else f"{'–':>10}" for name in FLOORS))
    print(f"{'this aligner':38}" + "".join(f"{figures[name].strict:10.4f}" for name in FLOORS))
    for name, result in figures.items():
        share = result.sure_right / result.sure if result.sure else 0.0
        print(
            f"{name}: {result.files} files; strict P {result.precision:.4f} R {result.recall:.4f}"
            f" F1 {result.strict:.4f}; lenient F1 {result.lenient:.4f}; {result.seconds:.1f} s,"
            f" {1000 * result.seconds / result.files:.0f} ms a file; scored >= {SURE}: {result.sure}, right {share:.4f}"
        )
        if result.strict < FLOORS[name]:
            short.append(f"{name}: strict F1 {result.strict:.4f} is under {FLOORS[name]}")
        if share < SURE_FLOOR:
            short.append(f"{name}: of the beads scored >= {SURE} only {share:.4f} are right (floor {SURE_FLOOR})")
    print("\n".join(short) or "all floors held")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
