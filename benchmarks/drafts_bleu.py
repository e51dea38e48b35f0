"""Scores the raw Amazon Translate drafts of 79 Chinese articles against what people made of them.

    python -m benchmarks.drafts_bleu [--unit paragraph|sentence] [--export FOLDER] [--memory FILE.csv]

The human text was made by correcting these very drafts, so every score flatters the machine. Compared is what has the
same English in the revision of the draft and in today's book: a segment whose English changed since has no reference.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import SHARED, clone, lang, read_blobs
from bot.alignment import align
from bot.alignment.beads import paragraph_beads
from bot.documents import parse
from bot.evaluation.reading import as_read
from bot.evaluation.results import ResultRow, ScoredTexts, Variant, score_articles
from bot.evaluation.scores import Metric, Score, score
from bot.evaluation.tables import in_fractions, in_points
from bot.memory.filters import Rules, decide
from bot.memory.formats import to_csv
from bot.memory.pairs import Pair, PairStatus, collect_pairs
from bot.model import Direction, Placeables, TranslationUnit

ENGLISH, CHINESE = lang("en"), lang("zh")
# The articles of the published evaluation. Published for them together, English to Chinese: 0.536 without parallel
# data, 0.571 with paragraph pairs, 0.639 with sentence pairs.
PUBLISHED = (
    "approx-training",
    "bert-dataset",
    "language-models-and-dataset",
    "machine-translation-and-dataset",
    "sentiment-analysis-and-dataset",
)
_CAVEAT = "The human text was made by correcting this draft: the scores flatter the machine."
_UNUSABLE = frozenset({PairStatus.NO_WORDS, PairStatus.IDENTICAL, PairStatus.WRONG_LANGUAGE, PairStatus.LENGTH_RATIO})


@dataclass(frozen=True, slots=True)
class Drafted:
    """An article: its English, the draft of each segment, and the human translation. `skipped` segments of the draft
    have no human counterpart: their English changed, or people left them out or grouped them otherwise."""

    path: str
    english: tuple[str, ...]
    drafts: tuple[str, ...]
    human: tuple[str, ...]
    skipped: int


def read_article(path: str, texts: Sequence[str], unit: str) -> Drafted:
    """`texts` are the English of the draft, the draft, the English of today's translation, and that translation."""
    drafted, today = (_pairs(path, two[0], two[1], unit) for two in (texts[:2], texts[2:]))
    human: dict[str, list[str]] = {}
    for pair in today:
        human.setdefault(pair.unit.source, []).append(pair.unit.target)
    found = [(pair.unit.source, pair.unit.target, human.get(pair.unit.source)) for pair in drafted]
    # Of a sentence that stands there more than once, the translations stand in the same order.
    lines = [(source, draft, targets.pop(0)) for source, draft, targets in found if targets]
    english, drafts, corrected = (tuple(line[side] for line in lines) for side in range(3))
    return Drafted(path, english, drafts, corrected, len(drafted) - len(lines))


def _pairs(path: str, source: str, target: str, unit: str) -> list[Pair]:
    documents = parse(source, ENGLISH), parse(target, CHINESE)
    beads = align(*documents, Direction(ENGLISH, CHINESE))
    if unit == "paragraph":
        beads = paragraph_beads(*documents, beads)
    pairs = list(collect_pairs(documents, beads, Direction(ENGLISH, CHINESE), path))
    # No least score: in a short document of its own even right links score low, and the drafts follow block for block.
    statuses = decide(pairs, Rules(0.0, CHINESE.length_ratio, 0, max_bytes=sys.maxsize, refuse_signs=False))
    return [pair for pair, status in zip(pairs, statuses, strict=True) if status not in _UNUSABLE]


def read_drafts(repo: Path, unit: str) -> Iterator[Drafted]:
    listed = json.loads((SHARED / "d2l" / "zh-machine-drafts.json").read_text("utf-8"))
    names: list[str] = []
    for one in listed:
        for revision in (one["commit"], "main"):
            names += [f"{revision}:{one['path'][:-3]}_origin.md", f"{revision}:{one['path']}"]
    blobs = {name: data.decode("utf-8") for name, data in read_blobs(repo, names)}
    texts = [[blobs[name] for name in names[at : at + 4]] for at in range(0, len(names), 4)]
    with ProcessPoolExecutor() as pool:
        yield from pool.map(read_article, [one["path"] for one in listed], texts, [unit] * len(listed))


def write_memory(articles: Iterable[Drafted], file: Path) -> int:
    """Writes what the machine made of each segment, for `amts emulator --memory`; how many there are."""
    pairs = [(one.path, *pair) for one in articles for pair in zip(one.english, one.drafts, strict=True)]
    file.write_text(
        to_csv([TranslationUnit(english, draft, path) for path, english, draft in pairs], "en", "zh"), "utf-8"
    )
    return len(pairs)


