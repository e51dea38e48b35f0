"""An evaluation as files: a page for people, all numbers as JSON, a plot, and the texts that sacreBLEU can score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bot.engines.base import Quote
from bot.evaluation.leaks import THRESHOLD
from bot.evaluation.results import ResultRow, ScoredTexts, Variant, joined
from bot.evaluation.scores import Metric, Score
from bot.evaluation.tables import articles_table, bleu_svg, in_points, scores_table, signatures
from bot.model import Placeables, is_stand_in
from bot.quality.articles import EvaluationData
from bot.quality.scoring import ScoredResults
from bot.quality.training_sets import LeakReport
from bot.report.markdown import counted, table
from bot.report.scores import STAND_IN

_PLACEABLES = {
    Placeables.TOKENS: "Formulas, code, references, addresses, notes and images count as one word each, in the "
    "translation and in the reference; two are the same word if their Markdown is the same.",
    Placeables.TEXT: "Of formulas and code, the text between their marks is compared, TeX included.",
    Placeables.SOURCE: "The Markdown source of both sides is compared, marks and addresses included.",
}


@dataclass(frozen=True)
class EvaluationReport:
    """The evaluation of one language. `cost` is the quote of this run."""

    language: str
    engine: str
    data: EvaluationData
    leaks: tuple[LeakReport, ...]
    scored: tuple[ScoredResults, ...]
    placeables: Placeables
    cost: Quote


def report_files(report: EvaluationReport) -> dict[str, bytes]:
    """Path (below the folder of the evaluation) to bytes."""
    name = report.language
    files = {
        f"{name}.md": markdown(report).encode("utf-8"),
        f"{name}.json": (json.dumps(as_data(report), ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        f"{name}.svg": bleu_svg([scored.results for scored in report.scored]).encode("utf-8"),
    }
    for scored in report.scored:
        folder = f"{name}-texts/{scored.languages.source.code}-{scored.languages.target.code}/{scored.unit.value}"
        for texts in scored.articles:
            files |= _text_files(texts, f"{folder}/{texts.article.removesuffix('.md')}")
        files |= _text_files(joined(scored.articles), f"{folder}/all")
    return files


def markdown(report: EvaluationReport) -> str:
    """The page for people."""
    results = [scored.results for scored in report.scored]
    parts = [f"# {report.language}: {report.engine}\n", _about(report)]
    if is_stand_in(report.engine):
        parts.append(f"**{STAND_IN}**\n")
    for unit in dict.fromkeys(scored.unit for scored in report.scored):
        parts += [
            f"## BLEU of every article, by {unit.value}\n",
            articles_table([result for result in results if result.unit == unit]),
            "\\* differs from the engine without parallel data by more than chance (p < 0.05).\n",
        ]
    parts += [
        "## All metrics\n",
        scores_table(results),
        "BLEU, chrF++ and TER from 0 to 100, with 95% bootstrap intervals; p of BLEU against the engine without "
        "parallel data (paired approximate randomization).\n",
        "## How placeables count\n",
        f"{_PLACEABLES[report.placeables]} BLEU under each choice:\n",
        _placeables_table(report.scored),
        "## Leak check\n",
        *(f"- {leaks.describe()}" for leaks in report.leaks),
        "\n## Signatures\n",
        *signatures(results),
        "",
    ]
    return "\n".join(parts)


def as_data(report: EvaluationReport) -> dict[str, object]:
    """Every number, with a description of what was measured."""
    return {
        "language": report.language,
        "engine": report.engine,
        "cost": {"characters": report.cost.characters, "dollars": str(report.cost.dollars)},
        "placeables": report.placeables.value,
        "leak_threshold": THRESHOLD,
        "leak_checks": [asdict(leaks) for leaks in report.leaks],
        "results": [_result(scored, report.data) for scored in report.scored],
    }


def _about(report: EvaluationReport) -> str:
    articles = report.data.articles
    lines = [
        f"- Engine: {report.engine}",
        "- Reference: the human translation, linked with its source by `bot.alignment`; the text that is translated is "
        "the other side of the link.",
    ]
    for unit in dict.fromkeys(scored.unit for scored in report.scored):
        skipped = ", ".join(f"{count:,} {reason}" for reason, count in sorted(report.data.skipped(unit).items()))
        number = sum(len(article.segments[unit]) for article in articles)
        lines.append(
            f"- By {unit.value}: {counted(number, 'segment')} of {counted(len(articles), 'article')}; left out "
            f"without a usable reference: {skipped or 'none'}."
        )
    return "\n".join([*lines, ""])


def _placeables_table(scored: Sequence[ScoredResults]) -> str:
    header = ["direction", "unit", "variant", *(choice.value for choice in Placeables)]
    rows = [
        [part.results.direction, part.unit.value, variant.label, *(in_points(scores[choice]) for choice in Placeables)]
        for part in scored
        for variant, scores in part.choices.items()
    ]
    return f"{table(header, rows, numbers_from=3)}\n"


def _result(scored: ScoredResults, data: EvaluationData) -> dict[str, object]:
    results = scored.results
    return {
        "direction": results.direction,
        "unit": results.unit,
        "skipped": {article.path: dict(article.skipped[scored.unit]) for article in data.articles},
        "articles": [_row(row) for row in results.rows],
        "mean_bleu": {variant.value: results.mean(variant) for variant in results.variants},
        "corpus": _row(results.corpus),
        "documents": _row(results.documents),
        "bleu_by_placeables": {variant.value: _scores(scores) for variant, scores in scored.choices.items()},
    }


def _row(row: ResultRow) -> dict[str, object]:
    return {
        "article": row.article,
        "sentences": row.sentences,
        "scores": {variant.value: _scores(scores) for variant, scores in row.scores.items()},
        "against_without": {variant.value: asdict(tested) for variant, tested in row.comparisons.items()},
        "not_translated": {variant.value: count for variant, count in row.left.items()},
    }


def _scores(scores: Mapping[Metric, Score] | Mapping[Placeables, Score]) -> dict[str, object]:
    return {name.value: asdict(score) for name, score in scores.items()}


def _text_files(texts: ScoredTexts, folder: str) -> dict[str, bytes]:
    sides: dict[str, Sequence[str]] = {"reference": texts.references}
    sides |= {variant.value: texts.hypotheses[variant] for variant in Variant if variant in texts.hypotheses}
    return {
        f"{folder}/{side}.txt": "".join(f"{line}\n" for line in lines).encode("utf-8") for side, lines in sides.items()
    }
