"""Translated sentences whose English changed and that stand: to revise, to check, and those that ask for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.model import Action, Carried, FileResult, Revision
from bot.report.layout import BREAK, BodyPart, ListEntry, block, item
from bot.report.markdown import code_span, escaped, shortened
from bot.report.word_changes import marked_diff

_MARKS = "Words that went are struck, new words are bold."
_MAX_KINDS, _MAX_LABELS = 80, 8


class RevisedSentence(NamedTuple):
    """A revision in the translation `path`, at `line` (from 1)."""

    path: str
    line: int
    revision: Revision

    @property
    def label(self) -> str:
        """What was done, with the kinds of changes: `kept (punctuation)`."""
        carried = self.revision.carried
        if self.revision.action is Action.KEPT:
            return f"kept ({shortened(', '.join(carried.small), _MAX_KINDS) or 'marks'})"
        return f"carried over ({shortened(', '.join(carried.kinds), _MAX_KINDS)})"

    @property
    def difference(self) -> str:
        """The words that changed in the English, and below it those of the translation."""
        revision = self.revision
        sides = [(revision.base, revision.source)]
        if revision.action is not Action.KEPT:
            sides.append((revision.before, revision.text))
        return BREAK.join(marked_diff(*side) for side in sides)

    def entry(self, note: str, *below: str) -> ListEntry:
        """Below the name of the file; the `note` stands beside the line."""
        remark = f" ({escaped(note)})" if note else ""
        return ListEntry(
            item(f"**Line {self.line}**{remark}: {self.difference}", *below), f"**{code_span(self.path)}**"
        )


def earlier_stale(path: str, line: int, english: str, now: str, translation: str) -> RevisedSentence:
    """A sentence that was stale before this update: it was made from `english`, and its English says `now`."""
    revision = Revision(Action.STALE, "", english, now, translation, translation, (0, 0), Carried(translation))
    return RevisedSentence(path, line, revision)


def stale(results: Sequence[FileResult]) -> list[RevisedSentence]:
    """Sentences that say what their English said before."""
    return [sentence for sentence in _revised(results) if sentence.revision.action is Action.STALE]


def unsure(results: Sequence[FileResult]) -> list[RevisedSentence]:
    """Sentences with all changes of their English, one of which may stand in the wrong place."""
    return [
        sentence
        for sentence in _revised(results)
        if sentence.revision.action is not Action.STALE and not sentence.revision.is_sure
    ]


def stale_part(sentences: Sequence[RevisedSentence], language: str, accept: str) -> BodyPart:
    """With what was carried over all the same, and an engine's answer that was not used. `accept` is the command that
    declares a stale sentence to be right."""
    entries = []
    for sentence in sentences:
        kinds, rejected = sentence.revision.carried.kinds, sentence.revision.rejected
        offer = [block(rejected, title="The machine's answer, which was not used", collapsed=True)] if rejected else []
        entries.append(sentence.entry(f"carried over: {', '.join(kinds)}" if kinds else "", *offer))
    intro = (
        f"These translations stand, but their {language} says something else now. Edit them on this"
        f" branch, or accept them with {code_span(accept)}. {_MARKS}"
    )
    return BodyPart("To revise", tuple(entries), "sentence", 10, intro)


def unsure_part(results: Sequence[FileResult], language: str) -> BodyPart:
    """With the kinds of changes that may be wrong."""
    entries = (sentence.entry(", ".join(sentence.revision.carried.unsure)) for sentence in unsure(results))
    doubt = "a change may be wrong or stand in the wrong place"
    intro = f"These translations follow their {language}, but {doubt}. {_MARKS}"
    return BodyPart("To check", tuple(entries), "sentence", 10, intro)


def settled_part(results: Sequence[FileResult], language: str) -> BodyPart:
    """All others, collapsed, by kind of change; the most frequent kinds come first."""
    sure = [sentence for sentence in _revised(results) if sentence.revision.is_sure]
    numbers = Counter(sentence.label for sentence in sure)
    sure.sort(key=lambda sentence: (-numbers[sentence.label], sentence.label))
    entries = (
        ListEntry(
            item(f"{code_span(sentence.path)}, line {sentence.line}: {sentence.difference}"),
            f"**{escaped(sentence.label.capitalize())}**",
        )
        for sentence in sure
    )
    kinds = ", ".join(f"{number:,} {escaped(label)}" for label, number in numbers.most_common(_MAX_LABELS))
    intro = (
        f"These translations follow a small change of the {language}, or need no change: {kinds}"
        f"{' …' if len(numbers) > _MAX_LABELS else '.'} About one in 25 small changes means more than it seems."
    )
    return BodyPart("Small changes", tuple(entries), "sentence", 0, intro)


def _revised(results: Sequence[FileResult]) -> Iterator[RevisedSentence]:
    for result in results:
        if (merge := result.merge) is not None:
            for revision in merge.revisions:
                yield RevisedSentence(result.path, merge.line_at(revision.after[0]), revision)
