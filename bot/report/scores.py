"""The BLEU summary of a pull request, and the measurements hidden in its body for the trend in the next one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from bot.model import is_stand_in
from bot.report.hidden import hide, reveal
from bot.report.layout import folded
from bot.report.markdown import code_span, counted, escaped, fitted, table, table_row

_NAME, MAX_MARKER = "scores", 2_000
# More points of a chart can't be distinguished on a page.
_MAX_POINTS = 20
# Colours that people with colour blindness can distinguish (Okabe & Ito).
_WITHOUT_COLOUR, _WITH_COLOUR = "#0072b2", "#d55e00"
_TITLE = "## How good the engine is"
_SUMMARY = "How this was measured, and what the files hold"
STAND_IN = (
    "An emulator stands in for the service and repeats what was recorded for it: this says nothing about the quality "
    "of any translation."
)
_NO_REFERENCE = (
    "The new sentences of this pull request have no BLEU: nobody has translated them yet, so there is no reference "
    "to compare them with."
)
_HELD_OUT = (
    "The figures above show how well the same engine translates held-out sentences: their human translation is known, "
    "and the engine was never taught them."
)


@dataclass(frozen=True, slots=True)
class BleuFigure:
    """A BLEU as a body shows it, from 0 to 100. `margin` is half the width of the 95% interval, None for a single
    sentence. `left` counts the sentences that the engine did not translate; their source text was scored."""

    value: FiniteFloat
    margin: FiniteFloat | None
    left: int = 0

    def describe(self) -> str:
        """`57.1 ± 1.8`."""
        return f"{self.value:.1f}" if self.margin is None else f"{self.value:.1f} ± {self.margin:.1f}"


@dataclass(frozen=True, slots=True)
class Scores:
    """One measurement on the held-out set, or the reason why there is none (`skipped`).

    `key` is a hash of the input: the pairs taught, the sentences held out, the engine. `revision` is the commit of the
    translation with the pairs. `taught` is the BLEU after `pairs` pairs of `level` (sentence or paragraph) were taught,
    None for an engine without training; `p_value` compares it with `without`. `cost` is the quoted price ("" for
    nothing).
    """

    key: str = ""
    revision: str = ""
    engine: str = ""
    sentences: int = 0
    without: BleuFigure | None = None
    taught: BleuFigure | None = None
    pairs: int = 0
    level: str = ""
    p_value: FiniteFloat | None = None
    signature: str = ""
    compared: str = ""
    cost: str = ""
    skipped: str = ""

    @property
    def best(self) -> BleuFigure | None:
        """The figure of the engine with all its settings."""
        return self.taught or self.without


@dataclass(frozen=True, slots=True)
class RecentDrafts:
    """The latest drafts in merged pull requests: how many there are, how many of them people changed, and which share
    of the characters of these (0–1)."""

    drafts: int = 0
    changed: int = 0
    edited: float = 0.0

    def describe(self) -> str:
        """A sentence for a person; "" without drafts."""
        if not self.drafts:
            return ""
        if not self.changed:
            return f"People left all of its last {counted(self.drafts, 'draft')} as they were."
        return (
            f"Of its last {counted(self.drafts, 'draft')} people changed {self.changed:,}, and in these "
            f"{self.edited:.0%} of the characters."
        )


NO_DRAFTS = RecentDrafts()
_HISTORY = TypeAdapter(list[Scores])
_FIELDS = frozenset(field.name for field in fields(Scores))


def with_scores(history: Sequence[Scores], scores: Scores) -> list[Scores]:
    """The history with one more measurement, which replaces the last measurement if that has the same key."""
    if scores.skipped or scores.best is None:
        return list(history)
    return [*(history[:-1] if history and history[-1].key == scores.key else history), scores]


def hide_scores(history: Sequence[Scores], room: int = MAX_MARKER) -> str:
    """An HTML comment of at most `room` characters from which `read_scores` reads the latest measurements."""
    rows = [asdict(scores) for scores in history]
    while rows and not (text := hide(_NAME, rows, room)):
        del rows[0]
    return text if rows else ""


def read_scores(body: str) -> list[Scores]:
    """The measurements hidden in a body, oldest first; none if there are none, or people damaged them."""
    rows = reveal(_NAME, body)
    is_whole = isinstance(rows, list) and all(isinstance(row, dict) and row.keys() >= _FIELDS for row in rows)
    try:
        return _HISTORY.validate_python(rows) if is_whole else []
    except ValidationError:
        return []


def scores_section(
    scores: Scores | None,
    history: Sequence[Scores],
    room: int,
    files: Mapping[str, Mapping[str, int]] | None = None,
    drafts: RecentDrafts = NO_DRAFTS,
) -> str:
    """The BLEU summary in Markdown, at most `room` characters; empty if there is nothing to report. `history` are the
    earlier measurements, oldest first. `files` counts each kind of text in each file of the pull request."""
    if scores is None and not files:
        return ""
    points = [*history] if scores is None else with_scores(history, scores)
    opening = " ".join(filter(None, [_opening(scores) if scores else "", drafts.describe()]))
    parts = [_TITLE, *([opening] if opening else [])]
    is_measured = scores is not None and scores.best is not None
    more = [_statistics(scores)] if scores is not None and is_measured else []
    more.append(f"{_NO_REFERENCE} {_HELD_OUT}" if is_measured else _NO_REFERENCE)
    more += [part for part in (_files(files or {}, room // 3), _trend(points)) if part]
    # The last parts are dropped first: the figure and its explanation stay.
    while more:
        text = "\n\n".join([*parts, folded(_SUMMARY, "\n\n".join(more))])
        if len(text) <= room:
            return text
        del more[-1]
    text = "\n\n".join(parts)
    return text if len(text) <= room and len(parts) > 1 else ""


def _opening(scores: Scores) -> str:
    """What people want to know, in one line."""
    best = scores.best
    if scores.skipped or best is None:
        return f"Not measured: {escaped(scores.skipped).rstrip('.') or 'no sentence is held out'}."
    opening = f"**BLEU {best.describe()}"
    if scores.taught is not None and scores.without is not None:
        opening += f" with parallel data, {scores.without.describe()} without"
    sentences = counted(scores.sentences, "held-out sentence")
    opening += f"** (of 100) on {sentences} that people translated, engine {code_span(scores.engine)}."
    return f"{opening} {STAND_IN}" if is_stand_in(scores.engine) else opening


def _statistics(scores: Scores) -> str:
    rows = [["without parallel data", *_cells(scores.without), ""]] if scores.without else []
    facts = [f"{escaped(scores.compared)}."] if scores.compared else []
    if scores.taught is not None:
        p_value = "" if scores.p_value is None else f"{scores.p_value:.4f}"
        rows.append([f"with {counted(scores.pairs, f'{escaped(scores.level)} pair')}", *_cells(scores.taught), p_value])
        facts.append("p: paired approximate randomization; below 0.05, the difference is more than chance.")
    if scores.cost:
        facts.append(f"Cost of the measurement: {code_span(scores.cost)}.")
    facts.append(f"Signature: {code_span(scores.signature)}")
    header = ["", "BLEU", "95% interval", "not translated", "p"]
    return "\n\n".join([table(header, rows), " ".join(facts)])


def _cells(bleu: BleuFigure) -> list[str]:
    interval = "" if bleu.margin is None else f"{max(0.0, bleu.value - bleu.margin):.1f}–{bleu.value + bleu.margin:.1f}"
    return [bleu.describe(), interval, f"{bleu.left:,}" if bleu.left else ""]


def _trend(points: Sequence[Scores]) -> str:
    """A chart and its table; empty for less than two measurements."""
    points = [scores for scores in points if scores.best is not None][-_MAX_POINTS:]
    if len(points) < 2:
        return ""
    rows = [
        [
            f"{number}",
            code_span(scores.revision[:7]),
            f"{scores.sentences:,}",
            *("" if bleu is None else bleu.describe() for bleu in (scores.without, scores.taught)),
            f"{scores.pairs:,}" if scores.taught else "",
        ]
        for number, scores in enumerate(points, 1)
    ]
    header = ["", "translation", "sentences", "without parallel data", "with parallel data", "pairs taught"]
    trend = f"### Since earlier pull requests\n\n{_chart(points)}\n\n{table(header, rows, numbers_from=2)}"
    if len({(scores.engine, scores.signature) for scores in points}) > 1:
        trend += "\n\nThe engine or the signature changed in between, so not all of these can be compared."
    return trend


def _chart(points: Sequence[Scores]) -> str:
    """Mermaid's xychart of the points that have every line of it, since a line can't have gaps."""
    has_two_lines = sum(scores.taught is not None and scores.without is not None for scores in points) >= 2
    drawn = {
        # The row of the table: a name is too long for an axis with many points.
        number: [scores.without.value, *([scores.taught.value] if has_two_lines and scores.taught else [])]
        for number, scores in enumerate(points, 1)
        if scores.without is not None and (scores.taught is not None or not has_two_lines)
    }
    if len(drawn) < 2:
        return "(A chart needs two measurements of the same kind.)"
    lines = list(zip(*drawn.values(), strict=True))
    low, high = min(map(min, lines)), max(map(max, lines))
    settings = {"themeVariables": {"xyChart": {"plotColorPalette": f"{_WITHOUT_COLOUR}, {_WITH_COLOUR}"}}}
    labels = ", ".join(f'"{number}"' for number in drawn)
    chart = [
        "```mermaid",
        f"%%{{init: {json.dumps(settings)}}}%%",
        "xychart-beta",
        '    title "BLEU of the held-out sentences"',
        f"    x-axis [{labels}]",
        f'    y-axis "BLEU" {max(0, int(low) - 2)} --> {int(high) + 3}',
        *(f"    line [{', '.join(f'{value:.1f}' for value in line)}]" for line in lines),
        "```",
    ]
    legend = "Blue: without parallel data; orange: with it." if has_two_lines else "Without parallel data."
    return "\n".join([*chart, "", legend])


def _files(files: Mapping[str, Mapping[str, int]], room: int) -> str:
    if not files:
        return ""
    columns = list(dict.fromkeys(name for counts in files.values() for name, count in counts.items() if count))
    rows = [
        table_row([code_span(path), *(f"{counts[name]:,}" if counts.get(name) else "" for name in columns)])
        for path, counts in files.items()
    ]
    return f"### What the files hold\n\n{table(['file', *columns], [])}\n{fitted(rows, room, chr(10))}"
