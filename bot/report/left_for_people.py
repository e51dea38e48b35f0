"""What a pull request leaves for a person, each with its reason, its English and what may help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import groupby

from bot.model import FileChange, FileResult, FuzzyMatch, Left
from bot.report.items import BREAK, MAX_LINES, block, clipped, is_code, item, shown
from bot.report.layout import BodyPart, ListEntry
from bot.report.leftovers import Leftover
from bot.report.markdown import code_span, counted, escaped
from bot.report.review import word_diff

# Below it a difference word by word is a riddle.
_MOSTLY_SAME = 0.7


def left_part(results: Sequence[FileResult]) -> BodyPart:
    """By file and line. New files come last: there is no translation in them to decide about, only sentences to
    translate, so these are counted."""
    entries: list[ListEntry] = []
    counts: list[ListEntry] = []
    for result in sorted(results, key=lambda one: one.change is FileChange.ADDED):
        if result.merge is None:
            continue
        entries += (ListEntry(text, f"**{code_span(result.path)}**") for text in _texts(result))
        if result.change is FileChange.ADDED:
            plain = Counter(left.reason for left in result.merge.left if not _has_offer(left))
            for reason, number in plain.items():
                text = item(f"{code_span(result.path)}, {counted(number, 'place')}: {escaped(reason)}")
                counts.append(ListEntry(text, "**New files**"))
    return BodyPart("Left for you", (*entries, *counts), "entries", 10)


def leftovers_part(leftovers: Sequence[Leftover], language: str) -> BodyPart:
    """What earlier updates left, compact: their reasons stand in the history of the pull request."""
    entries = [item(f"{code_span(one.path)}, line {one.line}: {code_span(clipped(one.source))}") for one in leftovers]
    return BodyPart(f"Still in {language}, from earlier updates", tuple(map(ListEntry, entries)), "entries", 10)


def doubts_part(results: Sequence[FileResult]) -> BodyPart:
    """Machine translations that stand, but deserve a second look: by file and line, with the reasons."""
    entries = []
    for result in results:
        for doubt in result.merge.doubts if result.merge else ():
            place = f"{code_span(result.path)}, line {_line(doubt.after[0], result.merge.text if result.merge else '')}"
            entries.append(ListEntry(item(f"{place}: {escaped('; '.join(doubt.warnings))}", shown(doubt.source))))
    intro = "The machine's translations stand here; something about each is for a person to judge."
    return BodyPart("Worth a second look", tuple(entries), "entries", 10, intro)


def _texts(result: FileResult) -> Iterator[str]:
    if result.merge is None:
        return
    for run in _runs(result.merge.left):
        opening = f"**{_place(run, result.merge.text)}**: {escaped(run[0].reason)}"
        if _has_offer(run[0]):
            yield item(opening, *_offer(run[0], result.path))
        elif result.change is not FileChange.ADDED:
            yield item(opening, *(shown(left.source) for left in run))


def _runs(left: Sequence[Left]) -> Iterator[Sequence[Left]]:
    """Sentences in a row that need the same, at most as many as an entry shows; all else alone."""
    for (_, alone), group in groupby(left, key=lambda one: (one.reason, _has_offer(one) or is_code(one.source))):
        run, size = list(group), 1 if alone else MAX_LINES
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _has_offer(left: Left) -> bool:
    return left.fuzzy is not None or left.rejected != ""


def _place(run: Sequence[Left], text: str) -> str:
    first, last = (_line(left.after[0], text) for left in (run[0], run[-1]))
    return f"Line {first}" if first == last else f"Lines {first}–{last}"


def _line(position: int, text: str) -> int:
    return text.count("\n", 0, position) + 1


def _offer(left: Left, path: str) -> Iterator[str]:
    if left.fuzzy is None:
        yield shown(left.source)
    else:
        yield _difference(left.fuzzy, left.source)
        yield _translation(left.fuzzy, path)
    if left.rejected:
        yield f"{BREAK}The machine's answer, which was not used:{shown(left.rejected)}"


def _difference(match: FuzzyMatch, source: str) -> str:
    """The similar text that people translated (often the one that stood here before) against the one of today: of a
    code cell the lines that changed."""
    if is_code(source):
        lines = unified_diff(match.source.splitlines(), source.splitlines(), n=1, lineterm="")
        return block("\n".join(list(lines)[2:]), "diff", title="What changed")
    old, new = (clipped(" ".join(text.split())) for text in (match.source, source))
    if match.similarity >= _MOSTLY_SAME:
        return f"{BREAK}{code_span(word_diff(old, new))}"
    return f"{BREAK}{code_span(new)}{BREAK}The similar text:{BREAK}{code_span(old)}"


def _translation(match: FuzzyMatch, path: str) -> str:
    alike = f"({int(match.similarity * 100)} % alike)"
    if is_code(match.target):
        return block(match.target, title=f"People's version of similar code {alike}", collapsed=True)
    where = f" in {code_span(match.path)}" if match.path not in ("", path) else ""
    return f"{BREAK}People's translation of the similar text{where} {alike}:{shown(match.target)}"
