"""The tables and the plot of an evaluation, against golden files that a person can read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.evaluation.results import ResultRow, Results, ScoredTexts, Variant, joined, score_articles
from bot.evaluation.scores import Comparison, Metric, Score, score
from bot.evaluation.tables import articles_table, bleu_svg, scores_table, signatures
from bot.model import Language

ENGLISH = Language("en", "English")
GOLDEN = Path(__file__).parents[1] / "golden" / "evaluation"
# The published averages of five articles.
PUBLISHED = {"en → zh": (53.6, 57.1, 63.9), "zh → en": (72.0, 78.6, 84.6)}


def made(metric: Metric, value: float, sentences: int, margin: float | None = 1.8) -> Score:
    interval = None if margin is None else (value - margin, value + margin)
    return Score(metric, value, interval, f"signature of {metric}", sentences, "a test")


def row(
    article: str, values: tuple[float, ...], sentences: int, metrics: tuple[Metric, ...] = (Metric.BLEU,)
) -> ResultRow:
    variants = dict(zip(Variant, values, strict=True))
    return ResultRow(
        article,
        sentences,
        {
            variant: {metric: made(metric, value, sentences) for metric in metrics}
            for variant, value in variants.items()
        },
        {
            variant: Comparison(Metric.BLEU, value - values[0], p_value, "signature of p", sentences, "a test")
            for (variant, value), p_value in zip(list(variants.items())[1:], (0.2, 0.0001), strict=True)
        },
        dict.fromkeys(Variant, 0) | {Variant.WITHOUT: 2},
    )


def results(direction: str) -> Results:
    values = PUBLISHED[direction]
    lower, higher = (tuple(value + shift for value in values) for shift in (-3.0, 3.0))
    return Results(
        direction,
        "sentence",
        (row("part/one.md", lower, 120), row("part/two|three.md", higher, 80)),
        row("all articles", values, 200, tuple(Metric)),
        row("all articles", higher, 2, (Metric.BLEU, Metric.CHRF)),
    )


BOTH = [results(direction) for direction in PUBLISHED]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("articles.md", articles_table(BOTH)),
        ("scores.md", scores_table(BOTH)),
        ("signatures.md", "\n".join(signatures(BOTH)) + "\n"),
        ("bleu.svg", bleu_svg(BOTH)),
    ],
)
def test_tables_and_plot_are_as_expected(name: str, text: str) -> None:
    assert text == (GOLDEN / name).read_text("utf-8")


def test_the_mean_is_of_the_articles_not_of_their_segments() -> None:
    assert [round(BOTH[0].mean(variant), 3) for variant in Variant] == [0.536, 0.571, 0.639]


def test_the_plot_is_well_formed_and_stays_inside_its_panel() -> None:
    root = ElementTree.fromstring(bleu_svg([results("en → zh")]))
    width = float(root.attrib["viewBox"].split()[2])
    circles = [float(e.attrib["cx"]) for e in root.iter() if e.tag.endswith("circle")]
    assert len(circles) == 3 * 3 + 3
    assert all(0 < x < width for x in circles[:9])


def texts(article: str, *lines: str, left: int = 0) -> ScoredTexts:
    better = tuple(lines)
    worse = tuple(f"{line[:-6]} nothing" for line in lines)
    return ScoredTexts(
        article, better, {Variant.WITHOUT: worse, Variant.SENTENCE: better}, dict.fromkeys(Variant, left)
    )


def test_articles_are_scored_alone_together_and_as_one_segment_each() -> None:
    one = texts("a.md", *(f"This is the sentence number {n} of it here." for n in range(8)), left=1)
    two = texts("b.md", *(f"There are {n} more words to be seen today." for n in range(8)), left=2)
    found = score_articles("en → en", "sentence", [one, two], ENGLISH, list(Metric), "a test")
    assert [(r.article, r.sentences) for r in found.rows] == [("a.md", 8), ("b.md", 8)]
    assert (found.corpus.sentences, found.documents.sentences) == (16, 2)
    assert found.variants == (Variant.WITHOUT, Variant.SENTENCE)
    assert found.corpus.left[Variant.WITHOUT] == 3
    best = found.corpus.scores[Variant.SENTENCE]
    assert (round(best[Metric.BLEU].value), round(best[Metric.CHRF].value), best[Metric.TER].value) == (100, 100, 0)
    assert found.rows[0].comparisons[Variant.SENTENCE].is_significant
    whole = " ".join(one.hypotheses[Variant.WITHOUT]), " ".join(two.hypotheses[Variant.WITHOUT])
    expected = score(Metric.CHRF, whole, [" ".join(one.references), " ".join(two.references)], ENGLISH, "").value
    assert found.documents.scores[Variant.WITHOUT][Metric.CHRF].value == expected
    assert Metric.TER not in found.documents.scores[Variant.SENTENCE]
    compared = found.rows[0].scores[Variant.SENTENCE][Metric.BLEU].compared
    assert compared == "a test; a.md; with sentence pairs"
    assert joined([one, two]).references == one.references + two.references
