"""The outcomes of the machine's drafts: each sentence accepted, edited or rewritten, and how much people edited.

TER of a draft against the text that people made from it is HTER: Snover et al. (2006), "A study of translation edit
rate with targeted human annotation".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from bot.alignment.beads import connected
from bot.evaluation.reading import as_read
from bot.evaluation.scores import RESAMPLES, Metric, Score, score
from bot.model import Language

REWRITTEN_FROM = 60.0
"""The TER from which a sentence counts as rewritten: so few words stayed that correcting the draft saved no work."""


class EditOutcome(StrEnum):
    """The outcome of a sentence that the machine was asked for. `left`: the machine gave no usable translation, so
    people were asked to translate. `removed`: the draft is gone without a replacement."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REWRITTEN = "rewritten"
    REMOVED = "removed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Rendition:
    """The translation of some sentences: their places in the source text (numbers, ascending) and its text. `drafted`:
    the machine wrote it. `left`: the machine was asked for it in vain."""

    places: tuple[int, ...]
    text: str
    drafted: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A draft and the final text. `ter` is 0 to 100 and more, None if a side is empty. `edits` counts the characters
    that were inserted, deleted or replaced (Levenshtein)."""

    draft: str
    final: str
    outcome: EditOutcome
    ter: float | None
    edits: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The corrections of one merged pull request, or the sum of several. `outcomes` counts sentences, `drafted` the
    characters of drafts, `edited` the characters that people changed in them. `sentences` and `characters` count the
    whole translation in the files of the pull request. `ter` is the TER of all drafts together, None in a sum."""

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
        """The share of an outcome in the drafted sentences; 0 if there are none."""
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
    drafts: Iterable[Rendition], finals: Iterable[Rendition], joiner: str
) -> Iterator[tuple[Rendition, Rendition]]:
    """The smallest drafts and final texts that translate the same sentences: people join sentences and split them. Only
    pairs that the machine was asked for; a side may be empty."""
    before, after = ([rendition for rendition in side if rendition.places] for side in (drafts, finals))
    for group in connected([rendition.places for rendition in (*before, *after)]):
        mine = [before[k] for k in group if k < len(before)]
        theirs = [after[k - len(before)] for k in group if k >= len(before)]
        if any(rendition.drafted or rendition.left for rendition in mine):
            yield _joined(mine, joiner), _joined(theirs, joiner)


def judge(draft: Rendition, final: Rendition, language: Language) -> Correction:
    """The outcome of a draft. TER compares the texts as readers see them (`as_read`). Raises ConfigError without
    sacreBLEU."""
    ter: float | None = None
    edits = Levenshtein.distance(draft.text, final.text)
    if draft.left or not draft.text:
        outcome = EditOutcome.LEFT
    elif draft.text.split() == final.text.split():
        outcome, ter, edits = EditOutcome.ACCEPTED, 0.0, 0
    elif not final.text:
        outcome = EditOutcome.REMOVED
    else:
        ter = _ter([(draft.text, final.text)], language, 0).value
        outcome = EditOutcome.REWRITTEN if ter >= REWRITTEN_FROM else EditOutcome.EDITED
    return Correction(draft.text, final.text, outcome, ter, edits)


def summarize(corrections: Sequence[Correction], whole: Sequence[str], language: Language) -> Figures:
    """The figures of a pull request; `whole` are all sentences of its files, as they were merged."""
    compared = [(correction.draft, correction.final) for correction in corrections if correction.ter is not None]
    outcomes = Counter(correction.outcome for correction in corrections)
    return Figures(
        {outcome: outcomes[outcome] for outcome in EditOutcome},
        sum(len(correction.draft) for correction in corrections if correction.outcome is not EditOutcome.LEFT),
        sum(correction.edits for correction in corrections),
        len(whole),
        sum(map(len, whole)),
        _ter(compared, language) if compared else None,
    )


def _ter(pairs: Sequence[tuple[str, str]], language: Language, resamples: int = RESAMPLES) -> Score:
    compared = "the machine's drafts, against what people made of them; sentences taken out aside"
    drafts, finals = ([as_read(pair[side], language) for pair in pairs] for side in (0, 1))
    return score(Metric.TER, drafts, finals, language, compared, resamples=resamples)


def _joined(renditions: Iterable[Rendition], joiner: str) -> Rendition:
    ordered = sorted(renditions, key=lambda rendition: rendition.places)
    is_drafted = any(rendition.drafted for rendition in ordered)
    return Rendition(
        tuple(place for rendition in ordered for place in rendition.places),
        joiner.join(rendition.text for rendition in ordered if rendition.text),
        is_drafted,
        not is_drafted and any(rendition.left for rendition in ordered),
    )
