"""The results of an evaluation for readers: Markdown tables of the articles and of all scores, and an SVG plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.evaluation.results import ALL, ResultRow, Results, Variant
from bot.evaluation.scores import Metric, Score

_BETTER_ARROWS = {Metric.BLEU: "↑", Metric.CHRF: "↑", Metric.TER: "↓"}
# The palette of Okabe & Ito, for readers with colour blindness too.
_COLOURS = {Variant.WITHOUT: "#999999", Variant.PARAGRAPH: "#0072b2", Variant.SENTENCE: "#d55e00"}
# Pixels.
_NAMES_WIDTH, _PANEL_WIDTH, _GAP, _TOP, _LINE_HEIGHT = 260, 260, 40, 76, 34
_GRID_MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def articles_table(results: Sequence[Results]) -> str:
    """BLEU (0 to 1) of every article, one direction beside the other, for results of one unit. `*` marks a significant
    difference (p < 0.05) from the variant without parallel data."""
    columns = [(result, variant) for result in results for variant in result.variants]
    header = [
        "article",
        f"{results[0].unit}s",
        *(f"{result.direction}, {variant.label}" for result, variant in columns),
    ]
    lines = [header, ["---", *("---:" for _ in header[1:])]]
    for number, row in enumerate(results[0].rows):
        cells = (_bleu(result.rows[number], variant) for result, variant in columns)
        lines.append([row.article, f"{row.sentences:,}", *cells])
    lines.append(["mean of the articles", "", *(f"{result.mean(variant):.3f}" for result, variant in columns)])
    whole = (_bleu(result.corpus, variant) for result, variant in columns)
    lines.append([ALL, f"{results[0].corpus.sentences:,}", *whole])
    return _table(lines)


def scores_table(results: Sequence[Results]) -> str:
    """Every metric over all segments, and with each article as one segment."""
    metrics = list(next(iter(results[0].corpus.scores.values())))
    header = ["direction", "unit", "variant", *(f"{metric} {_BETTER_ARROWS[metric]}" for metric in metrics)]
    lines = [[*header, "p", "not translated"], ["---", "---", "---", *("---:" for _ in metrics), "---:", "---:"]]
    for result in results:
        for unit, row in ((result.unit, result.corpus), ("article", result.documents)):
            for variant in result.variants:
                scores = row.scores[variant]
                numbers = [in_points(scores[metric]) if metric in scores else "" for metric in metrics]
                tested = row.comparisons.get(variant)
                p_value = f"{tested.p_value:.4f}" if tested else ""
                left = f"{row.left[variant]:,}" if row.left[variant] else ""
                lines.append([result.direction, unit, variant.label, *numbers, p_value, left])
    return _table(lines)


def signatures(results: Sequence[Results]) -> list[str]:
    """Every signature once, with its metric and direction, as lines of a list."""
    labels: dict[str, str] = {}
    for result in results:
        for row in (*result.rows, result.corpus, result.documents):
            for scores in row.scores.values():
                for score in scores.values():
                    labels.setdefault(score.signature, f"{score.metric}, {result.direction}")
            for tested in row.comparisons.values():
                labels.setdefault(tested.signature, f"p, {result.direction}")
    return [f"- {label}: `{signature}`" for signature, label in labels.items()]


def in_points(score: Score) -> str:
    """`57.1 ± 1.8`, on the scale of 0 to 100."""
    return f"{score.value:.1f}" if score.margin is None else f"{score.value:.1f} ± {score.margin:.1f}"


def in_fractions(score: Score) -> str:
    """`0.571 ± 0.018`, on the scale of 0 to 1."""
    return f"{score.fraction:.3f}" if score.margin is None else f"{score.fraction:.3f} ± {score.margin / 100:.3f}"


def _bleu(row: ResultRow, variant: Variant) -> str:
    tested = row.comparisons.get(variant)
    return in_fractions(row.scores[variant][Metric.BLEU]) + ("*" if tested and tested.is_significant else "")


def _table(lines: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def bleu_svg(results: Sequence[Results]) -> str:
    """The BLEU of every article with its interval, as a self-contained SVG: a panel for each result, side by side, with
    a line for each article and one for all. The results are of the same articles."""
    rows = [*results[0].rows, results[0].corpus]
    width = _NAMES_WIDTH + len(results) * (_PANEL_WIDTH + _GAP)
    height = _TOP + _LINE_HEIGHT * len(rows) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="13" '
        'font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="12" y="26" font-size="16">BLEU of every article, with 95% intervals</text>',
    ]
    for number, row in enumerate(rows):
        name = row.article if len(row.article) <= 36 else f"…{row.article[-35:]}"
        parts.append(f'<text x="{_NAMES_WIDTH - 14}" y="{_middle(number) + 4}" text-anchor="end">{escape(name)}</text>')
    for place, result in enumerate(results):
        parts += _panel(result, _NAMES_WIDTH + place * (_PANEL_WIDTH + _GAP))
    for number, variant in enumerate(results[0].variants):
        x, y = _NAMES_WIDTH + 200 * number, height - 14
        parts.append(f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{_COLOURS[variant]}"/>')
        parts.append(f'<text x="{x + 10}" y="{y}">{escape(variant.label)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(result: Results, left: int) -> Iterator[str]:
    rows = [*result.rows, result.corpus]
    bottom = _middle(len(rows) - 1) + _LINE_HEIGHT // 2
    title = f"{escape(result.direction)}, by {escape(result.unit)}"
    yield f'<text x="{left}" y="{_TOP - 26}" font-weight="bold">{title}</text>'
    for mark in _GRID_MARKS:
        x = left + mark * _PANEL_WIDTH
        yield f'<path d="M{x:g} {_TOP - 6}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:g}" y="{_TOP - 10}" text-anchor="middle" font-size="11" fill="#555">{mark:g}</text>'
    for number, row in enumerate(rows):
        for offset, variant in enumerate(result.variants):
            yield from _point(row, variant, left, _middle(number) + 8 * offset - 4 * (len(result.variants) - 1))


def _point(row: ResultRow, variant: Variant, left: int, y: float) -> Iterator[str]:
    score = row.scores[variant][Metric.BLEU]
    colour = _COLOURS[variant]
    if score.interval:
        low, high = (left + _PANEL_WIDTH * min(1.0, max(0.0, end / 100)) for end in score.interval)
        yield f'<path d="M{low:.1f} {y:g}H{high:.1f}" stroke="{colour}" stroke-width="2"/>'
    title = f"{row.article}, {variant.label}: {score.fraction:.3f}, {score.sentences} segments, {score.signature}"
    yield (
        f'<circle cx="{left + _PANEL_WIDTH * score.fraction:.1f}" cy="{y:g}" r="3.5" fill="{colour}">'
        f"<title>{escape(title)}</title></circle>"
    )


def _middle(number: int) -> int:
    return _TOP + _LINE_HEIGHT * number + _LINE_HEIGHT // 2
