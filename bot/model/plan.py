"""What is to be done with a translation, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.document import Kind, Span


class Action(StrEnum):
    """What happens to the translation of a piece of English. Each change ends as exactly one of these."""

    KEPT = "kept"
    PATCHED = "patched"
    REUSED = "reused"
    TRANSLATED = "translated"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class FuzzyMatch:
    """A similar source text that people translated: offered to the reviewer, never passed off as the translation."""

    source: str
    target: str
    similarity: float
    path: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What to do with one unit: English `base` segments become `new` ones, translated by `target` segments (indices in
    the three documents, any may be empty). `text` is the finished target text where no engine is needed; `rejected` an
    engine's answer that failed its checks, `warnings` doubts about one that passed them."""

    action: Action
    reason: str
    base: tuple[int, ...]
    new: tuple[int, ...]
    target: tuple[int, ...]
    text: str | None = None
    fuzzy: FuzzyMatch | None = None
    rejected: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every unit of the new English in its order, then what is removed. `operations[i]` for i in `requests` await the
    engine; `characters` is what it will be sent. `untouchable` are the segments of the translation whose English did
    not change, found from the links alone: whatever the operations say, they must stand in the result."""

    operations: tuple[Operation, ...]
    requests: tuple[int, ...]
    characters: int
    untouchable: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence (or unit of joined sentences) for an engine, in the folded form of `Segment.text`. `path` is the
    translated file that it is for."""

    text: str
    kind: Kind
    placeables: tuple[str, ...] = ()
    before: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """An engine's answer to one request. `left` says why a person must look at it, where the engine could not
    translate; `text` is then what stands in meanwhile, and `rejected` what the machine said where that is no use.
    `warnings` are doubts about a translation that stands."""

    text: str
    left: str = ""
    fuzzy: FuzzyMatch | None = None
    warnings: tuple[str, ...] = ()
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A declared change: `before` in the old translation became `after` in the new one, which holds `text` there."""

    action: Action
    reason: str
    before: Span
    after: Span
    source: str
    text: str
    fuzzy: FuzzyMatch | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What a person has to look at: the English, why, and where in the new translation (`after`) it stands. `rejected`
    is an engine's answer that failed its checks: offered, not used."""

    reason: str
    source: str
    after: Span
    fuzzy: FuzzyMatch | None = None
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A machine's translation that stands at `after`, and what about it is worth a second look."""

    warnings: tuple[str, ...]
    source: str
    after: Span


@dataclass(frozen=True, slots=True)
class Merge:
    """A verified result: replacing each `before` of the old translation by its `text` gives `text` exactly. `counts`
    says how many units ended as each action, `sentences` how many of them are prose."""

    text: str
    edits: tuple[Edit, ...]
    counts: Mapping[str, int]
    sentences: Mapping[str, int]
    left: tuple[Left, ...]
    characters: int
    verified: bool = True
    doubts: tuple[Doubt, ...] = ()
