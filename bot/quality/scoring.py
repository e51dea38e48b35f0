"""From answers to scores: texts as their readers see them, article by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.workers import Advance, no_progress
from bot.evaluation.reading import as_read
from bot.evaluation.results import Results, ScoredTexts, Variant, joined, score_articles
from bot.evaluation.scores import Metric, Score, score
from bot.model import Direction, Placeables
from bot.parallel_data.options import Level
from bot.quality.answers import StoredAnswer
from bot.quality.design import Design
from bot.quality.experiment import EvaluationRun, Experiment

Answers = Mapping[str, tuple[StoredAnswer, ...]]
"""By the key of the run."""


@dataclass(frozen=True)
class ScoredResults:
    """The results of one direction and unit, their texts, and the BLEU by variant and treatment of placeables."""

    unit: Level
    languages: Direction
    results: Results
    articles: tuple[ScoredTexts, ...]
    choices: Mapping[Variant, Mapping[Placeables, Score]]


def score_experiment(
    experiment: Experiment,
    answers: Answers,
    design: Design,
    placeables: Placeables,
    metrics: Sequence[Metric],
    advance: Advance = no_progress,
) -> list[ScoredResults]:
    """Raises ConfigError if sacreBLEU, or the tokenizer of a language, is missing."""
    scored: list[ScoredResults] = []
    parts = [(direction, unit) for direction in design.directions for unit in design.units]
    for direction, unit in parts:
        runs = [run for run in experiment.runs if (run.direction, run.unit) == (direction, unit)]
        languages = runs[0].languages
        pair, target = f"{languages.source.code} → {languages.target.code}", languages.target
        articles = scored_texts(runs, answers, placeables)
        compared = (
            f"{pair}, {unit.value}s against the human translation that bot.alignment links with them; "
            f"placeables as {placeables.value}"
        )
        results = score_articles(pair, unit.value, articles, target, metrics, compared)
        choices: dict[Variant, dict[Placeables, Score]] = {variant: {} for variant in results.variants}
        for choice in Placeables:
            whole = joined(scored_texts(runs, answers, choice))
            for variant, hypotheses in whole.hypotheses.items():
                about = f"{pair}, placeables as {choice.value}; {variant.label}"
                choices[variant][choice] = score(Metric.BLEU, hypotheses, whole.references, target, about)
        scored.append(ScoredResults(unit, languages, results, tuple(articles), choices))
        advance("scoring", len(scored), len(parts))
    return scored


def scored_texts(runs: Sequence[EvaluationRun], answers: Answers, placeables: Placeables) -> list[ScoredTexts]:
    """The references and answers of each article, as their readers see them."""
    by_article: dict[str, list[EvaluationRun]] = {}
    for run in runs:
        by_article.setdefault(run.article.path, []).append(run)
    return [
        ScoredTexts(
            path,
            tuple(as_read(text, own[0].languages.target, placeables) for text in own[0].references),
            {
                run.variant: tuple(
                    as_read(answer.text, run.languages.target, placeables) for answer in answers[run.key]
                )
                for run in own
            },
            {run.variant: sum(bool(answer.left) for answer in answers[run.key]) for run in own},
        )
        for path, own in by_article.items()
    ]
