"""What people made of the machine's drafts: sentence by sentence accepted, edited or rewritten, and the work it took.

TER of the draft against the text that people made from it is HTER: Snover et al. (2006), "A study of translation edit
rate with targeted human annotation".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from bot.evaluation.reading import as_read
from bot.evaluation.scores import RESAMPLES, Metric, Score, score
from bot.model import Language

REWRITTEN_FROM = 60.0
"""TER from which on a sentence was written anew rather than edited: so few of its words stayed that correcting it was
no less work."""


class EditOutcome(StrEnum):
    """What became of a sentence that the machine was asked for. `left`: it had no answer that could stand, so people
    were asked to translate; `removed`: its draft is gone and nothing stands in its place."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REWRITTEN = "rewritten"
    REMOVED = "removed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Rendition:
    """A translated stretch of a document: the places of its sentences in the source text (numbers, ascending), and its
    text. `drafted`: the machine wrote it; `left`: the machine was asked for it in vain."""

    places: tuple[int, ...]
    text: str
    drafted: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """`ter` is 0 to 100 and more, None where there is nothing to compare; `edits` counts the characters that were
    inserted, deleted or replaced (Levenshtein)."""

    draft: str
    final: str
    outcome: EditOutcome
    ter: float | None
    edits: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one merged pull request, or the sum of several. `outcomes` counts sentences; `drafted` and `edited` are
    characters, of the drafts and of what people changed in them; `sentences` and `characters` are all of the files that
    were touched, in the translation: what translating them anew would have been. `ter` is of all drafts together, None
    in a sum."""

    outcomes: Mapping[EditOutcome, int] = field(default_factory=dict)
    drafted: int = 0
    edited: int = 0
    sentences: int = 0
    characters: int = 0
    ter: Score | None = None

    @property
    def answered(self) -> int:
        """The sentences that the machine drafted."""
        return sum(count for outcome, count in self.outcomes.items() if outcome is not EditOutcome.LEFT)

    @property
    def asked(self) -> int:
        return sum(self.outcomes.values())

    @property
    def work(self) -> int:
        """The sentences that people had to touch."""
        return self.asked - self.outcomes.get(EditOutcome.ACCEPTED, 0)

    def share(self, outcome: EditOutcome) -> float:
        """Of the drafted sentences; 0 where there is none."""
        return self.outcomes.get(outcome, 0) / self.answered if self.answered else 0.0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            {outcome: self.outcomes.get(outcome, 0) + other.outcomes.get(outcome, 0) for outcome in EditOutcome},
            self.drafted + other.drafted,
            self.edited + other.edited,
            self.sentences + other.sentences,
            self.characters + other.characters,
        )


def matched(
    drafts: Sequence[Rendition], finals: Sequence[Rendition], joiner: str
) -> Iterator[tuple[Rendition, Rendition]]:
    """The smallest stretches of both sides that translate the same sentences of the source and hold a draft: people
    join sentences and take them apart. A side without text has an empty one."""
    groups = _Groups()
    for stretch in (*drafts, *finals):
        groups.join(stretch.places)
    left, right = groups.sort(drafts), groups.sort(finals)
    for key, mine in left.items():
        if any(one.drafted or one.left for one in mine):
            yield _joined(mine, joiner), _joined(right.get(key, ()), joiner)


def judge(draft: Rendition, final: Rendition, language: Language) -> Correction:
    """TER as readers see the texts, see `as_read`. Raises ConfigError where sacreBLEU is not installed."""
    edits = Levenshtein.distance(draft.text, final.text)
    if draft.left or not draft.text:
        return Correction(draft.text, final.text, EditOutcome.LEFT, None, edits)
    if _folded(draft.text) == _folded(final.text):
        return Correction(draft.text, final.text, EditOutcome.ACCEPTED, 0.0, 0)
    if not final.text:
        return Correction(draft.text, final.text, EditOutcome.REMOVED, None, edits)
    ter = _ter([draft.text], [final.text], language, 0).value
    return Correction(
        draft.text, final.text, EditOutcome.REWRITTEN if ter >= REWRITTEN_FROM else EditOutcome.EDITED, ter, edits
    )


def summarize(corrections: Sequence[Correction], whole: Sequence[str], language: Language) -> Figures:
    """`whole` are all sentences of the files that were touched, as they were merged."""
    kept = [one for one in corrections if one.ter is not None]
    outcomes = Counter(one.outcome for one in corrections)
    return Figures(
        {outcome: outcomes[outcome] for outcome in EditOutcome},
        sum(len(one.draft) for one in corrections if one.outcome is not EditOutcome.LEFT),
        sum(one.edits for one in corrections),
        len(whole),
        sum(map(len, whole)),
        _ter([one.draft for one in kept], [one.final for one in kept], language) if kept else None,
    )


def _ter(drafts: Sequence[str], finals: Sequence[str], language: Language, resamples: int = RESAMPLES) -> Score:
    compared = "the machine's drafts, against what people made of them; sentences taken out aside"
    sides = [[as_read(text, language) for text in side] for side in (drafts, finals)]
    return score(Metric.TER, sides[0], sides[1], language, compared, resamples=resamples)


class _Groups:
    """Places that belong together (disjoint sets)."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def join(self, places: Sequence[int]) -> None:
        for place in places:
            self._parents[self._find(place)] = self._find(places[0])

    def sort(self, stretches: Sequence[Rendition]) -> dict[int, list[Rendition]]:
        found: dict[int, list[Rendition]] = {}
        for stretch in stretches:
            if stretch.places:
                found.setdefault(self._find(stretch.places[0]), []).append(stretch)
        return found

    def _find(self, place: int) -> int:
        while (parent := self._parents.setdefault(place, place)) != place:
            place = parent
        return place


def _joined(stretches: Sequence[Rendition], joiner: str) -> Rendition:
    ordered = sorted(stretches, key=lambda one: one.places)
    return Rendition(
        tuple(place for one in ordered for place in one.places),
        joiner.join(one.text for one in ordered if one.text),
        any(one.drafted for one in ordered),
        not any(one.drafted for one in ordered) and any(one.left for one in ordered),
    )


def _folded(text: str) -> str:
    return " ".join(text.split())
