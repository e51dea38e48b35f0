"""Draws the BLEU of every article with its interval as a self-contained SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.evaluation.results import ResultRow, Results, Variant
from bot.evaluation.scores import Metric

# Colours that people with colour blindness can tell apart (Okabe & Ito).
_COLOURS = {Variant.WITHOUT: "#999999", Variant.PARAGRAPH: "#0072b2", Variant.SENTENCE: "#d55e00"}
_NAMES, _PANEL, _GAP, _TOP, _LINE = 260, 260, 40, 76, 34
_MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def bleu_svg(results: Sequence[Results]) -> str:
    """One panel for each result, side by side; in each a line for each article and one for all of them. The results
    are of the same articles."""
    rows = [*results[0].rows, results[0].corpus]
    width = _NAMES + len(results) * (_PANEL + _GAP)
    height = _TOP + _LINE * len(rows) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="13" '
        'font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="12" y="26" font-size="16">BLEU of every article, with 95% intervals</text>',
    ]
    for number, row in enumerate(rows):
        name = row.article if len(row.article) <= 36 else f"…{row.article[-35:]}"
        parts.append(f'<text x="{_NAMES - 14}" y="{_middle(number) + 4}" text-anchor="end">{escape(name)}</text>')
    for place, one in enumerate(results):
        parts += _panel(one, _NAMES + place * (_PANEL + _GAP))
    parts += _legend(results[0], height - 14)
    return "\n".join([*parts, "</svg>", ""])


def _panel(one: Results, left: int) -> Iterator[str]:
    rows = [*one.rows, one.corpus]
    bottom = _middle(len(rows) - 1) + _LINE // 2
    yield f'<text x="{left}" y="{_TOP - 26}" font-weight="bold">{escape(one.direction)}, by {escape(one.unit)}</text>'
    for mark in _MARKS:
        x = left + mark * _PANEL
        yield f'<path d="M{x:g} {_TOP - 6}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:g}" y="{_TOP - 10}" text-anchor="middle" font-size="11" fill="#555">{mark:g}</text>'
    for number, row in enumerate(rows):
        for offset, variant in enumerate(one.variants):
            yield from _point(row, variant, left, _middle(number) + 8 * offset - 4 * (len(one.variants) - 1))


def _point(row: ResultRow, variant: Variant, left: int, y: float) -> Iterator[str]:
    score = row.scores[variant][Metric.BLEU]
    colour = _COLOURS[variant]
    if score.interval:
        low, high = (left + _PANEL * min(1.0, max(0.0, end / 100)) for end in score.interval)
        yield f'<path d="M{low:.1f} {y:g}H{high:.1f}" stroke="{colour}" stroke-width="2"/>'
    title = f"{row.article}, {variant.label}: {score.fraction:.3f}, {score.sentences} segments, {score.signature}"
    yield (
        f'<circle cx="{left + _PANEL * score.fraction:.1f}" cy="{y:g}" r="3.5" fill="{colour}">'
        f"<title>{escape(title)}</title></circle>"
    )


def _legend(one: Results, y: int) -> Iterator[str]:
    for number, variant in enumerate(one.variants):
        x = _NAMES + 200 * number
        yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{_COLOURS[variant]}"/>'
        yield f'<text x="{x + 10}" y="{y}">{escape(variant.label)}</text>'


def _middle(number: int) -> int:
    return _TOP + _LINE * number + _LINE // 2
