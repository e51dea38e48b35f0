"""What a pull request leaves for a person, each with its reason, its English and what may help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import groupby

from bot.model import FileChange, FileResult, FuzzyMatch, Left
from bot.report.leftovers import Leftover
from bot.report.markdown import code_block, code_span, counted, fitted

# A code cell is shown by its beginning: it stands in the file, and the reason quotes the line in question.
_MAX_LINES = 12
_MAX_CHARACTERS = 1_500
_BETWEEN = "\n\n"


def left_section(results: Sequence[FileResult], room: int) -> str:
    """By file and line, as many as fit into `room` characters; empty where nothing is left.

    New files come last: there is no translation in them to decide about, only sentences to translate.
    """
    entries: list[str] = []
    for result in sorted(results, key=lambda one: one.change is FileChange.ADDED):
        blocks = _blocks(result)
        entries += [f"### {code_span(result.path)}\n\n{blocks[0]}", *blocks[1:]] if blocks else []
    return f"## Left for you\n\n{fitted(entries, room - 200, _BETWEEN)}" if entries else ""


def leftovers_section(leftovers: Sequence[Leftover], language: str, room: int) -> str:
    """What earlier updates left, compact: their reasons stand in the history of the pull request."""
    entries = [f"- {code_span(one.path)}, line {one.line}: {code_span(_clipped(one.source))}" for one in leftovers]
    title = f"## Still in {language}, from earlier updates"
    return f"{title}\n\n{fitted(entries, room, chr(10))}" if entries else ""


def doubts_section(results: Sequence[FileResult], room: int) -> str:
    """Machine translations that stand, but deserve a second look: by file and line, with the reasons."""
    entries = [
        f"- {code_span(result.path)}, line {_line(doubt.after[0], result.merge.text)}:"
        f" {code_span('; '.join(doubt.warnings))}\n  {code_span(_clipped(doubt.source))}"
        for result in results
        if result.merge
        for doubt in result.merge.doubts
    ]
    return f"## Worth a second look\n\n{fitted(entries, room, chr(10))}" if entries else ""


def _blocks(result: FileResult) -> list[str]:
    if result.merge is None:
        return []
    blocks: list[str] = []
    for run in _runs(result.merge.left):
        reason = run[0].reason
        if _has_offer(run[0]):
            blocks.append(_offer(run[0], result.merge.text))
        elif result.change is not FileChange.ADDED:
            sources = "\n".join(left.source for left in run)
            blocks.append(f"{_place(run, result.merge.text)}: {code_span(reason)}\n\n{code_block(_clipped(sources))}")
    plain = Counter(left.reason for left in result.merge.left if not _has_offer(left))
    if result.change is FileChange.ADDED:
        blocks[:0] = [f"New file, {counted(number, 'place')}: {code_span(reason)}" for reason, number in plain.items()]
    return blocks


def _runs(left: Sequence[Left]) -> Iterator[Sequence[Left]]:
    """Sentences in a row that need the same, at most as many as a block shows; all else alone."""
    for (_, alone), group in groupby(left, key=lambda one: (one.reason, _has_offer(one) or "\n" in one.source)):
        run, size = list(group), 1 if alone else _MAX_LINES
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _has_offer(left: Left) -> bool:
    return left.fuzzy is not None or left.rejected != ""


def _place(run: Sequence[Left], text: str) -> str:
    first, last = (_line(left.after[0], text) for left in (run[0], run[-1]))
    return f"Line {first}" if first == last else f"Lines {first}–{last}"


def _line(position: int, text: str) -> int:
    return text.count("\n", 0, position) + 1


def _offer(left: Left, text: str) -> str:
    parts = [f"{_place([left], text)}: {code_span(left.reason)}"]
    if left.fuzzy is None:
        parts.append(code_block(_clipped(left.source)))
    else:
        parts += [_difference(left.fuzzy, left.source), f"{_origin(left.fuzzy)}:"]
        parts.append(code_block(_clipped(left.fuzzy.target)))
    if left.rejected:
        parts += ["The machine's answer, which was not used:", code_block(_clipped(left.rejected))]
    return _BETWEEN.join(parts)


def _difference(match: FuzzyMatch, source: str) -> str:
    """The similar text that people translated (often the one that stood here before) against the one of today: of a
    code cell the lines that changed."""
    if source.lstrip().startswith(("```", "~~~", "$$")):
        lines = unified_diff(match.source.splitlines(), source.splitlines(), n=1, lineterm="")
        return code_block(_clipped("\n".join(list(lines)[2:])), "diff")
    old, new = " ".join(match.source.split()), " ".join(source.split())
    return code_block(f"- {_clipped(old)}\n+ {_clipped(new)}", "diff")


def _origin(match: FuzzyMatch) -> str:
    where = f" in {code_span(match.path)}" if match.path else ""
    return f"People's translation of the similar text{where} ({int(match.similarity * 100)} % alike)"


def _clipped(text: str) -> str:
    lines = text[:_MAX_CHARACTERS].splitlines()
    kept = "\n".join(lines[:_MAX_LINES])
    return kept if len(kept) == len(text.rstrip("\n")) else f"{kept}\n…" if len(lines) > 1 else f"{kept}…"
