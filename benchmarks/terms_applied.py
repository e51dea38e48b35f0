"""Mines terms from Amazon's drafts of 74 articles and their corrections, and applies them to the drafts of five others.

usage: python -m benchmarks.terms_applied [--folds 5] [--sample 100 --seed 1] [--changes]
The five are the articles of the published evaluation. Nothing of them is learnt from, nor what is near one of their
sentences in either language (`bot.evaluation.leaks`). Where the English has a term and the draft has what the machine
says for it, the translation that people use takes its place, as a custom terminology would have it. `--folds` does the
same among the 74 alone, each part by what is learnt from the others: choices of the method were made by that figure.
Fails where the five gain less than docs/how-it-works/terms.md says.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from benchmarks.books import clone, git
from benchmarks.drafts_bleu import CHINESE, ENGLISH, PUBLISHED, Drafted, read_drafts
from benchmarks.terms import show
from bot.evaluation.leaks import find_leaks
from bot.evaluation.reading import as_read
from bot.evaluation.scores import Metric, compare, score
from bot.evaluation.tables import in_points
from bot.glossary.mining import MiningSentence, Replacement, apply_replacements, learn, mine
from bot.model import Direction

_LANGUAGES = Direction(ENGLISH, CHINESE)
_LEAST_GAIN, _LEAST_FOLDS_GAIN = 2.8, 3.1


def lessons(taught: Sequence[Drafted], examined: Sequence[Drafted]) -> list[MiningSentence]:
    """What is learnt from: no sentence near an examined one."""
    sentences = [
        MiningSentence(english, human, one.path, draft)
        for one in taught
        for english, draft, human in zip(one.english, one.drafts, one.human, strict=True)
    ]
    sides = (
        find_leaks([one.source for one in sentences], [text for one in examined for text in one.english]).found,
        find_leaks([one.target for one in sentences], [text for one in examined for text in one.human]).found,
    )
    return [one for one, *leaks in zip(sentences, *sides, strict=True) if leaks == [None, None]]


class Applied:
    """Segments as readers see them: the drafts before and after, and what people wrote."""

    def __init__(self) -> None:
        self.before: list[str] = []
        self.after: list[str] = []
        self.human: list[str] = []

    def add(self, replacements: Sequence[Replacement], articles: Iterable[Drafted]) -> None:
        for one in articles:
            for english, draft, human in zip(one.english, one.drafts, one.human, strict=True):
                corrected = apply_replacements(replacements, english, draft, _LANGUAGES)
                self.before.append(as_read(draft, CHINESE))
                self.after.append(as_read(corrected, CHINESE))
                self.human.append(as_read(human, CHINESE))

    def tell(self, what: str, metrics: Sequence[Metric]) -> float:
        """Prints the scores before and after; returns what BLEU gained."""
        changed = sum(one != other for one, other in zip(self.before, self.after, strict=True))
        print(f"{what}: {changed:,} of {len(self.before):,} sentences changed")
        for metric in metrics:
            old, new = (score(metric, texts, self.human, CHINESE, what) for texts in (self.before, self.after))
            tested = compare(metric, self.before, self.after, self.human, CHINESE, what)
            print(
                f"- {metric}: {in_points(old)} → {in_points(new)} ({tested.difference:+.2f}, p = {tested.p_value:.4f})"
            )
            print(f"  `{new.signature}`; p: `{tested.signature}`")
        old, new = (
            score(Metric.BLEU, texts, self.human, CHINESE, "", resamples=1) for texts in (self.before, self.after)
        )
        return new.value - old.value


def folds(articles: Sequence[Drafted], number: int) -> float:
    """Each part of the articles by what is learnt from all others."""
    applied = Applied()
    for fold in range(number):
        examined = articles[fold::number]
        taught = [one for one in articles if one not in examined]
        applied.add(learn(lessons(taught, examined), _LANGUAGES), examined)
    return applied.tell(f"the {len(articles)}, in {number} parts, each by the others", [Metric.BLEU])


def changes(replacements: Sequence[Replacement], articles: Sequence[Drafted]) -> None:
    """Prints every sentence that a replacement changed."""
    for one in articles:
        for english, draft, human in zip(one.english, one.drafts, one.human, strict=True):
            corrected = apply_replacements(replacements, english, draft, _LANGUAGES)
            if corrected != draft:
                print("\n".join([english, f"  draft:  {draft}", f"  mended: {corrected}", f"  people: {human}"]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--sample", type=int, default=0, help="print so many proposals for a person to judge")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", action="store_true", help="print the changed sentences of the five")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo = clone("zh", folder)
        print(f"zh {git(repo, 'rev-parse', '--short', 'main').strip()}")
        articles = list(read_drafts(repo, "sentence"))
    five = [one for one in articles if Path(one.path).stem in PUBLISHED]
    others = [one for one in articles if Path(one.path).stem not in PUBLISHED]
    sentences = lessons(others, five)
    every = sum(len(one.english) for one in others)
    started = time.process_time()
    proposals = mine(sentences, _LANGUAGES)
    replacements = learn(sentences, _LANGUAGES)
    print(
        f"{len(sentences):,} sentences of {len(others)} articles ({every - len(sentences):,} near one of the five left "
        f"out): {len(proposals)} terms proposed, {len(replacements)} replacements, "
        f"{time.process_time() - started:.1f} s"
    )
    applied = Applied()
    applied.add(replacements, five)
    enough = applied.tell("the five", [Metric.BLEU, Metric.CHRF]) >= _LEAST_GAIN
    if options.folds:
        enough = folds(others, options.folds) >= _LEAST_FOLDS_GAIN and enough
    if options.sample:
        show(Random(options.seed).sample(proposals, min(options.sample, len(proposals))))
    if options.changes:
        changes(replacements, five)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
