"""The scores of an evaluation: of each article and of all, in one direction, by each variant of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.scores import Comparison, Metric, Score, compare, score
from bot.model import Language

ALL = "all articles"


class Variant(StrEnum):
    """The parallel data that the engine had when it translated."""

    WITHOUT = "without"
    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"

    @property
    def label(self) -> str:
        return "without parallel data" if self is Variant.WITHOUT else f"with {self.value} pairs"


@dataclass(frozen=True, slots=True)
class ScoredTexts:
    """Segments of one article or of all: references and the translations by each variant, as readers see them, one line
    each. `left` counts the segments that a variant left in the source language."""

    article: str
    references: tuple[str, ...]
    hypotheses: Mapping[Variant, tuple[str, ...]]
    left: Mapping[Variant, int]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The scores of one article or of all, and the comparison of each variant with parallel data to the variant
    without, by BLEU."""

    article: str
    sentences: int
    scores: Mapping[Variant, Mapping[Metric, Score]]
    comparisons: Mapping[Variant, Comparison]
    left: Mapping[Variant, int]


@dataclass(frozen=True, slots=True)
class Results:
    """One direction (`en → zh`) and one unit (sentence or paragraph). `rows` are the articles, `corpus` is all their
    segments together, `documents` has each article as one segment (d-BLEU; Liu et al., 2020)."""

    direction: str
    unit: str
    rows: tuple[ResultRow, ...]
    corpus: ResultRow
    documents: ResultRow

    @property
    def variants(self) -> tuple[Variant, ...]:
        return tuple(variant for variant in Variant if variant in self.corpus.scores)

    def mean(self, variant: Variant) -> float:
        """The mean of the articles' BLEU, 0 to 1, like the published averages."""
        return sum(row.scores[variant][Metric.BLEU].fraction for row in self.rows) / len(self.rows)


def score_articles(
    direction: str,
    unit: str,
    articles: Sequence[ScoredTexts],
    language: Language,
    metrics: Sequence[Metric],
    compared: str,
) -> Results:
    """Scores of every article (BLEU only) and of all together (`metrics`). `language` is the target language. Raises
    ConfigError if the scorer of a metric is not installed."""
    rows = [score_texts(texts, language, [Metric.BLEU], compared) for texts in articles]
    corpus = score_texts(joined(articles), language, metrics, compared)
    # TER of a whole article takes minutes, and moves of words across an article mean little.
    quick = [metric for metric in metrics if metric is not Metric.TER]
    documents = score_texts(joined(articles, language), language, quick, f"{compared}, each article one segment")
    return Results(direction, unit, tuple(rows), corpus, documents)


def joined(articles: Sequence[ScoredTexts], language: Language | None = None) -> ScoredTexts:
    """All segments of all articles, in their order; with the target `language`, each article as one segment."""

    def segments(texts: Sequence[str]) -> Sequence[str]:
        return [language.joiner.join(texts)] if language else texts

    variants = articles[0].hypotheses
    return ScoredTexts(
        ALL,
        tuple(text for article in articles for text in segments(article.references)),
        {v: tuple(text for article in articles for text in segments(article.hypotheses[v])) for v in variants},
        {v: sum(article.left[v] for article in articles) for v in variants},
    )


def score_texts(texts: ScoredTexts, language: Language, metrics: Sequence[Metric], compared: str) -> ResultRow:
    """The scores of one article or of several together, and the comparisons with the engine without parallel data.
    Raises ConfigError like `score`."""
    about = {variant: f"{compared}; {texts.article}; {variant.label}" for variant in texts.hypotheses}
    scores = {
        variant: {metric: score(metric, hypotheses, texts.references, language, about[variant]) for metric in metrics}
        for variant, hypotheses in texts.hypotheses.items()
    }
    baseline = texts.hypotheses.get(Variant.WITHOUT)
    comparisons: dict[Variant, Comparison] = {
        variant: compare(Metric.BLEU, baseline, hypotheses, texts.references, language, about[variant])
        for variant, hypotheses in texts.hypotheses.items()
        if baseline is not None and variant is not Variant.WITHOUT
    }
    return ResultRow(texts.article, len(texts.references), scores, comparisons, texts.left)
