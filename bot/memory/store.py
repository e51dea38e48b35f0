"""The translation memory: its units are collected from beads, and found again by exact or fuzzy look-up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from bot.documents import Untranslated, fold, reads_the_same
from bot.memory.addresses import with_addresses, without_addresses
from bot.memory.similar import SimilarTexts
from bot.model import Bead, Document, Drafts, FuzzyMatch, Kind, Origin, TranslationUnit

# Beads with a lower score are not reused in other places of the book.
_MIN_SCORE = 0.5
# The usual floor of translation memories: below, editing a match takes longer than translating.
FUZZY_FLOOR = 0.75


def collect_units(source: Document, target: Document, beads: Sequence[Bead], path: str) -> Iterator[TranslationUnit]:
    """The units of translated prose, folded to one line, and of opaque segments (code cells) that the translators
    localised, with their exact text. `path` is the translation's. Source text that stands untranslated is no unit."""
    untranslated = Untranslated(source)
    for bead in beads:
        if not bead.source or not bead.target or bead.score < _MIN_SCORE:
            continue
        first = source.segments[bead.source[0]]
        if first.is_prose and untranslated.has_copy(bead.source, [target.segments[i] for i in bead.target]):
            continue
        if first.is_prose:
            left = " ".join(source.segments[i].text for i in bead.source)
            start, end = target.segments[bead.target[0]].start, target.segments[bead.target[-1]].end
            one_block = target.segments[bead.target[0]].block == target.segments[bead.target[-1]].block
            right = fold(target.text[start:end]) if one_block else ""
        else:
            left, right = first.text, target.segments[bead.target[0]].text
        if right and left != right:
            before = source.segments[bead.source[0] - 1].text if bead.source[0] else ""
            complete = not first.is_prose or source.placeables(bead.source) == target.placeables(bead.target)
            yield TranslationUnit(left, right, path, first.kind, before, bead.score, complete=complete)


class TranslationMemory:
    """The units of a book in one language. Equal units are kept as often as they occur, to count majorities."""

    def __init__(self, units: Iterable[TranslationUnit] = ()) -> None:
        self._by_source: dict[tuple[Kind | None, str], list[TranslationUnit]] = defaultdict(list)
        for unit in units:
            self._by_source[_key(unit.kind, unit.source)].append(unit)
        self._prose = [source for kind, source in self._by_source if kind is None]
        self._similar = SimilarTexts(self._prose)
        self._chosen: dict[tuple[Kind | None, str], Mapping[str | None, TranslationUnit]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_source.values()))

    def without(self, drafts: Drafts) -> TranslationMemory:
        """The same without what a machine wrote."""
        if not drafts:
            return self
        units = (unit for units in self._by_source.values() for unit in units)
        return TranslationMemory(unit for unit in units if not drafts.hold(unit.path, unit.source, [unit.target]))

    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:
        """The complete translation of exactly this text, people's before a machine's: a translation that follows the
        same text, else the most frequent, else the first. If there is none, that of a text with other addresses in its
        links, with the addresses exchanged."""
        chosen = self._chosen.get(_key(kind, text))
        if chosen is None:
            chosen = self._chosen[_key(kind, text)] = self._choose(text, kind)
        return chosen.get(before) or chosen.get(None)

    def _choose(self, text: str, kind: Kind) -> Mapping[str | None, TranslationUnit]:
        """The complete translation of a text by the text before it, and of all of them together (None)."""
        units = [unit for unit in self._by_source.get(_key(kind, text), ()) if unit.complete]
        units = units or (self._readdressed(text) if kind.is_prose else [])
        units = [unit for unit in units if unit.origin is Origin.HUMAN] or units
        followed: defaultdict[str | None, list[TranslationUnit]] = defaultdict(list)
        for unit in units:
            followed[unit.before].append(unit)
        if units:
            followed[None] = units
        return {before: _most_frequent(those) for before, those in followed.items()}

    def _readdressed(self, text: str) -> list[TranslationUnit]:
        """The units of texts that differ from this one in the addresses of their links alone, with its addresses."""
        bare = without_addresses(text)
        units = []
        for unit in self._by_words.get(bare, ()) if bare else ():
            target = with_addresses(unit.source, unit.target, text, complete=unit.complete)
            if target is not None:
                units.append(replace(unit, source=text, target=target, complete=True))
        return units

    @cached_property
    def _by_words(self) -> Mapping[str, Sequence[TranslationUnit]]:
        """The units of prose with addresses, by their source without these."""
        units: dict[str, list[TranslationUnit]] = {}
        for (kind, source), known in self._by_source.items():
            if kind is None and (bare := without_addresses(source)):
                units.setdefault(bare, []).extend(known)
        return units

    def fuzzy(self, text: str, limit: int = 3) -> list[FuzzyMatch]:
        """Similar source texts with their translations, best first; see SimilarTexts."""
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
