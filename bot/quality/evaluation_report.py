"""An evaluation as files: a page for people, all numbers as JSON, a plot, and the texts that sacreBLEU can score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bot.engines.base import Quote
from bot.evaluation.cells import ResultRow, ScoredTexts, Variant, joined
from bot.evaluation.figure import bleu_svg
from bot.evaluation.leaks import THRESHOLD
from bot.evaluation.scores import Metric, Score
from bot.evaluation.tables import articles_table, in_points, scores_table, signatures
from bot.model import Placeables
from bot.quality.articles import Article
from bot.quality.experiment import skipped
from bot.quality.scoring import ScoredResults
from bot.quality.training_sets import Proof
from bot.report.markdown import counted

_CHOICES = {
    Placeables.TOKENS: "Formulas, code, references, addresses, notes and images count as one word each, in the "
    "translation and in the reference; the same where their Markdown is the same.",
    Placeables.TEXT: "Of formulas and code the text between their marks is compared, TeX included.",
    Placeables.SOURCE: "The Markdown source of both sides is compared, marks and addresses included.",
}


@dataclass(frozen=True)
class EvaluationReport:
    """All that is told of the evaluation of one language. `cost` is what this run was quoted."""

    language: str
    engine: str
    articles: tuple[Article, ...]
    proofs: tuple[Proof, ...]
    scored: tuple[ScoredResults, ...]
    placeables: Placeables
    cost: Quote


def report_files(report: EvaluationReport) -> dict[str, bytes]:
    """Path (below the folder of the evaluation) to bytes."""
    name = report.language
    files = {
        f"{name}.md": markdown(report).encode("utf-8"),
        f"{name}.json": (json.dumps(as_data(report), ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        f"{name}.svg": bleu_svg([one.results for one in report.scored]).encode("utf-8"),
    }
    for one in report.scored:
        folder = f"{name}-texts/{one.languages.source.code}-{one.languages.target.code}/{one.unit.value}"
        for texts, place in [*((texts, texts.article) for texts in one.articles), (joined(one.articles), "all")]:
            files |= _lines(texts, f"{folder}/{place.removesuffix('.md')}")
    return files


def markdown(report: EvaluationReport) -> str:
    """The page for people."""
    results = [one.results for one in report.scored]
    parts = [f"# {report.language}: {report.engine}\n", _about(report)]
    for unit in dict.fromkeys(one.unit for one in report.scored):
        parts += [
            f"## BLEU of every article, by {unit.value}\n",
            articles_table([r for r in results if r.unit == unit]),
        ]
        parts.append("\\* differs from the engine without parallel data by more than chance (p < 0.05).\n")
    parts += ["## All metrics\n", scores_table(results)]
    parts.append(
        "BLEU, chrF++ and TER from 0 to 100, with 95% bootstrap intervals; p of BLEU against the engine without "
        "parallel data (paired approximate randomization).\n"
    )
    parts += ["## What placeables count\n", f"{_CHOICES[report.placeables]} BLEU under each choice:\n"]
    parts += [_choices_table(report.scored), "## Leak check\n", *(f"- {proof.describe()}" for proof in report.proofs)]
    parts += ["\n## Signatures\n", *signatures(results), ""]
    return "\n".join(parts)


def as_data(report: EvaluationReport) -> dict[str, object]:
    """Every number, with what it is of."""
    return {
        "language": report.language,
        "engine": report.engine,
        "cost": {"characters": report.cost.characters, "dollars": str(report.cost.dollars)},
        "placeables": report.placeables.value,
        "leak_threshold": THRESHOLD,
        "leak_checks": [asdict(proof) for proof in report.proofs],
        "results": [_result(one, report.articles) for one in report.scored],
    }


def _about(report: EvaluationReport) -> str:
    lines = [
        f"- Engine: {report.engine}",
        "- Reference: the human translation, linked with its source by `bot.alignment`; the text that is translated is "
        "the other side of the link.",
    ]
    for unit in dict.fromkeys(one.unit for one in report.scored):
        left_out = ", ".join(f"{count:,} {reason}" for reason, count in sorted(skipped(report.articles, unit).items()))
        number = sum(len(article.segments[unit]) for article in report.articles)
        lines.append(
            f"- By {unit.value}: {counted(number, 'segment')} of {counted(len(report.articles), 'article')}; without a "
            f"usable reference, and left out: {left_out or 'none'}."
        )
    return "\n".join([*lines, ""])


def _choices_table(scored: Sequence[ScoredResults]) -> str:
    lines = [
        f"| direction | unit | variant | {' | '.join(choice.value for choice in Placeables)} |",
        f"| --- | --- | --- | {' | '.join('---:' for _ in Placeables)} |",
    ]
    for one in scored:
        for variant, choices in one.choices.items():
            numbers = " | ".join(in_points(choices[choice]) for choice in Placeables)
            lines.append(f"| {one.results.direction} | {one.unit.value} | {variant.label} | {numbers} |")
    return "\n".join([*lines, ""])


def _result(one: ScoredResults, articles: Sequence[Article]) -> dict[str, object]:
    results = one.results
    return {
        "direction": results.direction,
        "unit": results.unit,
        "skipped": {article.path: dict(article.skipped[one.unit]) for article in articles},
        "articles": [_row(row) for row in results.rows],
        "mean_bleu": {variant.value: results.mean(variant) for variant in results.variants},
        "corpus": _row(results.corpus),
        "documents": _row(results.documents),
        "bleu_by_placeables": {
            variant.value: {choice.value: asdict(score) for choice, score in choices.items()}
            for variant, choices in one.choices.items()
        },
    }


def _row(row: ResultRow) -> dict[str, object]:
    return {
        "article": row.article,
        "sentences": row.sentences,
        "scores": {variant.value: _scores(scores) for variant, scores in row.scores.items()},
        "against_without": {variant.value: asdict(tested) for variant, tested in row.comparisons.items()},
        "not_translated": {variant.value: count for variant, count in row.left.items()},
    }


def _scores(scores: Mapping[Metric, Score]) -> dict[str, object]:
    return {metric.value: asdict(score) for metric, score in scores.items()}


def _lines(texts: ScoredTexts, folder: str) -> dict[str, bytes]:
    sides: dict[str, Sequence[str]] = {"reference": texts.references}
    sides |= {variant.value: texts.hypotheses[variant] for variant in Variant if variant in texts.hypotheses}
    return {
        f"{folder}/{side}.txt": "".join(f"{line}\n" for line in lines).encode("utf-8") for side, lines in sides.items()
    }
