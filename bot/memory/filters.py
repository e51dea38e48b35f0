"""Which pairs are worth teaching a machine: each gets one status, so that all are accounted for."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.memory.pairs import Pair, PairStatus
from bot.memory.similar import SimilarTexts
from bot.model import Origin

# How many times longer or shorter than its language's ratio a translation may be, after every source text is counted
# as this many characters longer, since short ones vary more. Of the pairs of the Chinese and Turkish "Dive into Deep
# Learning" that are scored 0.95 and more, 0.1% and none are beyond it.
_RATIO, _PADDING = 2.5, 20
# A text this similar to a held-out one would give its translation away.
_NEAR = 0.9
_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Rules:
    """`length_ratio` is the target language's. `max_bytes` (UTF-8) and `refuse_signs` (a leading `=`, `+`, `-` or `@`)
    are the service's limits; the defaults are Amazon Translate's for CSV and TSV. About one source text in `held_out`
    is held out, none for 0."""

    min_score: float
    length_ratio: float
    held_out: int
    max_bytes: int = 1000
    refuse_signs: bool = True


def decide(pairs: Sequence[Pair], rules: Rules) -> list[PairStatus]:
    """The status of each pair, in order. What a pair's own text says comes first, then what the other pairs say."""
    statuses: list[PairStatus | None] = [_own_fault(pair, rules) for pair in pairs]
    _settle_repeated(pairs, statuses)
    decided = [status or _side(pair, rules) for pair, status in zip(pairs, statuses, strict=True)]
    kept_out = SimilarTexts(
        [p.unit.source for p, status in zip(pairs, decided, strict=True) if status is PairStatus.HELD_OUT]
    )
    return [
        PairStatus.NEAR_HELD_OUT if status is PairStatus.KEPT and kept_out.find(pair.unit.source, _NEAR, 1) else status
        for pair, status in zip(pairs, decided, strict=True)
    ]


def is_held_out(source: str, one_in: int) -> bool:
    """Whether a source text belongs to the held-out set. Only its letters count: what differs in numbers, case, markup
    or white space alone falls on the same side. Stable: a text stays on its side whatever else the book holds."""
    if not one_in:
        return False
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", source).casefold()))
    return int.from_bytes(sha256(letters.encode()).digest()[:8]) % one_in == 0


def _own_fault(pair: Pair, rules: Rules) -> PairStatus | None:
    unit = pair.unit
    if unit.origin is Origin.MACHINE:
        return PairStatus.MACHINE
    if unit.score < rules.min_score:
        return PairStatus.LOW_SCORE
    if pair.fault is not None:
        return pair.fault
    if abs(math.log(_relative_length(pair, rules.length_ratio))) > math.log(_RATIO):
        return PairStatus.LENGTH_RATIO
    if max(len(unit.source.encode()), len(unit.target.encode())) > rules.max_bytes:
        return PairStatus.TOO_LONG
    if rules.refuse_signs and (unit.source.startswith(_SIGNS) or unit.target.startswith(_SIGNS)):
        return PairStatus.LEADING_SIGN
    return None


def _relative_length(pair: Pair, ratio: float) -> float:
    """How much longer the target is than the length of the source lets expect; 1.0 where it is as expected."""
    return (len(pair.unit.target) + _PADDING * ratio) / ((len(pair.unit.source) + _PADDING) * ratio)


def _settle_repeated(pairs: Sequence[Pair], statuses: list[PairStatus | None]) -> None:
    """Of equal sources one pair stays: the first with the most frequent target, of several as frequent the earliest.
    Drafts of a machine only have a say where no person translated that source."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        if statuses[place] is None:
            places[pair.unit.source].append(place)
    for same in places.values():
        heard = [place for place in same if not pairs[place].drafted] or same
        frequency = Counter(pairs[place].unit.target for place in heard)
        kept = max(heard, key=lambda place: frequency[pairs[place].unit.target])
        for place in same:
            if place != kept:
                agrees = pairs[place].unit.target == pairs[kept].unit.target
                statuses[place] = PairStatus.DUPLICATE if agrees else PairStatus.CONTRADICTION


def _side(pair: Pair, rules: Rules) -> PairStatus:
    if not is_held_out(pair.unit.source, rules.held_out):
        return PairStatus.KEPT
    # The machine's own words are no reference to score it by.
    return PairStatus.MACHINE if pair.drafted else PairStatus.HELD_OUT
