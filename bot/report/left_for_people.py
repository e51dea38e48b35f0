"""Work that a pull request leaves for people: untranslated sentences, with reasons and help, and doubtful ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby

from bot.model import Document, FileChange, FileResult, FuzzyMatch, Left, Merge, Segment
from bot.report.layout import BREAK, MAX_LINES, BodyPart, ListEntry, block, clipped, is_code, item, quoted
from bot.report.markdown import code_span, counted, escaped
from bot.report.word_changes import word_diff

# Below this similarity (0 to 1), a word-by-word difference is hard to read.
_MIN_DIFF_SIMILARITY = 0.7
_WORD = re.compile(r"[^\W\d_]{2,}")
# Names, titles and "PyTorch" stand in translations as they are; a sentence has more words.
_MIN_SENTENCE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Leftover:
    """A sentence of the source that stands untranslated at `line` of the translation (counted from 1)."""

    path: str
    line: int
    source: str


def find_leftovers(path: str, source: Document, before: Document, now: Document) -> Iterator[Leftover]:
    """Source sentences that are word for word in the proposed translation `now`, but not in the published `before`."""
    untranslated = {segment.text for segment in source.segments if is_sentence(segment)}
    untranslated -= {segment.text for segment in before.segments}
    for segment in now.segments:
        if segment.is_prose and segment.text in untranslated:
            yield Leftover(path, now.text.count("\n", 0, segment.start) + 1, segment.text)


def is_sentence(segment: Segment) -> bool:
    """Whether the segment has too many words for a name or title. A translation may keep those unchanged."""
    return segment.is_prose and len(_WORD.findall(segment.words())) >= _MIN_SENTENCE_WORDS


def left_part(results: Sequence[FileResult]) -> BodyPart:
    """By file and line. New files come last, with counts only: their sentences need a translation, no decision."""
    entries: list[ListEntry] = []
    counts: list[ListEntry] = []
    for result in sorted(results, key=lambda result: result.change is FileChange.ADDED):
        if result.merge is None:
            continue
        entries += (ListEntry(text, f"**{code_span(result.path)}**") for text in _texts(result, result.merge))
        if result.change is FileChange.ADDED:
            reasons = Counter(left.reason for left in result.merge.left if not _has_offer(left))
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


def leftovers_part(leftovers: Sequence[Leftover], language: str) -> BodyPart:
    """Sentences that earlier updates left untranslated. Their reasons stand in the history of the pull request."""
    entries = (
        item(f"{code_span(leftover.path)}, line {leftover.line}: {code_span(clipped(leftover.source))}")
        for leftover in leftovers
    )
    return BodyPart(f"Still in {language}, from earlier updates", tuple(map(ListEntry, entries)), "entry", 10)


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
    for run in _runs(merge.left):
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
