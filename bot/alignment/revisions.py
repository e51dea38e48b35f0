"""Which revision of a source text a translation was made from, judged by what both show alike and by when they were."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.alignment.tables import Array
from bot.model import Bead, Document

_FENCE = re.compile(r"\s*(?:```|~~~)")
_PLACEABLE = re.compile(
    r"\$\$?[^$]+\$\$?|:\w+:`[^`]*`|`[^`\n]+`|\]\([^)\s]*\)|https?://[^\s)>]+|(?<![A-Za-z0-9_.])\d+(?:[.,]\d+)*"
)

# Log-odds of one anchor that a translation lacks, or has too much, beside the revision it was made from. Of the least
# that it differs from any, this share counts as the translators' own.
_PER_ANCHOR, _OWN = 1.0, 0.5
# Translators start from the newest revision: how fast an older one loses likelihood, in seconds, and what is always
# left to it. A commit soon after a revision follows it, however little it changes.
_DAY = 86_400.0
_AGE, _ANY_AGE = 30 * _DAY, 1e-4
_PROMPT, _PROMPT_WEIGHT = 2 * 3_600.0, 3.0
# What a perfect alignment is worth beside one that links nothing, and what each sentence costs that is left alone.
_LINKED, _ALONE = 5.0, 0.1


@dataclass(frozen=True, slots=True)
class Revision:
    """A text of the source. `spans` are the times (seconds) from when to when it was the newest, ascending."""

    anchors: Counter[str]
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TranslationVersion:
    """A text of the translation, when it was written (seconds), and which share of it was new then and still stands."""

    anchors: Counter[str]
    time: float
    share: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two documents align: `linked` is the mean score of the sentences of both, 0 for one left alone (0..1);
    `alone` counts those."""

    linked: float
    alone: int

    @property
    def gain(self) -> float:
        """Log-odds in favour of this pair."""
        return _LINKED * self.linked - _ALONE * self.alone


def read_anchors(text: str) -> Counter[str]:
    """What a translation leaves as it is: lines of code without their comments, formulas, roles, code spans, addresses,
    numbers, directives; and how many headings of each level, list items and paragraphs there are. No parsing, for
    a file may have a hundred revisions."""
    return Counter(_anchors(text))


def _anchors(text: str) -> Iterator[str]:
    in_code = blank = False
    for line in text.splitlines():
        bare = line.strip()
        if _FENCE.match(line):
            in_code = not in_code
            yield "".join(bare.split())
        elif in_code:
            code = bare if bare.startswith("#@") else bare.partition("#")[0]
            if code:
                yield "".join(code.split())
        else:
            yield from ("".join(found.split()) for found in _PLACEABLE.findall(line))
            if bare.startswith("#"):
                yield "#" * (len(bare) - len(bare.lstrip("#")))
            elif bare.startswith(":"):
                yield bare
            elif bare.startswith(("* ", "- ")):
                yield "*"
            if bare and blank:
                yield "¶"
        blank = not bare


def anchor_distances(revisions: Sequence[Revision], versions: Sequence[TranslationVersion]) -> Array:
    """Of the anchors that not all revisions have, how many differ (shape versions x revisions). What translators added
    to all of them, or left out of all, says nothing."""
    names = sorted(set().union(*(revision.anchors for revision in revisions)))
    counts = np.array([[revision.anchors[name] for name in names] for revision in revisions], dtype=float)
    telling = counts.min(axis=0) != counts.max(axis=0)
    counts = counts[:, telling]
    names = [name for name, tells in zip(names, telling, strict=True) if tells]
    lowest, highest = counts.min(axis=0), counts.max(axis=0)
    rows = [np.clip([version.anchors[name] for name in names], lowest, highest) for version in versions]
    return np.array([np.abs(counts - row).sum(axis=1) for row in rows]).reshape(len(versions), len(revisions))


def weigh(revisions: Sequence[Revision], versions: Sequence[TranslationVersion]) -> Array:
    """Log-odds of each revision (shape: one each, not normalised); -inf where it is newer than the whole translation.

    A translation is made from the revision that is new when it is written, and then shows the same anchors; what
    people do to it later (mending the words, porting code) hides that. So each version of the translation votes by its
    share, and the pair that agrees best decides.
    """
    votes = np.array([version.share for version in versions])
    times = np.array([[_ages(revision, version.time) for revision in revisions] for version in versions])
    age, since_new = times[..., 0], times[..., 1]
    weight = votes[:, None] + _PROMPT_WEIGHT * np.exp(-since_new / _PROMPT)
    with np.errstate(divide="ignore"):
        prior = np.log(weight) + np.log(np.exp(-age / _AGE) + _ANY_AGE)
    distances = anchor_distances(revisions, versions)
    least = np.min(distances, axis=1, where=np.isfinite(age), initial=distances.max(initial=0.0), keepdims=True)
    odds = prior - _PER_ANCHOR * (distances - _OWN * least)
    last = max(version.time for version in versions)
    future = np.array([revision.spans[0][0] > last for revision in revisions])
    return np.where(future, -np.inf, np.logaddexp.reduce(odds, axis=0))


def _ages(revision: Revision, at: float) -> tuple[float, float]:
    """How long before `at` the revision was superseded (0: not yet), and how long before it became the newest."""
    spans = [span for span in revision.spans if span[0] <= at]
    if not spans:
        return np.inf, np.inf
    return max(0.0, at - max(end for _, end in spans)), at - max(start for start, _ in spans)


def measure_fit(source: Document, target: Document, beads: Sequence[Bead]) -> Fit:
    """How well two documents align, in sentences of prose; two without any fit perfectly."""
    linked, alone, count = 0.0, 0, 0
    for bead in beads:
        prose = [source.segments[i].is_prose for i in bead.source] + [target.segments[i].is_prose for i in bead.target]
        if not prose[0]:
            continue
        count += len(prose)
        if bead.source and bead.target:
            linked += bead.score * len(prose)
        else:
            alone += len(prose)
    return Fit(linked / count if count else 1.0, alone)
