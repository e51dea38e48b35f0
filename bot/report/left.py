"""What a pull request leaves for a person, each with its reason, its English and what may help."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import FileResult, FuzzyMatch, Left
from bot.report.leftovers import Leftover
from bot.report.markdown import code_block, code_span, fitted

# A code cell is shown by its beginning: it stands in the file, and the reason quotes the line in question.
_MAX_LINES = 12
_MAX_CHARACTERS = 1_500
_BETWEEN = "\n\n"


def left_section(results: Sequence[FileResult], room: int) -> str:
    """By file and line, as many as fit into `room` characters; empty where nothing is left."""
    entries: list[str] = []
    for result in results:
        if result.merge is None or not result.merge.left:
            continue
        blocks = [_entry(left, result.merge.text) for left in result.merge.left]
        entries += [f"### {code_span(result.path)}\n\n{blocks[0]}", *blocks[1:]]
    title = "## Left for you"
    return f"{title}\n\n{fitted(entries, room - 200, _BETWEEN)}" if entries else ""


def leftovers_section(leftovers: Sequence[Leftover], language: str, room: int) -> str:
    """What earlier updates left, compact: their reasons stand in the history of the pull request."""
    entries = [f"- {code_span(one.path)}, line {one.line}: {code_span(_clipped(one.source))}" for one in leftovers]
    title = f"## Still in {language}, from earlier updates"
    return f"{title}\n\n{fitted(entries, room, chr(10))}" if entries else ""


def _entry(left: Left, text: str) -> str:
    line = text.count("\n", 0, left.after[0]) + 1
    parts = [f"Line {line}: {code_span(left.reason)}"]
    match left.fuzzy:
        case None:
            parts.append(code_block(_clipped(left.source)))
        case FuzzyMatch(source=left.source, path=origin):
            parts += [code_block(_clipped(left.source)), f"Offered, but not used ({code_span(origin)}):"]
        case similar:
            parts += [_difference(similar, left.source), f"{_origin(similar)}:"]
    if left.fuzzy is not None:
        parts.append(code_block(_clipped(left.fuzzy.target)))
    return _BETWEEN.join(parts)


def _difference(match: FuzzyMatch, source: str) -> str:
    """The similar sentence that people translated (often the one that stood here before) against the one of today."""
    old, new = " ".join(match.source.split()), " ".join(source.split())
    return code_block(f"- {_clipped(old)}\n+ {_clipped(new)}", "diff")


def _origin(match: FuzzyMatch) -> str:
    where = f" in {code_span(match.path)}" if match.path else ""
    return f"People's translation of the similar sentence{where} ({int(match.similarity * 100)} % alike)"


def _clipped(text: str) -> str:
    lines = text[:_MAX_CHARACTERS].splitlines()
    kept = "\n".join(lines[:_MAX_LINES])
    return kept if len(kept) == len(text.rstrip("\n")) else f"{kept}\n…" if len(lines) > 1 else f"{kept}…"
