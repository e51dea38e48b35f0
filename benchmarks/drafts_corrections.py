"""What people made of Amazon Translate's raw drafts of 79 Chinese articles, chapter by chapter, as after a merge.

    python -m benchmarks.drafts_corrections [--plot FILE.svg]

The figures are those of the comment on a merged pull request (`bot.evaluation.corrections`): sentences accepted, edited
and rewritten, characters edited, and TER of the draft against the human text, as readers see both, with its interval.
Compares the sentences of `benchmarks.drafts_bleu`. Fails if the shares differ from docs/how-it-works/evaluation.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.books import clone, git
from benchmarks.drafts_bleu import CHINESE, Drafted, read_drafts
from benchmarks.drafts_corrections_figure import corrections_svg
from bot.evaluation.corrections import EditOutcome, Figures, Rendition, judge, summarize
from bot.evaluation.tables import in_points

_OUTCOMES = (EditOutcome.ACCEPTED, EditOutcome.EDITED, EditOutcome.REWRITTEN)
# What docs/how-it-works/evaluation.md says of all 79 articles, in thousandths of the sentences.
_STATED = {EditOutcome.ACCEPTED: 65, EditOutcome.EDITED: 782, EditOutcome.REWRITTEN: 153}


def measure(articles: Sequence[Drafted]) -> Figures:
    """As if all drafts had been merged at once."""
    corrections = [
        judge(Rendition((0,), draft, True), Rendition((0,), human), CHINESE)
        for one in articles
        for draft, human in zip(one.drafts, one.human, strict=True)
    ]
    return summarize(corrections, [human for one in articles for human in one.human], CHINESE)


def measure_chapters(articles: Sequence[Drafted]) -> tuple[dict[str, Figures], Figures]:
    """Each chapter by its name, and all together."""
    chapters: dict[str, list[Drafted]] = {}
    for one in sorted(articles, key=lambda one: one.path):
        chapters.setdefault(one.path.partition("/")[0].removeprefix("chapter_"), []).append(one)
    with ProcessPoolExecutor() as pool:
        whole, *parts = pool.map(measure, [articles, *chapters.values()])
    return dict(zip(chapters, parts, strict=True)), whole


def table(chapters: Mapping[str, Figures], whole: Figures, articles: int) -> str:
    header = ["chapter", "sentences", *_OUTCOMES, "TER", "edited characters, of the human text"]
    lines = [header, ["---", *("---:" for _ in header[1:])]]
    lines += [[name, *_cells(one, 0)] for name, one in chapters.items()]
    lines.append([f"**all {articles} articles**", *_cells(whole, 1)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(one: Figures, digits: int) -> list[str]:
    assert one.ter is not None
    shares = [f"{one.share(outcome):.{digits}%}" for outcome in _OUTCOMES]
    return [f"{one.answered:,}", *shares, in_points(one.ter), f"{one.edited / one.characters:.1%}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plot", type=Path, help="draw the table into this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo = clone("zh", folder)
        articles = list(read_drafts(repo, "sentence"))
        print(f"zh {git(repo, 'rev-parse', '--short', 'main').strip()}, {len(articles)} articles\n")
    chapters, whole = measure_chapters(articles)
    print(table(chapters, whole, len(articles)))
    assert whole.ter is not None
    print(f"- TER: `{whole.ter.signature}`")
    print(f"- {whole.edited:,} characters edited, of {whole.characters:,} of the human text")
    if options.plot:
        options.plot.write_text(corrections_svg({**chapters, f"all {len(articles)} articles": whole}), "utf-8")
    found = {outcome: round(1000 * whole.share(outcome)) for outcome in _OUTCOMES}
    if found != _STATED:
        print(f"docs/how-it-works/evaluation.md says {_STATED}, in thousandths, and these are {found}")
    return 0 if found == _STATED else 1


if __name__ == "__main__":
    sys.exit(main())
