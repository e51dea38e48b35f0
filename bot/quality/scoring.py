"""From answers to scores: texts as their readers see them, article by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.workers import Advance, no_progress
from bot.evaluation.cells import Results, ScoredTexts, Variant, joined, score_cells
from bot.evaluation.reading import as_read
from bot.evaluation.scores import Metric, Score, score
from bot.model import Direction, Placeables
from bot.parallel_data.options import Level
from bot.quality.answers import StoredAnswer
from bot.quality.direction import EvaluatedDirection
from bot.quality.experiment import Design, EvaluationRun, Experiment

Answers = Mapping[str, tuple[StoredAnswer, ...]]


@dataclass(frozen=True)
class ScoredResults:
    """The results of one direction and unit with the texts that were scored, and for each variant the BLEU of all
    segments under every choice of what becomes of placeables."""

    direction: EvaluatedDirection
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
    """Raises ConfigError where sacreBLEU, or the tokenizer of a language, is missing."""
    found: list[ScoredResults] = []
    halves = [(direction, unit) for direction in design.directions for unit in design.units]
    for direction, unit in halves:
        runs = [run for run in experiment.runs if (run.direction, run.unit) == (direction, unit)]
        found.append(_score(runs, answers, placeables, metrics))
        advance("scoring", len(found), len(halves))
    return found


def _score(
    runs: Sequence[EvaluationRun], answers: Answers, placeables: Placeables, metrics: Sequence[Metric]
) -> ScoredResults:
    first = runs[0]
    target = first.languages.target
    arrow = f"{first.languages.source.code} → {target.code}"
    articles = _texts(runs, answers, placeables)
    compared = (
        f"{arrow}, {first.unit.value}s against the human translation that bot.alignment links with them; "
        f"placeables as {placeables.value}"
    )
    results = score_cells(arrow, first.unit.value, articles, target, metrics, compared)
    choices: dict[Variant, dict[Placeables, Score]] = {variant: {} for variant in results.variants}
    for choice in Placeables:
        whole = joined(_texts(runs, answers, choice))
        for variant, hypotheses in whole.hypotheses.items():
            about = f"{arrow}, placeables as {choice.value}; {variant.label}"
            choices[variant][choice] = score(Metric.BLEU, hypotheses, whole.references, target, about)
    return ScoredResults(first.direction, first.unit, first.languages, results, tuple(articles), choices)


def _texts(runs: Sequence[EvaluationRun], answers: Answers, placeables: Placeables) -> list[ScoredTexts]:
    by_article: dict[str, list[EvaluationRun]] = {}
    for run in runs:
        by_article.setdefault(run.article.path, []).append(run)
    return [
        ScoredTexts(
            path,
            tuple(as_read(text, own[0].languages.target, placeables) for text in own[0].references),
            {
                run.variant: tuple(as_read(one.text, run.languages.target, placeables) for one in answers[run.key])
                for run in own
            },
            {run.variant: sum(bool(one.left) for one in answers[run.key]) for run in own},
        )
        for path, own in by_article.items()
    ]
