"""Estimates the source revision that a translation was made from, by the anchors that both have and by their dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.alignment.tables import Array
from bot.model import Bead, Document

_FENCE = re.compile(r"\s*(?:```|~~~)")
_PLACEABLE = re.compile(
    r"\$\$?[^$]+\$\$?|:\w+:`[^`]*`|`[^`\n]+`|\]\([^)\s]*\)|https?://[^\s)>]+|(?<![A-Za-z0-9_.])\d+(?:[.,]\d+)*"
)

# The cost in log-odds of each anchor that a translation lacks or adds. Of its distance to the nearest revision, this
# share is taken for the translators' own changes.
_ANCHOR_COST, _OWN_SHARE = 1.0, 0.5
# Translators start from the newest revision: how fast an older one loses likelihood (seconds), and the likelihood that
# it never loses.
_DAY = 86_400.0
_AGE_SCALE, _MIN_AGE_LIKELIHOOD = 30 * _DAY, 1e-4
# A commit soon after a revision (seconds) follows it, however little it changes.
_PROMPT_SCALE, _PROMPT_WEIGHT = 2 * 3_600.0, 3.0
# Log-odds of a perfect alignment against an alignment without links, and the cost of each sentence without counterpart.
_LINKED_GAIN, _ALONE_COST = 5.0, 0.1
# A page of at most so many sentences teaches no lexicon, so its translation may link badly. It still looks like a
# translation if it shares at least this part of the anchors, if the numbers of sentences differ by at most so many, and
# if it links better than most unrelated texts.
_SMALL, _MIN_SHARED_ANCHORS, _MAX_MORE_SENTENCES, _MIN_LINKED = 8, 0.75, 1, 0.05
# The lengths of its sentences must be those of a translation too: the spread of their ratios (root mean square of
# the logarithms) is below this for nine in ten pages of d2l, and for one in four pairs of unrelated pages. Without
# pairs of sentences, the ratio of all text must be as near to the usual one; where nothing says what is usual, between
# these bounds.
_MAX_SPREAD = 0.45
_LENGTH_RANGE = 0.15, 3.0


@dataclass(frozen=True, slots=True)
class EnglishRevision:
    """A text of the source. In each of `spans` (start and end in seconds, ascending) it was the newest one."""

    anchors: Counter[str]
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TranslationVersion:
    """A text of the translation, the time of its commit (seconds), and the share of today's text that it introduced."""

    anchors: Counter[str]
    time: float
    share: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two documents align: `linked` is the mean score of the sentences of both (0..1; 0 for a sentence without
    counterpart), `alone` the number of sentences without counterpart."""

    linked: float
    alone: int

    @property
    def gain(self) -> float:
        """Log-odds in favour of this pair."""
        return _LINKED_GAIN * self.linked - _ALONE_COST * self.alone


def read_anchors(text: str) -> Counter[str]:
    """Counts the parts that a translation keeps: lines of code without their comments, formulas, roles, code spans,
    addresses, numbers, directives; headings of each level, list items and paragraphs. The text is not parsed, since a
    file may have a hundred revisions."""
    anchors = Counter[str]()
    in_code = blank = False
    for line in text.splitlines():
        bare = line.strip()
        if _FENCE.match(line):
            in_code = not in_code
            anchors["".join(bare.split())] += 1
        elif in_code:
            code = bare if bare.startswith("#@") else bare.partition("#")[0]
            if code:
                anchors["".join(code.split())] += 1
        else:
            anchors.update("".join(placeable.split()) for placeable in _PLACEABLE.findall(line))
            if bare.startswith("#"):
                anchors["#" * (len(bare) - len(bare.lstrip("#")))] += 1
            elif bare.startswith(":"):
                anchors[bare] += 1
            elif bare.startswith(("* ", "- ")):
                anchors["*"] += 1
            if bare and blank:
                anchors["¶"] += 1
        blank = not bare
    return anchors


def anchor_distances(revisions: Sequence[EnglishRevision], versions: Sequence[TranslationVersion]) -> Array:
    """How many anchors differ (shape versions x revisions). Only differences between revisions count, so an anchor that
    the translators added, or that all revisions have as often, adds nothing."""
    names = sorted(set().union(*(revision.anchors for revision in revisions)))
    counts = np.array([[revision.anchors[name] for name in names] for revision in revisions], dtype=float)
    lowest, highest = counts.min(axis=0), counts.max(axis=0)
    rows = [np.clip([version.anchors[name] for name in names], lowest, highest) for version in versions]
    return np.array([np.abs(counts - row).sum(axis=1) for row in rows]).reshape(len(versions), len(revisions))


def weigh(revisions: Sequence[EnglishRevision], versions: Sequence[TranslationVersion]) -> Array:
    """Log-odds of each revision (not normalised); -inf for a revision that is newer than the whole translation.

    When a translation is written, it has the anchors of the newest revision. Later edits (better words, ported code)
    hide this. So each version of the translation votes with its share, and the pair that agrees best decides.
    """
    votes = np.array([version.share for version in versions])
    times = np.array([[_ages(revision, version.time) for revision in revisions] for version in versions])
    age, since_new = times[..., 0], times[..., 1]
    weight = votes[:, None] + _PROMPT_WEIGHT * np.exp(-since_new / _PROMPT_SCALE)
    with np.errstate(divide="ignore"):
        prior = np.log(weight) + np.log(np.exp(-age / _AGE_SCALE) + _MIN_AGE_LIKELIHOOD)
    distances = anchor_distances(revisions, versions)
    least = np.min(distances, axis=1, where=np.isfinite(age), initial=distances.max(initial=0.0), keepdims=True)
    odds = prior - _ANCHOR_COST * (distances - _OWN_SHARE * least)
    last = max(version.time for version in versions)
    future = np.array([revision.spans[0][0] > last for revision in revisions])
    return np.where(future, -np.inf, np.logaddexp.reduce(odds, axis=0))


def _ages(revision: EnglishRevision, at: float) -> tuple[float, float]:
    """Seconds from the end of the revision's last period until `at` (0: not over yet), and from its last beginning."""
    spans = [span for span in revision.spans if span[0] <= at]
    if not spans:
        return np.inf, np.inf
    return max(0.0, at - max(end for _, end in spans)), at - max(start for start, _ in spans)


