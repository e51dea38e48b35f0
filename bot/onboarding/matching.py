"""Pairs of files with unrelated names, matched by text that a translation leaves unchanged, and by aligning
sentences."""

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

# Each document is aligned with so many English documents: the documents that share most with it.
_MAX_ALIGNED = 3
# The mean score of the sentences from which a document counts as a translation of another.
_MIN_LINK_SCORE = 0.6
# A pair must be better by so much than any other pair of one of its two documents.
_MIN_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class FileMatch:
    """`linked` is the mean score of the sentences of both documents; `alike` is the share of code, formulas, references
    and the like that they have in common. Both range from 0 to 1."""

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
) -> list[FileMatch]:
    """Pairs of documents `unpaired` with English documents `free`, each in at most one pair, the best pair first."""
    english, translations = _texts(source, free), _texts(target, unpaired)
    anchors = {path: read_anchors(text) for path, text in english.items()}
    tried = [
        (path, other, alike)
        for path, text in translations.items()
        for other, alike in _nearest(read_anchors(text), anchors)
    ]
    texts = [(path, translations[path], english[other]) for path, other, _ in tried]
    scores = runner.map("comparing", _linked, texts, direction)
    return _decide(
        [
            FileMatch(path, other, linked, alike)
            for (path, other, alike), linked in zip(tried, scores, strict=True)
            if not isinstance(linked, AmtsError) and linked >= _MIN_LINK_SCORE
        ]
    )


def _decide(matches: Sequence[FileMatch]) -> list[FileMatch]:
    """The best pairs, without a pair that has a rival nearly as good."""
    chosen: list[FileMatch] = []
    paths, source_paths = set[str](), set[str]()
    for match in sorted(matches, key=lambda match: (-match.score, match.path, match.source_path)):
        possible = [pair for pair in matches if pair.path not in paths and pair.source_path not in source_paths]
        rivals = [pair for pair in possible if (pair.path == match.path) != (pair.source_path == match.source_path)]
        if match in possible and all(rival.score <= match.score - _MIN_MARGIN for rival in rivals):
            chosen.append(match)
            paths.add(match.path)
            source_paths.add(match.source_path)
    return chosen


def _texts(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, str]:
    """The readable documents; an unreadable one is reported when it is to be merged."""
    texts = {}
    for path in paths:
        try:
            texts[path] = decode(snapshot.read(path), path)
        except InputError:
            continue
    return texts


def _nearest(anchors: Counter[str], others: Mapping[str, Counter[str]]) -> list[tuple[str, float]]:
    """The documents that have most in common with these anchors, with the Jaccard index of both multisets."""
    alike = {path: (anchors & other).total() / max(1, (anchors | other).total()) for path, other in others.items()}
    ranked = sorted(alike, key=lambda path: (-alike[path], path))
    return [(path, alike[path]) for path in ranked[:_MAX_ALIGNED] if alike[path] > 0]


def _linked(path: str, text: str, source: str, direction: Direction) -> float:
    english, translation = parse(source, direction.source, path), parse(text, direction.target, path)
    return measure_fit(english, translation, align(english, translation, direction)).linked
