"""The results of an evaluation as Markdown: the table of the articles as the published ones are, and all scores."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.results import ALL, ResultRow, Results, Variant
from bot.evaluation.scores import Metric, Score

_ARROWS = {Metric.BLEU: "↑", Metric.CHRF: "↑", Metric.TER: "↓"}


def articles_table(results: Sequence[Results]) -> str:
    """BLEU (0 to 1) of every article, one direction beside the other, for results of one unit. `*` marks what differs
    from the variant without parallel data by more than chance (p < 0.05)."""
    header = ["article", f"{results[0].unit}s"]
    header += [f"{one.direction}, {variant.label}" for one in results for variant in one.variants]
    lines = [header, ["---", *("---:" for _ in header[1:])]]
    for number, row in enumerate(results[0].rows):
        cells = [_bleu(one.rows[number], variant) for one in results for variant in one.variants]
        lines.append([row.article, f"{row.sentences:,}", *cells])
    means = [f"{one.mean(variant):.3f}" for one in results for variant in one.variants]
    lines.append(["mean of the articles", "", *means])
    whole = [_bleu(one.corpus, variant) for one in results for variant in one.variants]
    lines.append([ALL, f"{results[0].corpus.sentences:,}", *whole])
    return _table(lines)


def scores_table(results: Sequence[Results]) -> str:
    """Every metric over all segments, and over the articles as one segment each."""
    metrics = list(next(iter(results[0].corpus.scores.values())))
    header = ["direction", "unit", "variant", *(f"{metric} {_ARROWS[metric]}" for metric in metrics)]
    lines = [
        [*header, "p", "not translated"],
        ["---", "---", "---", *("---:" for _ in metrics), "---:", "---:"],
    ]
    for one in results:
        for unit, row in ((one.unit, one.corpus), ("article", one.documents)):
            for variant in one.variants:
                scores = row.scores[variant]
                numbers = [in_points(scores[metric]) if metric in scores else "" for metric in metrics]
                tested = row.comparisons.get(variant)
                p_value = f"{tested.p_value:.4f}" if tested else ""
                lines.append([one.direction, unit, variant.label, *numbers, p_value, _count(row.left[variant])])
    return _table(lines)


def signatures(results: Sequence[Results]) -> list[str]:
    """Every signature once, with what it belongs to: lines of a list."""
    found: dict[str, str] = {}
    for one in results:
        for row in (*one.rows, one.corpus, one.documents):
            for scores in row.scores.values():
                for score in scores.values():
                    found.setdefault(score.signature, f"{score.metric}, {one.direction}")
            for tested in row.comparisons.values():
                found.setdefault(tested.signature, f"p, {one.direction}")
    return [f"- {what}: `{signature}`" for signature, what in found.items()]


def in_points(score: Score) -> str:
    """`57.1 ± 1.8`, on the scale of 0 to 100."""
    return f"{score.value:.1f}" if score.margin is None else f"{score.value:.1f} ± {score.margin:.1f}"


def in_fractions(score: Score) -> str:
    """`0.571 ± 0.018`, on the scale of 0 to 1."""
    return f"{score.fraction:.3f}" if score.margin is None else f"{score.fraction:.3f} ± {score.margin / 100:.3f}"


def _bleu(row: ResultRow, variant: Variant) -> str:
    tested = row.comparisons.get(variant)
    return in_fractions(row.scores[variant][Metric.BLEU]) + ("*" if tested and tested.is_significant else "")


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _table(lines: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)
