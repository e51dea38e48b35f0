"""Draws the calibration curve of the alignment as a self-contained SVG."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

_EDGES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.001)
# Blue, vermilion and green that people with colour blindness can tell apart (Okabe & Ito).
_COLOURS = ("#0072b2", "#d55e00", "#009e73")
_SIZE, _LEFT, _TOP = 360, 70, 50
_FEWEST = 5


def calibration_svg(beads: Mapping[str, Sequence[tuple[float, bool]]]) -> str:
    """How many of the beads of each score are right; a point for each range of scores that holds some beads."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE + 250} {_SIZE + 120}" font-size="13" '
        'font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="28" font-size="16">How many of the beads of a score are right</text>',
        *_axes(),
    ]
    for number, (name, scored) in enumerate(beads.items()):
        parts += _curve(name, scored, _COLOURS[number], number)
    return "\n".join([*parts, "</svg>", ""])


def _axes() -> list[str]:
    bottom, right = _TOP + _SIZE, _LEFT + _SIZE
    parts = [
        f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="#333"/>',
        f'<path d="M{_LEFT} {bottom}L{right} {_TOP}" stroke="#999" stroke-dasharray="4 4"/>',
        f'<text x="{_LEFT + _SIZE / 2}" y="{bottom + 44}" text-anchor="middle">score of the bead</text>',
        f'<text transform="translate(22 {_TOP + _SIZE / 2}) rotate(-90)" text-anchor="middle">share right</text>',
    ]
    for k in range(6):
        value = k / 5
        x, y = _place(value, value)
        parts.append(f'<text x="{x:.0f}" y="{bottom + 20}" text-anchor="middle">{value:.1f}</text>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{value:.1f}</text>')
    return parts


def _curve(name: str, scored: Sequence[tuple[float, bool]], colour: str, number: int) -> list[str]:
    points = []
    for low, high in itertools.pairwise(_EDGES):
        inside = [(score, right) for score, right in scored if low <= score < high]
        if len(inside) >= _FEWEST:
            mean, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            points.append((*_place(mean, right), len(inside)))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    x, y = _LEFT + _SIZE + 24, _TOP + 20 + 22 * number
    return [
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + count**0.25:.1f}" fill="{colour}" fill-opacity="0.7">'
            f"<title>{name}: {count} beads</title></circle>"
            for x, y, count in points
        ),
        f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{colour}"/>',
        f'<text x="{x + 12}" y="{y}">{name} ({len(scored):,} beads)</text>',
    ]


def _place(score: float, right: float) -> tuple[float, float]:
    return _LEFT + _SIZE * score, _TOP + _SIZE * (1.0 - right)
