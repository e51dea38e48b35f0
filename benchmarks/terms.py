"""Mines the real books for terms, and compares what is proposed with the translators' own glossaries.

usage: python -m benchmarks.terms [--sample 100 --seed 1] [--drafts]
The glossary is not shown to the miner, nor is the book's page that lists it. Recall is of the glossary's terms that
stand in five sentences or more; precision by the glossary is a lower bound, since a glossary has few of a book's terms:
`--sample` prints proposals for a person to judge. `--drafts` mines what Amazon's real drafts of 79 Chinese articles
missed. Fails where recall falls below what docs/how-it-works/terms.md says.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.books import SHARED, clone, lang
from benchmarks.parallel_data import LANGUAGES, build
from bot.book.edition import open_edition, open_source
from bot.book.project import load_project
from bot.book.workers import Runner
from bot.glossary import Term, read_glossary
from bot.glossary.mining import MiningSentence, TermProposal, Thresholds, mine
from bot.model import Direction
from bot.parallel_data.term_sentences import mining_sentences

_CONFIG = """version: 1
source: {repo: en.git, branch: main, language: en}
files: {include: ["**/*.md"], exclude: ["**/*_origin.md", "**/terminology.md"]}
languages:
  zh: {repo: zh.git, branch: main}
  tr: {repo: tr.git, branch: main}
"""
_FIRST = (50, 100, 200, 500, 1000)
_LEAST_RECALL = {"zh": 0.6, "tr": 0.45}
# How many letters a suffix may change at the end of a translation.
_SUFFIX = 2


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drafts", action="store_true")
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("en", *LANGUAGES):
            clone(name, temporary)
        (folder / "amts.yaml").write_text(_CONFIG)
        build(folder, "out", "cache")
        project = load_project(folder / "amts.yaml")
        source = open_source(project)
        drafts = [SHARED / "d2l" / "zh-machine-drafts.json"] if options.drafts else []
        for name in LANGUAGES[:1] if drafts else LANGUAGES:
            sentences = mining_sentences(open_edition(project, source, name, Runner()), drafts)
            started = time.process_time()
            proposals = mine(sentences, Direction(lang("en"), lang(name)))
            seconds = time.process_time() - started
            print(f"{name}: {len(sentences):,} sentences, {len(proposals):,} proposals, {seconds:.1f} s")
            if not drafts:
                failed = compare(name, sentences, proposals) < _LEAST_RECALL[name] or failed
            chosen = proposals[:200] if drafts else proposals
            show(random.Random(options.seed).sample(chosen, min(options.sample, len(chosen))))
    return 1 if failed else 0


def compare(name: str, sentences: Sequence[MiningSentence], proposals: Sequence[TermProposal]) -> float:
    """Prints recall and precision against the glossary; returns the recall of all proposals."""
    data = (SHARED / "d2l" / f"terminology.{name}.md").read_bytes()
    glossary = {
        _normal(term.source): term for term in read_glossary(data, Direction(lang("en"), lang(name)), name).terms
    }
    texts = [re.sub(r"[\s-]+", " ", sentence.source.casefold()) for sentence in sentences]
    wanted = {term for term in glossary if _count(term, texts) >= Thresholds().least}
    print(f"{name}: {len(glossary)} terms in the glossary, {len(wanted)} of them in five sentences or more")
    print("| first | in the glossary | with its translation | recall |\n| ---: | ---: | ---: | ---: |")
    recall = 0.0
    for size in (*_FIRST, len(proposals)):
        listed = [one for one in proposals[:size] if _normal(one.source) in glossary]
        same = [one for one in listed if _agrees(one.target, glossary[_normal(one.source)])]
        recall = len({_normal(one.source) for one in listed} & wanted) / len(wanted)
        print(f"| {min(size, len(proposals)):,} | {len(listed)} | {len(same)} | {recall:.2f} |")
    return recall


def show(proposals: Sequence[TermProposal]) -> None:
    for number, one in enumerate(proposals, 1):
        print(f"{number} {one.source}: {one.target} ({one.followed}/{one.sentences}; machine: {one.machine})")
        print(f"    {json.dumps([(e.source, e.target) for e in one.examples[:1]], ensure_ascii=False)}")


def _normal(term: str) -> str:
    text = re.sub(r"[\s-]+", " ", term.casefold())
    return text.removesuffix("s")


def _count(term: str, texts: Sequence[str]) -> int:
    pattern = re.compile(rf"\b{re.escape(term)}")
    return sum(pattern.search(text) is not None for text in texts)


def _agrees(target: str, term: Term) -> bool:
    """Whether a translation is one of the glossary's but for a suffix."""
    found = target.casefold()
    return any(_stem(found) == _stem(one.casefold()) or found in one.casefold().split() for one in term.targets)


def _stem(text: str) -> str:
    return text[: max(2, len(text) - _SUFFIX)]


if __name__ == "__main__":
    sys.exit(main())
