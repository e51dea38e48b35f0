"""Decides which pairs are good enough to teach a machine."""

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

# A translation may be this many times longer or shorter than its language's length ratio predicts. Short texts vary
# more, so padding (characters) is added to each source. Among the pairs of the Chinese and Turkish "Dive into Deep
# Learning" with scores from 0.95, this drops 0.1% and none.
_MAX_LENGTH_FACTOR, _PADDING = 2.5, 20
# A text this similar to a held-out text would give its translation away.
_NEAR_SIMILARITY = 0.9
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Rules:
    """`length_ratio` is the target language's. `max_bytes` (UTF-8) and `refuse_signs` (a leading `=`, `+`, `-` or `@`)
    are limits of the service; the defaults are Amazon Translate's for CSV and TSV. About one source text in `held_out`
    is held out; none for 0. If that makes fewer than `wanted`, it is one in `small`, where that makes as many; what is
    held out of a large book is also held out while it is small, if `small` divides `held_out`."""

    min_score: float
    length_ratio: float
    held_out: int
    max_bytes: int = 1000
    refuse_signs: bool = True
    small: int = 0
    wanted: int = 0

    def one_in(self, pairs: int) -> int:
        """One source text in so many is held out, of so many `pairs` that could be."""
        if self.small and self.held_out > self.small and pairs < self.held_out * self.wanted:
            return self.small if pairs >= self.small * self.wanted else self.held_out
        return self.held_out


def decide(pairs: Sequence[Pair], rules: Rules) -> list[PairStatus]:
    """The status of each pair, in order. The pair's own text is judged first, then its relation to other pairs."""
    statuses: list[PairStatus | None] = [_own_fault(pair, rules) for pair in pairs]
    _resolve_repeated(pairs, statuses)
    one_in = rules.one_in(statuses.count(None))
    decided = [status or _side(pair, one_in) for pair, status in zip(pairs, statuses, strict=True)]
    held_out = SimilarTexts(
        [pair.unit.source for pair, status in zip(pairs, decided, strict=True) if status is PairStatus.HELD_OUT]
    )
    for place, pair in enumerate(pairs):
        if decided[place] is PairStatus.KEPT and held_out.find(pair.unit.source, _NEAR_SIMILARITY, 1):
            decided[place] = PairStatus.NEAR_HELD_OUT
    return decided


def is_held_out(source: str, one_in: int) -> bool:
    """Whether a source text belongs to the held-out set. Only its letters count, so texts that differ in numbers, case,
    markup or white space alone are on the same side. The rest of the book has no influence."""
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", source).casefold()))
    return one_in > 0 and int.from_bytes(sha256(letters.encode()).digest()[:8]) % one_in == 0


def _own_fault(pair: Pair, rules: Rules) -> PairStatus | None:
    unit = pair.unit
    if unit.origin is Origin.MACHINE:
        return PairStatus.MACHINE
    if unit.score < rules.min_score:
        return PairStatus.LOW_SCORE
    if pair.fault is not None:
        return pair.fault
    expected = (len(unit.source) + _PADDING) * rules.length_ratio
    factor = (len(unit.target) + _PADDING * rules.length_ratio) / expected
    if abs(math.log(factor)) > math.log(_MAX_LENGTH_FACTOR):
        return PairStatus.LENGTH_RATIO
    if max(len(unit.source.encode()), len(unit.target.encode())) > rules.max_bytes:
        return PairStatus.TOO_LONG
    if rules.refuse_signs and (unit.source.startswith(_FORMULA_SIGNS) or unit.target.startswith(_FORMULA_SIGNS)):
        return PairStatus.LEADING_SIGN
    return None


def _resolve_repeated(pairs: Sequence[Pair], statuses: list[PairStatus | None]) -> None:
    """Of the pairs with the same source only the first with the most frequent target stays undecided."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        if statuses[place] is None:
            places[pair.unit.source].append(place)
    for same in places.values():
        targets = Counter(pairs[place].unit.target for place in same)
        kept = max(same, key=lambda place: targets[pairs[place].unit.target])
        for place in same:
            if place != kept:
                agrees = pairs[place].unit.target == pairs[kept].unit.target
                statuses[place] = PairStatus.DUPLICATE if agrees else PairStatus.CONTRADICTION


def _side(pair: Pair, one_in: int) -> PairStatus:
    return PairStatus.HELD_OUT if is_held_out(pair.unit.source, one_in) else PairStatus.KEPT