def looks_translated(source: Document, target: Document, linked: float, usual_length: float | None) -> bool:
    """Whether a page is so small that its sentences link badly (`linked`) although it translates `source`, and
    resembles it in everything else. `usual_length` are the characters of the book's translations for each of their
    source; None if nothing is known."""
    lengths = [
        [len(segment.text) for segment in document.segments if segment.is_prose and segment.text]
        for document in (source, target)
    ]
    numbers = [len(side) for side in lengths]
    if not 0 < min(numbers) <= max(numbers) <= _SMALL or abs(numbers[0] - numbers[1]) > _MAX_MORE_SENTENCES:
        return False
    first, second = read_anchors(source.text), read_anchors(target.text)
    are_alike = (first & second).total() >= _MIN_SHARED_ANCHORS * (first | second).total()
    return linked >= _MIN_LINKED and are_alike and _has_length(lengths[0], lengths[1], usual_length)


def _has_length(source: Sequence[int], target: Sequence[int], usual: float | None) -> bool:
    """Whether the sentences with these lengths may be translations of each other."""
    ratio = sum(target) / sum(source)
    if not _LENGTH_RANGE[0] <= ratio <= _LENGTH_RANGE[1]:
        return False
    centre = np.log(usual or ratio)
    if len(source) != len(target):
        return bool(abs(np.log(ratio) - centre) <= _MAX_SPREAD)
    distances = np.log(np.array(target) / np.array(source)) - centre
    # A short sentence varies more, and says less.
    return bool(np.sqrt(np.average(distances**2, weights=np.sqrt(source))) <= _MAX_SPREAD)


def measure_fit(source: Document, target: Document, beads: Sequence[Bead]) -> Fit:
    """How well the sentences of prose of two documents align. Documents without prose fit perfectly."""
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
