"""The translation under repair: the edits so far, and the changes of the English that they settle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bot.model import Document, Language, Tag
from bot.repair.changes import Change, Nature, SentenceComparison
from bot.repair.habits import Habits
from bot.repair.tokens import Token, TokenKind, read_tokens

_WORD = re.compile(r"[^\W\d_]+")


class Splice(NamedTuple):
    """`text` in the place of `[start, end)` of the translation."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Side:
    """Segments of one document that follow each other, as tokens."""

    document: Document
    indices: Sequence[int]

    @cached_property
    def tokens(self) -> list[Token]:
        return read_tokens(self.document, self.indices)

    @cached_property
    def tags(self) -> list[Tag]:
        return sorted((tag for i in self.indices for tag in self.document.segments[i].tags), key=lambda tag: tag.start)

    @property
    def start(self) -> int:
        return self.document.segments[self.indices[0]].start

    @property
    def end(self) -> int:
        return self.document.segments[self.indices[-1]].end

    @cached_property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def strays(self) -> int:
        """How many asterisks and tildes are no marks around words of these segments: emphasis that begins in one
        sentence and ends in another, or an accident."""
        return sum(token.kind is TokenKind.SIGN and token.text in "*~" for token in self.tokens)

    def opening(self, tag: Tag) -> str:
        return self.document.text[tag.start : tag.inner_start]

    def inner(self, tag: Tag) -> str:
        return self.document.text[tag.inner_start : tag.inner_end]

    def closing(self, tag: Tag) -> str:
        return self.document.text[tag.inner_end : tag.end]

    @cached_property
    def placeables(self) -> list[Token]:
        return [token for token in self.tokens if token.kind is TokenKind.PLACEABLE]


@dataclass
class RepairDraft:
    """One sentence: its English before (`base`) and after (`new`), its translation (`target`), and what was done.

    `carried` has, by kind of change, the edits that carried it over; `unsure` are the kinds among them whose place is a
    guess, `left` the kinds that this team leaves, `noticed` kinds of changes that are none of tokens.
    `respelled` are placeables that only the translation had, and that others took the place of; `gained` are placeables
    that only the result has.
    """

    base: Side
    new: Side
    target: Side
    language: Language
    habits: Habits
    edits: list[Splice] = field(default_factory=list)
    settled: dict[Change, Nature] = field(default_factory=dict)
    carried: dict[Nature, list[Splice]] = field(default_factory=dict)
    unsure: set[Nature] = field(default_factory=set)
    left: set[Nature] = field(default_factory=set)
    noticed: set[Nature] = field(default_factory=set)
    open_marks: bool = False
    respelled: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)

    @cached_property
    def comparison(self) -> SentenceComparison:
        return SentenceComparison(self.base.tokens, self.new.tokens)

    @property
    def unsettled(self) -> list[Change]:
        return [change for change in self.comparison.changes if change not in self.settled]

    @property
    def natures(self) -> set[Nature]:
        """Of all changes."""
        return self.noticed | {self.settled.get(change, self._nature(change)) for change in self.comparison.changes}

    def _nature(self, change: Change) -> Nature:
        """A word that stands elsewhere on the page is no slip of the pen: `content`, `context`."""
        if change.nature is Nature.SPELLING:
            page = Counter(_WORD.findall(self.base.document.text.lower()))
            replaced = {token.text.lower() for token in change.old} - {token.text.lower() for token in change.new}
            if any(page[word] > 1 for word in replaced):
                return Nature.WORDS
        return change.nature

    def carry(self, nature: Nature, edits: Iterable[Splice], *changes: Change, sure: bool = True) -> bool:
        """Makes these edits, which settle `changes`, unless one of them touches another edit. Whether it did.

        A kind of change that people leave here is settled without edits."""
        if not self.habits.carries(nature):
            self.left.add(nature)
            self.settle(nature, *changes)
            return True
        edits = list(edits)
        if any(_overlap(edit, other) for edit in edits for other in self.edits):
            return False
        self.edits += edits
        self.settle(nature, *changes)
        self.carried.setdefault(nature, []).extend(edits)
        if not sure:
            self.unsure.add(nature)
        return True

    def settle(self, nature: Nature, *changes: Change) -> None:
        self.settled.update(dict.fromkeys(changes, nature))

    def text(self) -> str:
        """The translation with the edits; where several insert at one place, in the order in which they were made."""
        text, start = self.target.document.text, self.target.start
        parts: list[str] = []
        for edit in sorted(self.edits, key=lambda edit: (edit.start, edit.end)):
            parts += text[start : edit.start], edit.text
            start = edit.end
        return "".join(parts) + text[start : self.target.end]


def _overlap(one: Splice, other: Splice) -> bool:
    return one.start < other.end and other.start < one.end
