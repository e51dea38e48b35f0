"""Exports the drafts of the five published articles, and has sacreBLEU's own command score the files.

usage: python -m benchmarks.drafts_sacrebleu [--output FOLDER]
BLEU, chrF++ and TER with their signatures must be those of `bot.evaluation.scores` in every digit that it prints
(six after the point), their intervals but for the last digit: the command takes means of numbers of single precision.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.books import clone
from benchmarks.drafts_bleu import CHINESE, PUBLISHED, read_drafts, seen
from bot.evaluation.results import ScoredTexts, Variant, joined
from bot.evaluation.scores import Metric, score
from bot.model import Placeables

_OPTIONS = (
    "-m bleu chrf ter --tokenize zh --chrf-word-order 2 --ter-normalized --ter-asian-support --confidence -f json -w 6"
)
_ROUNDING = 2e-6


def by_command(texts: ScoredTexts, folder: Path) -> list[dict[str, Any]]:
    """What sacreBLEU's command says of the exported files."""
    (folder / "human.txt").write_text("".join(f"{text}\n" for text in texts.references), "utf-8")
    drafts = texts.hypotheses[Variant.WITHOUT]
    (folder / "draft.txt").write_text("".join(f"{text}\n" for text in drafts), "utf-8")
    command = [sys.executable, "-m", "sacrebleu", "human.txt", "-i", "draft.txt", *_OPTIONS.split()]
    print(f"sacrebleu {' '.join(command[3:])}")
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="keep the exported files in this folder")
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        articles = [one for one in read_drafts(clone("zh", temporary), "sentence") if Path(one.path).stem in PUBLISHED]
        texts = joined(seen(articles, Placeables.TOKENS))
        folder = options.output or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        theirs = by_command(texts, folder)
    for metric, told in zip(Metric, theirs, strict=True):
        ours = score(metric, texts.hypotheses[Variant.WITHOUT], texts.references, CHINESE, "")
        assert ours.interval is not None
        assert ours.margin is not None
        numbers = round(ours.value, 6), ours.signature, sum(ours.interval) / 2, ours.margin
        told_numbers = tuple(told[key] for key in ("score", "signature", "confidence_mean", "confidence_var"))
        near = all(abs(one - other) < _ROUNDING for one, other in zip(numbers[2:], told_numbers[2:], strict=True))
        failed = failed or numbers[:2] != told_numbers[:2] or not near
        print(f"{metric}: {numbers[0]} ({numbers[2]:.6f} ± {numbers[3]:.6f}), {numbers[1]}")
        print(f"    sacreBLEU's command: {told_numbers}")
    print(f"{len(texts.references)} sentences: {'DIFFERENT NUMBERS' if failed else 'the same numbers'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
