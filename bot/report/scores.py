"""How well the engine translates sentences whose human translation is known: the BLEU summary of a pull request, and
what its body carries along, hidden, so that the next one tells the trend."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.report.hidden import hide, reveal
from bot.report.markdown import code_span, counted, fitted, plain, table, table_row

_NAME, MAX_MARKER = "scores", 2_000
# Points of a chart that can be told apart on a page.
_MOST_POINTS = 20
# Colours that people with colour blindness can tell apart (Okabe & Ito).
_WITHOUT, _WITH = "#0072b2", "#d55e00"
_NO_REFERENCE = (
    "The sentences that are new in this pull request have no BLEU: nobody has translated them yet, so there is no "
    "reference to compare them with."
)
_HELD_OUT = (
    "What stands here is how well the same engine translates held-out sentences, whose human translation is known and "
    "which it was never taught."
)


@dataclass(frozen=True, slots=True)
class BleuFigure:
    """On the scale of 0 to 100; `margin` is half the width of the 95% interval, None for a single sentence. `left`
    counts the sentences that the engine did not translate, whose source text was scored in place of an answer."""

    value: float
    margin: float | None
    left: int = 0

    def describe(self) -> str:
        """`57.1 ± 1.8`."""
        return f"{self.value:.1f}" if self.margin is None else f"{self.value:.1f} ± {self.margin:.1f}"


@dataclass(frozen=True, slots=True)
class Scores:
    """One measurement on the held-out set; `skipped` says why there is none.

    `key` is a hash of all that it depends on: what is taught, what is held out, who translates. `revision` is the
    commit of the translation that the pairs come from. `pairs` of `level` (sentence or paragraph) were taught; `taught`
    is None where the engine is taught nothing. `p_value` tells the two apart; `cost` is what was quoted ("" for
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
    p_value: float | None = None
    signature: str = ""
    compared: str = ""
    cost: str = ""
    skipped: str = ""

    @property
    def best(self) -> BleuFigure | None:
        """That of the engine as it is used."""
        return self.taught or self.without


@dataclass(frozen=True, slots=True)
class FileText:
    """What kind of text a file holds. `counts` by what is counted, in the order of the columns; `characters` are those
    of its sentences."""

    path: str
    counts: Mapping[str, int] = field(default_factory=dict)
    characters: int = 0


def with_scores(history: Sequence[Scores], scores: Scores) -> list[Scores]:
    """The history with one more measurement, in place of the last one where that has the same key."""
    if scores.skipped or scores.best is None:
        return list(history)
    return [*(history[:-1] if history and history[-1].key == scores.key else history), scores]


def hide_scores(history: Sequence[Scores], room: int = MAX_MARKER) -> str:
    """An HTML comment from which `read_scores` reads the measurements, oldest first; without the oldest ones where that
    would be longer than `room` characters."""
    rows = [asdict(one) for one in history]
    while rows and not (text := hide(_NAME, rows, room)):
        del rows[0]
    return text if rows else ""


def read_scores(body: str) -> list[Scores]:
    """The measurements hidden in a body, oldest first; none where there are none, or people damaged them."""
    rows = reveal(_NAME, body)
    try:
        return [_scores(row) for row in rows] if isinstance(rows, list) else []
    except (TypeError, ValueError, KeyError, OverflowError):
        return []


def scores_section(scores: Scores | None, history: Sequence[Scores], room: int, files: Sequence[FileText] = ()) -> str:
    """The BLEU summary in Markdown, of at most `room` characters. `history` are the measurements before, oldest first;
    `files` those of the pull request. Empty where there is nothing to tell."""
    if scores is None and not files:
        return ""
    points = [*history] if scores is None else with_scores(history, scores)
    parts = ["## How good the engine is", *([_measurement(scores)] if scores is not None else [])]
    measured = scores is not None and scores.best is not None
    parts.append(f"{_NO_REFERENCE} {_HELD_OUT}" if measured else _NO_REFERENCE)
    parts += [part for part in (_files(files, room // 3), _trend(points)) if part]
    # The last parts give way first: the number and what it is of stay.
    while len(parts) > 1 and len("\n\n".join(parts)) > room:
        del parts[-1]
    text = "\n\n".join(parts)
    return text if len(text) <= room else ""


def _measurement(scores: Scores) -> str:
    best = scores.best
    if scores.skipped or best is None:
        return f"Not measured this time: {code_span(scores.skipped) or 'no sentence is held out'}."
    opening = f"**BLEU {best.describe()}"
    if scores.taught is not None and scores.without is not None:
        opening += f" with parallel data, {scores.without.describe()} without"
    opening += f"**, {counted(scores.sentences, 'held-out sentence')}, engine {code_span(scores.engine)}."
    rows = [["without parallel data", *_cells(scores.without), ""]] if scores.without else []
    if scores.taught is not None:
        what = f"with {counted(scores.pairs, f'{scores.level} pair')}"
        rows.append([what, *_cells(scores.taught), "" if scores.p_value is None else f"{scores.p_value:.4f}"])
    header = ["", "BLEU", "95% interval", "not translated", "p"]
    facts = [f"{plain(scores.compared)}." if scores.compared else ""]
    if scores.taught is not None:
        facts.append("p: paired approximate randomization; below 0.05, the difference is more than chance.")
    if scores.cost:
        facts.append(f"Cost, when it was measured: {code_span(scores.cost)}.")
    facts.append(f"Signature: {code_span(scores.signature)}")
    return "\n\n".join([opening, table(header, rows), " ".join(filter(None, facts))])


def _cells(bleu: BleuFigure) -> list[str]:
    interval = "" if bleu.margin is None else f"{max(0.0, bleu.value - bleu.margin):.1f}–{bleu.value + bleu.margin:.1f}"
    return [bleu.describe(), interval, f"{bleu.left:,}" if bleu.left else ""]


def _trend(points: Sequence[Scores]) -> str:
    """A chart and its table; empty where there is but one measurement."""
    points = [one for one in points if one.best is not None][-_MOST_POINTS:]
    if len(points) < 2:
        return ""
    rows = [
        [
            f"{number}",
            code_span(one.revision[:7]),
            f"{one.sentences:,}",
            *("" if bleu is None else bleu.describe() for bleu in (one.without, one.taught)),
            f"{one.pairs:,}" if one.taught else "",
        ]
        for number, one in enumerate(points, 1)
    ]
    header = ["", "translation", "sentences", "without parallel data", "with parallel data", "pairs taught"]
    told = f"### Since earlier pull requests\n\n{_chart(points)}\n\n{table(header, rows, numbers_from=2)}"
    if len({(one.engine, one.signature) for one in points}) > 1:
        told += "\n\nThe engine or the signature changed in between, so not all of these can be compared."
    return told


def _chart(points: Sequence[Scores]) -> str:
    """Mermaid's xychart, of the points that have all that is drawn: a line has no gaps."""
    taught = sum(one.taught is not None and one.without is not None for one in points) >= 2
    kind = [one.without is not None and (one.taught is not None or not taught) for one in points]
    drawn = [one for one, is_drawn in zip(points, kind, strict=True) if is_drawn]
    if len(drawn) < 2:
        return "(Two measurements of the same kind make a chart.)"
    # The row of the table: a name is too long for an axis with many points.
    labels = [f'"{number}"' for number, is_drawn in enumerate(kind, 1) if is_drawn]
    lines = [[one.without for one in drawn], *([[one.taught for one in drawn]] if taught else [])]
    values = [[bleu.value for bleu in line if bleu is not None] for line in lines]
    low, high = min(map(min, values)), max(map(max, values))
    settings = {"themeVariables": {"xyChart": {"plotColorPalette": f"{_WITHOUT}, {_WITH}"}}}
    chart = [
        "```mermaid",
        f"%%{{init: {json.dumps(settings)}}}%%",
        "xychart-beta",
        '    title "BLEU of the held-out sentences"',
        f"    x-axis [{', '.join(labels)}]",
        f'    y-axis "BLEU" {max(0, int(low) - 2)} --> {int(high) + 3}',
        *(f"    line [{', '.join(f'{value:.1f}' for value in line)}]" for line in values),
        "```",
    ]
    legend = "Blue: without parallel data; orange: with it." if taught else "Without parallel data."
    return "\n".join([*chart, "", legend])


def _files(files: Sequence[FileText], room: int) -> str:
    if not files:
        return ""
    columns = list(dict.fromkeys(name for one in files for name, count in one.counts.items() if count))
    rows = [
        table_row(
            [code_span(one.path), *(f"{count:,}" if (count := one.counts.get(name, 0)) else "" for name in columns)]
        )
        for one in files
    ]
    header = table(["file", *columns], [])
    return f"### What the files hold\n\n{header}\n{fitted(rows, room, chr(10))}"


def _scores(row: Any) -> Scores:
    p_value = row["p_value"]
    return Scores(
        key=str(row["key"]),
        revision=str(row["revision"]),
        engine=str(row["engine"]),
        sentences=int(row["sentences"]),
        without=_bleu(row["without"]),
        taught=_bleu(row["taught"]),
        pairs=int(row["pairs"]),
        level=str(row["level"]),
        p_value=None if p_value is None else float(p_value),
        signature=str(row["signature"]),
        compared=str(row["compared"]),
        cost=str(row["cost"]),
        skipped=str(row["skipped"]),
    )


def _bleu(row: Any) -> BleuFigure | None:
    if row is None:
        return None
    margin = row["margin"]
    found = BleuFigure(float(row["value"]), None if margin is None else float(margin), int(row["left"]))
    if not (math.isfinite(found.value) and math.isfinite(found.margin or 0)):
        raise ValueError
    return found
