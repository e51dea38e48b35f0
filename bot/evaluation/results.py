"""The results of an evaluation: the scores of every article, in one direction, by each variant of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.scores import Comparison, Metric, Score, compare, score
from bot.model import Language

ALL = "all articles"


class Variant(StrEnum):
    """What the engine was taught before it translated."""

    WITHOUT = "without"
    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"

    @property
    def label(self) -> str:
        return "without parallel data" if self is Variant.WITHOUT else f"with {self.value} pairs"


@dataclass(frozen=True, slots=True)
class ScoredTexts:
    """Segments of one article or of all: references, and the translations by each variant, all as their readers see
    them and one line each. `left` counts the segments that a variant did not translate (the source stands for them)."""

    article: str
    references: tuple[str, ...]
    hypotheses: Mapping[Variant, tuple[str, ...]]
    left: Mapping[Variant, int]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The scores of one article or of all, and each variant with parallel data against the one without, by BLEU."""

    article: str
    sentences: int
    scores: Mapping[Variant, Mapping[Metric, Score]]
    comparisons: Mapping[Variant, Comparison]
    left: Mapping[Variant, int]


@dataclass(frozen=True, slots=True)
class Results:
    """One direction (`en → zh`) and one unit (sentence or paragraph). `rows` are the articles; `corpus` is all their
    segments together; `documents` are the articles with all their segments as one each (Liu et al., 2020, d-BLEU)."""

    direction: str
    unit: str
    rows: tuple[ResultRow, ...]
    corpus: ResultRow
    documents: ResultRow

    @property
    def variants(self) -> tuple[Variant, ...]:
        return tuple(variant for variant in Variant if variant in self.corpus.scores)

    def mean(self, variant: Variant) -> float:
        """The mean of the articles' BLEU, 0 to 1: what the published averages are of."""
        return sum(row.scores[variant][Metric.BLEU].fraction for row in self.rows) / len(self.rows)


def score_articles(
    direction: str,
    unit: str,
    articles: Sequence[ScoredTexts],
    language: Language,
    metrics: Sequence[Metric],
    compared: str,
) -> Results:
    """Scores of every article (BLEU alone) and of all together (`metrics`); `language` is the target's. Raises
    ConfigError where a score can't be had."""
    rows = [score_texts(texts, language, [Metric.BLEU], compared) for texts in articles]
    corpus = score_texts(joined(articles), language, metrics, compared)
    # TER of a whole article takes minutes, and words that moved through an article tell little.
    few = [metric for metric in metrics if metric is not Metric.TER]
    documents = score_texts(_documents(articles, language), language, few, f"{compared}, each article one segment")
    return Results(direction, unit, tuple(rows), corpus, documents)


def joined(articles: Sequence[ScoredTexts]) -> ScoredTexts:
    """All segments of all articles, in their order."""
    return ScoredTexts(
        ALL,
        tuple(text for one in articles for text in one.references),
        {v: tuple(text for one in articles for text in one.hypotheses[v]) for v in articles[0].hypotheses},
        {v: sum(one.left[v] for one in articles) for v in articles[0].hypotheses},
    )


def _documents(articles: Sequence[ScoredTexts], language: Language) -> ScoredTexts:
    def join(texts: Iterable[str]) -> str:
        return language.joiner.join(texts)

    whole = joined(articles)
    return ScoredTexts(
        ALL,
        tuple(join(one.references) for one in articles),
        {variant: tuple(join(one.hypotheses[variant]) for one in articles) for variant in whole.hypotheses},
        whole.left,
    )


def score_texts(texts: ScoredTexts, language: Language, metrics: Sequence[Metric], compared: str) -> ResultRow:
    """The scores of one article or of several together, and the tests against the engine without parallel data. Raises
    ConfigError where a score can't be had."""
    about = {variant: f"{compared}; {texts.article}; {variant.label}" for variant in texts.hypotheses}
    scores = {
        variant: {metric: score(metric, found, texts.references, language, about[variant]) for metric in metrics}
        for variant, found in texts.hypotheses.items()
    }
    baseline = texts.hypotheses.get(Variant.WITHOUT)
    comparisons: dict[Variant, Comparison] = {
        variant: compare(Metric.BLEU, baseline, found, texts.references, language, about[variant])
        for variant, found in texts.hypotheses.items()
        if baseline is not None and variant is not Variant.WITHOUT
    }
    return ResultRow(texts.article, len(texts.references), scores, comparisons, texts.left)
