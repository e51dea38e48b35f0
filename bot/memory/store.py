"""Looking up a translation memory: exact with its context preferred, and fuzzy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.documents import reads_the_same
from bot.memory.similar import SimilarTexts
from bot.model import FuzzyMatch, Kind, TranslationUnit

# The usual floor of translation memories: below it, editing a match takes longer than translating.
FUZZY_FLOOR = 0.75


class TranslationMemory:
    """The units of a book in one language. Equal units are kept once each time they occur, for the majority."""

    def __init__(self, units: Iterable[TranslationUnit] = ()) -> None:
        self._by_source: dict[tuple[Kind | None, str], list[TranslationUnit]] = defaultdict(list)
        for unit in units:
            self._by_source[_key(unit.kind, unit.source)].append(unit)
        self._prose = [source for kind, source in self._by_source if kind is None]
        self._similar = SimilarTexts(self._prose)

    def __len__(self) -> int:
        return sum(map(len, self._by_source.values()))

    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:
        """The complete human translation of exactly this text: the one that follows the same text, else the most
        frequent, else the first."""
        units = [unit for unit in self._by_source.get(_key(kind, text), ()) if unit.complete]
        if not units:
            return None
        return _most_frequent([unit for unit in units if unit.before == before] or units)

    def fuzzy(self, text: str, limit: int = 3) -> list[FuzzyMatch]:
        """Similar source texts that are translated, best first; similarity is the normalised indel similarity of the
        characters, 0 to 1."""
        matches: list[FuzzyMatch] = []
        for number, similarity in self._similar.find(text, FUZZY_FLOOR, limit):
            unit = _most_frequent(self._by_source[(None, self._prose[number])])
            if not reads_the_same(unit.source, unit.target):
                matches.append(FuzzyMatch(unit.source, unit.target, similarity, unit.path))
        return matches


def _most_frequent(units: list[TranslationUnit]) -> TranslationUnit:
    frequency = Counter(unit.target for unit in units)
    return max(units, key=lambda unit: frequency[unit.target])


def _key(kind: Kind, text: str) -> tuple[Kind | None, str]:
    return (None if kind.is_prose else kind), text
