"""The plan for a translation, and the result of carrying it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.document import Kind, Span
from bot.model.translation import Versions

_NO_SENTENCES = Versions[tuple[str, ...]]((), (), ())


class Action(StrEnum):
    """The outcome for the translation of a piece of English. Each change ends as exactly one of these."""

    KEPT = "kept"
    STALE = "stale"
    PATCHED = "patched"
    REUSED = "reused"
    TRANSLATED = "translated"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class FuzzyMatch:
    """A similar source text and its human translation: shown to engine and reviewer, never used as the translation."""

    source: str
    target: str
    similarity: float
    path: str = ""


class Assistance(StrEnum):
    """What the engine is asked for, to bring a sentence of people's up to date: the translations of `phrases`, these
    and those of the whole sentence before and after (`graft`), or the `revision` of the whole sentence."""

    NONE = "none"
    PHRASES = "phrases"
    GRAFT = "graft"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of an English sentence that changed, with some of the words around them, before and after; or the `whole`
    sentence."""

    old: str
    new: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What a change of its English asked of a translated sentence, as kinds of changes (`link`, `number`, …).

    `text` is the translation with the changes `kinds`, which were carried over; those in `unsure` may be wrong or stand
    in the wrong place. `small` are the changes that ask for nothing. `complete` says that nothing else changed;
    `phrases` are what else did, once with more words around it and once with fewer, if it stands in one place.
    """

    text: str
    kinds: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    complete: bool = False
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """The decision on one unit: its segments in `base`, `new` and `target`, by index, any of which may be empty.

    `text` is the final target text; None keeps the old text, or awaits the engine. `rejected` is an engine's answer
    that failed its checks; `warnings` are doubts about an answer that passed them. `carried` is set for a translated
    sentence whose English changed: if the engine has no usable answer, its text stands. `assistance` is what the engine
    is asked for in a stale sentence. `moved` says that the unit leaves its place, as all with the action MOVED do.
    """

    action: Action
    reason: str
    base: tuple[int, ...]
    new: tuple[int, ...]
    target: tuple[int, ...]
    text: str | None = None
    fuzzy: FuzzyMatch | None = None
    rejected: str = ""
    warnings: tuple[str, ...] = ()
    carried: Carried | None = None
    moved: bool = False
    assistance: Assistance = Assistance.NONE

    @property
    def awaits_translation(self) -> bool:
        return self.action is Action.TRANSLATED and self.text is None

    @property
    def awaits_assistance(self) -> bool:
        return self.action is Action.STALE and self.assistance is not Assistance.NONE

    @property
    def leaves_its_place(self) -> bool:
        return self.moved or self.action is Action.MOVED


@dataclass(frozen=True, slots=True)
class Plan:
    """Every unit in the order of the new English, then the removals. `requests` are the indices of the operations that
    await the engine, `characters` the length of all that it is asked.

    `untouchable` are the target segments whose English did not change. They are computed from the links alone, and must
    stand in the result whatever the operations say. `echoes` are segments of the translation that no English belongs
    to, each with the new segment that it may be the translation of. `given_up` are those that people asked to replace,
    though their English stands.
    """

    operations: tuple[Operation, ...]
    requests: tuple[int, ...]
    characters: int
    untouchable: tuple[int, ...] = ()
    echoes: tuple[tuple[int, int], ...] = ()
    given_up: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence, or a unit of joined sentences, for an engine, in the folded form of `Segment.text`. `before` is the
    sentence before it, `path` the translated file.

    For a sentence that changed, `revised` is its English before and people's translation of that. With `repairs`, that
    translation stands, and only what changed is asked for: a phrase, or by an engine that revises the sentence itself.
    """

    text: str
    kind: Kind
    placeables: tuple[str, ...] = ()
    before: str = ""
    path: str = ""
    revised: FuzzyMatch | None = None
    repairs: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """An engine's answer to one request. `warnings` are doubts about it.

    If the engine could not translate, `left` says why a person must look, `text` stands in meanwhile, and `rejected` is
    the unusable answer of the machine.
    """

    text: str
    left: str = ""
    fuzzy: FuzzyMatch | None = None
    warnings: tuple[str, ...] = ()
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A declared change: `text`, at `after` in the new translation, replaces the span `before` of the old one."""

    action: Action
    reason: str
    before: Span
    after: Span
    source: str
    text: str
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """English that a person has to check, and its place in the new translation (`after`). `rejected` is an engine's
    answer that failed its checks: shown, not used. `standing`: it stood there untranslated before, unchanged."""

    reason: str
    source: str
    after: Span
    fuzzy: FuzzyMatch | None = None
    rejected: str = ""
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Reasons to check a machine translation, which stands at `after`."""

    warnings: tuple[str, ...]
    source: str
    after: Span


@dataclass(frozen=True, slots=True)
class Revision:
    """A translated sentence that stands although its English changed from `base` to `source`: kept, patched, or stale.
    `before` and `text` are the translation before and after; `after` is its place in the new translation. All texts are
    on one line. `sentences` are those that `base`, `source` and `text` consist of; the last as they read there."""

    action: Action
    reason: str
    base: str
    source: str
    before: str
    text: str
    after: Span
    carried: Carried
    rejected: str = ""
    sentences: Versions[tuple[str, ...]] = _NO_SENTENCES

    @property
    def is_sure(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.action is not Action.STALE and not self.carried.unsure


@dataclass(frozen=True, slots=True)
class Merge:
    """A verified result: the edits turn the old translation into exactly `text`. `counts` is the number of units by
    action, `sentences` the number of prose units. `beside` are people's words without English of their own that stand
    beside English that changed. `revisions` are the translated sentences whose English changed, in
    the order of the new English."""

    text: str
    edits: tuple[Edit, ...]
    counts: Mapping[str, int]
    sentences: Mapping[str, int]
    left: tuple[Left, ...]
    characters: int
    verified: bool = True
    doubts: tuple[Doubt, ...] = ()
    revisions: tuple[Revision, ...] = ()
    beside: tuple[Left, ...] = ()

    @property
    def for_people(self) -> list[Left]:
        """The places that a person has to look at because of this merge, in the order of the text."""
        left = (place for place in self.left if not place.standing)
        return sorted((*left, *self.beside), key=lambda place: place.after)

    def line_at(self, position: int) -> int:
        """The line (from 1) of a position in `text`."""
        return self.text.count("\n", 0, position) + 1
