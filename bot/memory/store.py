"""Looking up a translation memory: exact with its context preferred, and fuzzy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

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

    def __len__(self) -> int:
        return sum(map(len, self._by_source.values()))

    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:
        """The human translation of exactly this text: the one that follows the same text, else the most frequent, else
        the first."""
        units = self._by_source.get(_key(kind, text))
        if not units:
            return None
        in_context = [unit for unit in units if unit.before == before]
        candidates = in_context or units
        frequency = Counter(unit.target for unit in candidates)
        return max(candidates, key=lambda unit: frequency[unit.target])

    def fuzzy(self, text: str, limit: int = 3) -> list[FuzzyMatch]:
        """Similar source texts, best first; similarity is the normalised indel similarity of the characters, 0 to 1."""
        found = process.extract(text, self._prose, scorer=fuzz.ratio, score_cutoff=FUZZY_FLOOR * 100, limit=limit)
        matches: list[FuzzyMatch] = []
        for source, score, _ in found:
            unit = self._by_source[(None, source)][0]
            matches.append(FuzzyMatch(source, unit.target, score / 100, unit.path))
        return matches


def _key(kind: Kind, text: str) -> tuple[Kind | None, str]:
    return (None if kind.is_prose else kind), text
