"""Work that a pull request leaves for people: untranslated sentences, with reasons and help, and doubtful ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby

from bot.model import FileChange, FileResult, FuzzyMatch, Left, Merge
from bot.report.layout import BREAK, MAX_LINES, BodyPart, ListEntry, block, clipped, is_code, item, quoted
from bot.report.markdown import code_span, counted, escaped
from bot.report.word_changes import word_diff

# Below this similarity (0 to 1), a word-by-word difference is hard to read.
_MIN_DIFF_SIMILARITY = 0.7


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence of the source that stands where its translation belongs, at `line` of the translation (from 1).
    `is_new`: this pull request brings it there."""

    path: str
    line: int
    source: str
    is_new: bool = False


def standing_sentences(results: Sequence[FileResult]) -> list[Standing]:
    """Those that stood untranslated in the files before, and still do."""
    return [
        Standing(result.path, result.merge.line_at(left.after[0]), left.source)
        for result in results
        if result.merge
        for left in result.merge.left
        if left.standing
    ]


def left_part(results: Sequence[FileResult]) -> BodyPart:
    """By file and line. New files come last, with counts only: their sentences need a translation, no decision."""
    entries: list[ListEntry] = []
    counts: list[ListEntry] = []
    for result in sorted(results, key=lambda result: result.change is FileChange.ADDED):
        if result.merge is None:
            continue
        entries += (ListEntry(text, f"**{code_span(result.path)}**") for text in _texts(result, result.merge))
        if result.change is FileChange.ADDED:
            reasons = Counter(left.reason for left in result.merge.for_people if not _has_offer(left))
            for reason, number in reasons.items():
                text = item(f"{code_span(result.path)}, {counted(number, 'place')}: {escaped(reason)}")
                counts.append(ListEntry(text, "**New files**"))
    return BodyPart("Left for you", (*entries, *counts), "entry", 10)


def stranded_part(results: Sequence[FileResult]) -> BodyPart:
    """The translators' own passages in removed files that found no place, by file."""
    entries = (
        ListEntry(item(code_span(clipped(" ".join(passage.split())))), f"**{code_span(result.path)}**")
        for result in results
        for passage in result.stranded
    )
    intro = (
        "These files are removed, since their English is gone. What the translators had added or localised there found"
        " no place in the files that remain: put it where it belongs, or let it go."
    )
    return BodyPart("Removed with its file", tuple(entries), "passage", 10, intro)


def standing_part(sentences: Sequence[Standing], language: str, *, keeps: bool) -> BodyPart:
    """All of it collapsed, by file and line: it waits, nobody has to look at it again. `keeps`: comments can say that a
    sentence stays as it is."""
    entries = (
        ListEntry(item(f"{code_span(one.path)}, line {one.line}: {code_span(clipped(one.source))}"))
        for one in sorted(sentences, key=lambda one: (one.path, one.line))
    )
    intro = (
        f"In {counted(len(sentences), 'place')}, {language} stands where a translation belongs. It does not count as"
        " translated, and stays in this list until somebody translates it"
        + (f", or keeps it with {code_span('/amts keep <path>:<line>')}." if keeps else ".")
    )
    return BodyPart("Not translated yet", tuple(entries), "sentence", 0, intro)


def doubts_part(results: Sequence[FileResult]) -> BodyPart:
    """Doubtful machine translations in the files, by file and line, with the reasons."""
    entries = (
        item(
            f"{code_span(result.path)}, line {result.merge.line_at(doubt.after[0])}:"
            f" {escaped('; '.join(doubt.warnings))}",
            quoted(doubt.source),
        )
        for result in results
        if result.merge
        for doubt in result.merge.doubts
    )
    intro = "These machine translations are in the files, but a check noticed something that a person should judge."
    return BodyPart("Worth a second look", tuple(map(ListEntry, entries)), "entry", 10, intro)


def _texts(result: FileResult, merge: Merge) -> Iterator[str]:
    for run in _runs(merge.for_people):
        first, last = (merge.line_at(left.after[0]) for left in (run[0], run[-1]))
        place = f"Line {first}" if first == last else f"Lines {first}–{last}"
        opening = f"**{place}**: {escaped(run[0].reason)}"
        if _has_offer(run[0]):
            yield item(opening, *_offer(run[0], result.path))
        elif result.change is not FileChange.ADDED:
            yield item(opening, *(quoted(left.source) for left in run))


def _runs(left: Sequence[Left]) -> Iterator[Sequence[Left]]:
    """Consecutive sentences with the same reason, at most as many as an entry shows; offers and code stand alone."""

    def key(place: Left) -> tuple[str, bool]:
        return place.reason, _has_offer(place) or is_code(place.source)

    for (_, alone), group in groupby(left, key):
        run, size = list(group), 1 if alone else MAX_LINES
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _has_offer(left: Left) -> bool:
    return left.fuzzy is not None or left.rejected != ""


def _offer(left: Left, path: str) -> Iterator[str]:
    if left.fuzzy is None:
        yield quoted(left.source)
    else:
        yield _difference(left.fuzzy, left.source)
        yield _translation(left.fuzzy, path)
    if left.rejected:
        yield f"{BREAK}The machine's answer, which was not used:{quoted(left.rejected)}"


def _difference(match: FuzzyMatch, source: str) -> str:
    """The difference between today's text and the similar text that people translated, often its predecessor in this
    place: word by word, or the changed lines of a code cell."""
    if is_code(source):
        lines = unified_diff(match.source.splitlines(), source.splitlines(), n=1, lineterm="")
        return block("\n".join(list(lines)[2:]), "diff", title="What changed")
    old, new = (clipped(" ".join(text.split())) for text in (match.source, source))
    if match.similarity >= _MIN_DIFF_SIMILARITY:
        return f"{BREAK}{code_span(word_diff(old, new))}"
    return f"{BREAK}{code_span(new)}{BREAK}Similar text:{BREAK}{code_span(old)}"


def _translation(match: FuzzyMatch, path: str) -> str:
    similarity = f"({int(match.similarity * 100)} % similar)"
    if is_code(match.target):
        return block(match.target, title=f"People's version of similar code {similarity}", collapsed=True)
    where = f" in {code_span(match.path)}" if match.path not in ("", path) else ""
    return f"{BREAK}People's translation of the similar text{where} {similarity}:{quoted(match.target)}"