def seen(articles: Sequence[Drafted], placeables: Placeables) -> list[ScoredTexts]:
    """As readers see them."""

    def read(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(as_read(text, CHINESE, placeables) for text in texts)

    return [
        ScoredTexts(one.path, read(one.human), {Variant.WITHOUT: read(one.drafts)}, {Variant.WITHOUT: 0})
        for one in articles
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unit", choices=("paragraph", "sentence"), default="paragraph")
    parser.add_argument("--export", type=Path, help="write the texts of the five articles, for sacreBLEU's command")
    parser.add_argument("--memory", type=Path, help="only write the drafts for `amts emulator --memory`")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        articles = list(read_drafts(clone("zh", folder), options.unit))
    if options.memory:
        write_memory(articles, options.memory)
        return
    five = [one for one in articles if Path(one.path).stem in PUBLISHED]
    compared = f"Amazon Translate's drafts against the human text made from them, {options.unit}s"
    metrics = list(Metric)
    print(f"{_CAVEAT}\n")
    # TER of everything takes a quarter of an hour.
    quick = [Metric.BLEU, Metric.CHRF]
    results = score_articles("en → zh", options.unit, seen(articles, Placeables.TOKENS), CHINESE, quick, compared)
    published = score_articles("en → zh", options.unit, seen(five, Placeables.TOKENS), CHINESE, metrics, compared)
    print(f"| article | {options.unit}s | without reference | BLEU |\n| --- | ---: | ---: | ---: |")
    for one, row in zip(five, published.rows, strict=True):
        print(_line(Path(one.path).stem, one.skipped, row))
    print(f"| mean of the five | | | {published.mean(Variant.WITHOUT):.3f} |")
    print(_line("the five together", sum(one.skipped for one in five), published.corpus))
    print(f"| mean of all {len(articles)} | | | {results.mean(Variant.WITHOUT):.3f} |")
    print(_line(f"all {len(articles)} together", sum(one.skipped for one in articles), results.corpus))
    print("| published mean of the five, without / paragraph / sentence pairs | | | 0.536 / 0.571 / 0.639 |\n")
    print("| | BLEU ↑ | chrF++ ↑ | TER ↓ |\n| --- | ---: | ---: | ---: |")
    for label, found in (
        ("the five", published.corpus),
        ("the five, an article each", published.documents),
        ("all", results.corpus),
        ("all, an article each", results.documents),
    ):
        scores = found.scores[Variant.WITHOUT]
        cells = [in_points(scores[metric]) if metric in scores else "" for metric in metrics]
        print(f"| {label} | {' | '.join(cells)} |")
    print("\n| placeables are | the five | all |\n| --- | ---: | ---: |")
    for choice in Placeables:
        print(f"| {choice} | {' | '.join(in_points(_together(texts, choice)) for texts in (five, articles))} |")
    print(f"\n| article | {options.unit}s | without reference | BLEU |\n| --- | ---: | ---: | ---: |")
    for one, row in zip(articles, results.rows, strict=True):
        print(_line(one.path, one.skipped, row))
    print()
    for metric in metrics:
        print(f"- {metric}: `{published.corpus.scores[Variant.WITHOUT][metric].signature}`")
    if options.export:
        _export(published.rows, five, options.export)


def _line(name: str, skipped: int, row: ResultRow) -> str:
    return f"| {name} | {row.sentences:,} | {skipped:,} | {in_fractions(row.scores[Variant.WITHOUT][Metric.BLEU])} |"


def _together(articles: Sequence[Drafted], placeables: Placeables) -> Score:
    """The BLEU of all segments of all articles, with this choice."""
    texts = seen(articles, placeables)
    hypotheses = [text for one in texts for text in one.hypotheses[Variant.WITHOUT]]
    references = [text for one in texts for text in one.references]
    return score(Metric.BLEU, hypotheses, references, CHINESE, f"placeables: {placeables}")


def _export(rows: Sequence[ResultRow], articles: Sequence[Drafted], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for texts, row in zip(seen(articles, Placeables.TOKENS), rows, strict=True):
        name = Path(texts.article).stem
        (folder / f"{name}.draft.txt").write_text("".join(f"{t}\n" for t in texts.hypotheses[Variant.WITHOUT]), "utf-8")
        (folder / f"{name}.human.txt").write_text("".join(f"{text}\n" for text in texts.references), "utf-8")
        print(f"{name}: {in_points(row.scores[Variant.WITHOUT][Metric.BLEU])}")


if __name__ == "__main__":
    main()
