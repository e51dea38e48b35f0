"""Translations whose names tell nothing: found by what a translation leaves as it is, and by aligning sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.alignment import align
from bot.alignment.revisions import measure_fit, read_anchors
from bot.book.workers import Runner
from bot.documents import decode, parse
from bot.errors import AmtsError, InputError
from bot.forge.git import Snapshot
from bot.model import Direction

# Of each document, so many English ones that share most with it are aligned.
_ALIGNED = 3
# The mean score of its sentences from which a document counts as a translation of the other, and by how much it must be
# better than any other pair of one of the two.
_LEAST_LINKED, _MARGIN = 0.6, 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """`linked` is the mean score of the sentences of both documents, `alike` the share of code, formulas, references
    and the like that they have in common (both 0..1)."""

    path: str
    source_path: str
    linked: float
    alike: float

    @property
    def score(self) -> float:
        return (self.linked + self.alike) / 2


def match_contents(
    source: Snapshot,
    target: Snapshot,
    free: Sequence[str],
    unpaired: Sequence[str],
    direction: Direction,
    runner: Runner,
) -> list[Match]:
    """Pairs of the documents `unpaired` with the English ones `free`, each in one pair at most, the surest first."""
    english, translations = _texts(source, free), _texts(target, unpaired)
    anchors = {path: read_anchors(text) for path, text in english.items()}
    tried = [
        (path, other, alike)
        for path, text in translations.items()
        for other, alike in _nearest(read_anchors(text), anchors)
    ]
    texts = [(translations[path], english[other]) for path, other, _ in tried]
    scores = runner.map("comparing", _linked, texts, direction)
    return _decide(
        [
            Match(path, other, linked, alike)
            for (path, other, alike), linked in zip(tried, scores, strict=True)
            if not isinstance(linked, AmtsError) and linked >= _LEAST_LINKED
        ]
    )


def _decide(found: Sequence[Match]) -> list[Match]:
    """The surest pairs. One that another is nearly as good as is left out."""
    chosen: list[Match] = []
    for match in sorted(found, key=lambda one: (-one.score, one.path, one.source_path)):
        taken = {one.path for one in chosen}, {one.source_path for one in chosen}
        if match.path in taken[0] or match.source_path in taken[1]:
            continue
        rivals = [one for one in found if (one.path == match.path) != (one.source_path == match.source_path)]
        open_rivals = [one for one in rivals if one.path not in taken[0] and one.source_path not in taken[1]]
        if all(one.score <= match.score - _MARGIN for one in open_rivals):
            chosen.append(match)
    return chosen


def _texts(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, str]:
    """What can be read of them; a document that can't is reported when it is to be merged."""
    texts = {}
    for path in paths:
        try:
            texts[path] = decode(snapshot.read(path), path)
        except InputError:
            continue
    return texts


def _nearest(anchors: Counter[str], others: Mapping[str, Counter[str]]) -> list[tuple[str, float]]:
    """The documents that have most in common with one, and how much."""
    alike = {path: _similarity(anchors, other) for path, other in others.items()}
    ranked = sorted(alike, key=lambda path: (-alike[path], path))
    return [(path, alike[path]) for path in ranked[:_ALIGNED] if alike[path] > 0]


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    """The share of the anchors of both that they have in common (Jaccard, with multiplicities)."""
    union = (one | other).total()
    return (one & other).total() / union if union else 0.0


def _linked(mine: str, theirs: str, direction: Direction) -> float:
    english, translation = parse(theirs, direction.source), parse(mine, direction.target)
    return measure_fit(english, translation, align(english, translation, direction)).linked
