"""Learns the habits of a team from its past revisions: what people did to a translation when its English changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

from bot.documents import parse
from bot.model import Direction, Document, Versions
from bot.repair.changes import SMALL, Nature
from bot.repair.draft import RepairDraft, Splice
from bot.repair.habits import MIN_REVISIONS, Habit, Habits, KeptShare, verdict
from bot.repair.lexis import Lexis
from bot.repair.phrases import choose_phrases
from bot.repair.repairing import Sentences, fill_draft, sides_of
from bot.repair.tokens import FINAL_SIGNS, MARKS, TokenKind, tokens_of_text

_BANDS = (60, 80, 90, 95, 100)
# People who keep fewer words write the sentence anew.
_MIN_KEPT = 0.5


class PastRevision(NamedTuple):
    """A sentence that people brought in step: its English and its translation before and after, and its file."""

    base: str
    new: str
    before: str
    after: str
    path: str = ""


class Response(StrEnum):
    """What people did where the English changed: as the repair would, nothing, or something else."""

    CARRIED = "carried over"
    LEFT = "left"
    OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Observation:
    """What one revision shows. `likeness` (0 to 100) is that of the English; `kept` is the share of the translation's
    words that stayed, in their order; `has_new_words` says whether words with a meaning of their own changed in the
    English. `signs` says whether the full stop stands inside a mark that is new at the end of the sentence: in the
    English, and in the translation."""

    revision: PastRevision
    likeness: float
    kept: float
    has_new_words: bool
    responses: Mapping[str, Response] = field(default_factory=dict)
    signs: tuple[bool, bool] | None = None


def observe(revision: PastRevision, direction: Direction) -> Observation | None:
    """Repairs the old translation and compares with what people wrote. None for what isn't one sentence or a few of one
    block."""
    source, target = direction
    sides = zip(revision[:4], (source, source, target, target), strict=True)
    base, new, before, after = (parse(text, language, revision.path) for text, language in sides)
    if any(not d.segments or len({segment.block for segment in d.segments}) > 1 for d in (base, new, before, after)):
        return None
    documents = Versions(base, new, before)
    units = Sentences(*(range(len(document.segments)) for document in documents))
    draft = RepairDraft(*sides_of(documents, units), direction.target, Habits())
    fill_draft(draft, Lexis(base, before, ()))
    responses = {
        nature.value: _response(before.text, _edited(before.text, edits), after.text)
        for nature, edits in draft.carried.items()
    }
    natures = draft.natures
    if not draft.carried:
        whole = Response.LEFT if before.text.split() == after.text.split() else Response.CARRIED
        if len(natures) == 1 and natures <= SMALL:
            responses[next(iter(natures)).value] = whole
        elif choose_phrases(draft):
            responses[Nature.PHRASE.value] = whole
    english, own = _sign_inside(new), _sign_inside(after)
    return Observation(
        revision,
        ratio(base.text, new.text),
        _kept_share(before.text, after.text),
        Nature.WORDS in natures,
        responses,
        (english, own) if english is not None and own is not None and _sign_inside(before) is None else None,
    )


def learn(observations: Iterable[Observation]) -> Habits:
    observations = list(observations)
    counts: dict[str, list[int]] = {}
    for observation in observations:
        for kind, response in observation.responses.items():
            pair = counts.setdefault(kind, [0, 0])
            pair[0] += response is Response.CARRIED
            pair[1] += response is Response.LEFT
    signs = Counter(observation.signs for observation in observations)
    kept = tuple(_by_likeness(observations))
    return Habits(
        {kind: (carried, left) for kind, (carried, left) in counts.items()},
        _contrary_signs(signs),
        _retranslate_below(kept),
        kept,
        len(observations),
    )


def _response(before: str, repaired: str, after: str) -> Response:
    """Compares words and signs without their order: people may have changed others in the same sentence."""
    old, wanted, own = (_bag(text) for text in (before, repaired, after))
    added, removed = wanted - old, old - wanted
    if not added and not removed:
        return Response.OTHERWISE
    gained, lost = own - old, old - own
    if added <= gained and removed <= lost:
        return Response.CARRIED
    return Response.OTHERWISE if added & gained or removed & lost else Response.LEFT


def _bag(text: str) -> Counter[str]:
    return Counter(_words(text))


def _words(text: str) -> list[str]:
    return [token.text for token in tokens_of_text(text) if token.kind is not TokenKind.SPACE]


def _kept_share(before: str, after: str) -> float:
    words = _words(before)
    return LCSseq.similarity(words, _words(after)) / max(1, len(words))


def _edited(text: str, edits: Sequence[Splice]) -> str:
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += text[at : edit.start], edit.text
        at = edit.end
    return "".join(parts) + text[at:]


def _sign_inside(document: Document) -> bool | None:
    """Whether the final sign is inside the mark that ends the text; None without a mark or a sign there."""
    text = document.text.rstrip()
    end = len(text.rstrip(FINAL_SIGNS))
    for tag in (tag for segment in document.segments for tag in segment.tags if tag.kind in MARKS and tag.end == end):
        is_inside = document.text[tag.inner_start : tag.inner_end].rstrip()[-1:] in tuple(FINAL_SIGNS)
        if is_inside != (end < len(text)):
            return is_inside
    return None


def _contrary_signs(signs: Counter[tuple[bool, bool] | None]) -> bool | None:
    for english in (True, False):
        if verdict(signs[english, english], signs[english, not english]) is Habit.LEFT:
            return not english
    return None


def _by_likeness(observations: Sequence[Observation]) -> Iterable[KeptShare]:
    for low, high in pairwise(_BANDS):
        shares = [o.kept for o in observations if o.has_new_words and low <= min(o.likeness, 99) < high]
        if shares:
            yield KeptShare(low, high, len(shares), round(median(shares), 3))


def _retranslate_below(kept: Sequence[KeptShare]) -> float | None:
    """Where people begin to keep half of their words. What they do with English less alike than that of all bands is
    not known; without evidence for the lowest one, nothing is."""
    known = [band for band in kept if band.revisions >= MIN_REVISIONS]
    if not known or known[0].low != _BANDS[0]:
        return None
    below = next((band.low for band in known if band.share >= _MIN_KEPT), known[-1].high)
    return below / 100
