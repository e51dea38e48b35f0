"""From answers to scores: texts as their readers see them, article by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.book.workers import Advance, no_progress
from bot.evaluation.cells import Results, ScoredTexts, Variant, joined, score_cells
from bot.evaluation.reading import as_read
from bot.evaluation.scores import Metric, Score, score
from bot.model import Direction, Placeables
from bot.parallel_data.choices import Level
from bot.quality.direction import EvaluatedDirection
from bot.quality.experiment import Cell, Design, Exam
from bot.quality.store import Answer

Answers = Mapping[str, tuple[Answer, ...]]


@dataclass(frozen=True)
class Scored:
    """The results of one direction and unit with the texts that were scored, and for each variant the BLEU of all
    segments under every choice of what becomes of placeables."""

    direction: EvaluatedDirection
    unit: Level
    languages: Direction
    results: Results
    articles: tuple[ScoredTexts, ...]
    choices: Mapping[Variant, Mapping[Placeables, Score]]


def score_exam(
    exam: Exam,
    answers: Answers,
    design: Design,
    placeables: Placeables,
    metrics: Sequence[Metric],
    advance: Advance = no_progress,
) -> list[Scored]:
    """Raises ConfigError where sacreBLEU, or the tokenizer of a language, is missing."""
    found: list[Scored] = []
    halves = [(direction, unit) for direction in design.directions for unit in design.units]
    for direction, unit in halves:
        cells = [cell for cell in exam.cells if (cell.direction, cell.unit) == (direction, unit)]
        found.append(_score(cells, answers, placeables, metrics))
        advance("scoring", len(found), len(halves))
    return found


def _score(cells: Sequence[Cell], answers: Answers, placeables: Placeables, metrics: Sequence[Metric]) -> Scored:
    first = cells[0]
    target = first.languages.target
    arrow = f"{first.languages.source.code} → {target.code}"
    articles = _texts(cells, answers, placeables)
    compared = (
        f"{arrow}, {first.unit.value}s against the human translation that bot.alignment links with them; "
        f"placeables as {placeables.value}"
    )
    results = score_cells(arrow, first.unit.value, articles, target, metrics, compared)
    choices: dict[Variant, dict[Placeables, Score]] = {variant: {} for variant in results.variants}
    for choice in Placeables:
        whole = joined(_texts(cells, answers, choice))
        for variant, hypotheses in whole.hypotheses.items():
            about = f"{arrow}, placeables as {choice.value}; {variant.label}"
            choices[variant][choice] = score(Metric.BLEU, hypotheses, whole.references, target, about)
    return Scored(first.direction, first.unit, first.languages, results, tuple(articles), choices)


def _texts(cells: Sequence[Cell], answers: Answers, placeables: Placeables) -> list[ScoredTexts]:
    by_article: dict[str, list[Cell]] = {}
    for cell in cells:
        by_article.setdefault(cell.article.path, []).append(cell)
    return [
        ScoredTexts(
            path,
            tuple(as_read(text, own[0].languages.target, placeables) for text in own[0].references),
            {
                cell.variant: tuple(as_read(one.text, cell.languages.target, placeables) for one in answers[cell.key])
                for cell in own
            },
            {cell.variant: sum(bool(one.left) for one in answers[cell.key]) for cell in own},
        )
        for path, own in by_article.items()
    ]
