"""Draws what became of the drafts of each chapter, and their TER, as a self-contained SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from bot.evaluation.corrections import EditOutcome, Figures

# Colours that people with colour blindness can tell apart (Okabe & Ito).
_COLOURS = {EditOutcome.ACCEPTED: "#009e73", EditOutcome.EDITED: "#56b4e9", EditOutcome.REWRITTEN: "#d55e00"}
_NAMES, _PANEL, _GAP, _TOP, _LINE, _BAR = 320, 300, 60, 84, 26, 16
_MOST_TER = 80


def corrections_svg(figures: Mapping[str, Figures]) -> str:
    """A line for each of the named figures: the shares of the sentences, and beside them TER with its interval."""
    bottom = _TOP + _LINE * len(figures)
    right = _NAMES + _PANEL + _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right + _PANEL + 30} {bottom + 50}" font-size="13" '
        'font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="12" y="26" font-size="16">What people made of the machine\'s drafts</text>',
        f'<text x="{_NAMES}" y="{_TOP - 32}" font-weight="bold">share of the sentences</text>',
        f'<text x="{right}" y="{_TOP - 32}" font-weight="bold">TER, with 95% intervals</text>',
        *_scale(_NAMES, bottom, {f"{n}%": n / 100 for n in (0, 25, 50, 75, 100)}),
        *_scale(right, bottom, {str(n): n / _MOST_TER for n in (0, 20, 40, 60, 80)}),
    ]
    for number, (name, one) in enumerate(figures.items()):
        middle = _TOP + _LINE * number + _LINE // 2
        label = f"{escape(name)} ({one.answered:,})"
        parts.append(f'<text x="{_NAMES - 12}" y="{middle + 4}" text-anchor="end">{label}</text>')
        parts += [*_shares(one, middle), *_ter(name, one, right, middle)]
    x = _NAMES
    for outcome, colour in _COLOURS.items():
        parts.append(f'<rect x="{x}" y="{bottom + 20}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{bottom + 31}">{outcome}</text>')
        x += 100
    return "\n".join([*parts, "</svg>", ""])


def _scale(left: int, bottom: int, marks: Mapping[str, float]) -> Iterator[str]:
    for label, share in marks.items():
        x = left + share * _PANEL
        yield f'<path d="M{x:g} {_TOP - 4}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:g}" y="{_TOP - 10}" text-anchor="middle" font-size="11" fill="#555">{label}</text>'


def _shares(one: Figures, middle: int) -> Iterator[str]:
    x = float(_NAMES)
    for outcome, colour in _COLOURS.items():
        width = one.share(outcome) * _PANEL
        yield (
            f'<rect x="{x:.1f}" y="{middle - _BAR // 2}" width="{width:.1f}" height="{_BAR}" fill="{colour}">'
            f"<title>{one.outcomes.get(outcome, 0):,} {outcome}</title></rect>"
        )
        x += width


def _ter(name: str, one: Figures, left: int, middle: int) -> Iterator[str]:
    assert one.ter is not None
    if one.ter.interval:
        low, high = (left + _PANEL * min(_MOST_TER, max(0.0, end)) / _MOST_TER for end in one.ter.interval)
        yield f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#0072b2" stroke-width="2"/>'
    x = left + _PANEL * min(_MOST_TER, one.ter.value) / _MOST_TER
    yield (
        f'<circle cx="{x:.1f}" cy="{middle}" r="4" fill="#0072b2">'
        f"<title>{escape(name)}: TER {one.ter.value:.1f}, {one.ter.sentences:,} sentences</title></circle>"
    )
