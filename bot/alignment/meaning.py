"""The evidence of sentence embeddings for every possible bead, if the user brings a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.alignment.ascending import longest_ascending
from bot.alignment.tables import Array, Flags, Shape

# The limit of its log-odds: a model that errs does so in one direction for a whole sentence.
_MAX_GAIN = 5.0
# The neighbours of a sentence that show how close strangers come to it.
_NEIGHBOURS = 4
# A model is trusted by this share until so many sentences have shown how good it is. As many weigh against the mean of
# a document, which few sentences do not show.
_TRUST, _TRUST_SENTENCES = 0.8, 10


class Encoder(Protocol):
    """A sentence-embedding model: texts of any language to vectors in one space (shape texts x dimensions)."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.floating]: ...


@dataclass(frozen=True)
class Meanings:
    """The segments of one document as unit vectors (shape segments x dimensions), and how much each one's closeness to
    strangers is taken off its log-odds. `slope` is the log-odds for each unit of cosine, the same on both sides."""

    vectors: Array
    offsets: Array
    slope: float

    def pick(self, indices: NDArray[np.intp]) -> Meanings:
        return Meanings(self.vectors[indices], self.offsets[indices], self.slope)


def encode(encoder: Encoder, texts: Sequence[str]) -> Array:
    """A unit vector for each text (zeros if the model gives zeros); shape (texts, dimensions)."""
    if not texts:
        return np.zeros((0, 0))
    return _unit(np.asarray(encoder(texts), dtype=np.float64))


def calibrate(source: Array, target: Array, source_prose: Flags, target_prose: Flags) -> tuple[Meanings, Meanings]:
    """What cosines between two documents mean, learned from these documents.

    Models differ in where the cosines of strangers and of counterparts lie, so both are looked at here: those of all
    pairs, and those of pairs of which each is the other's nearest. The log-odds are linear between the two (Fisher's
    discriminant). In documents of the same content most nearest pairs ascend; where they don't, the model does not know
    these languages, and its log-odds count as much less.
    """
    source, target = _centred(source, source_prose), _centred(target, target_prose)
    if not source_prose.any() or not target_prose.any():
        return Meanings(source, np.zeros(len(source)), 0.0), Meanings(target, np.zeros(len(target)), 0.0)
    cosines = source @ target.T
    left, right = _closeness(cosines[:, target_prose]), _closeness(cosines[source_prose].T)
    margins = (cosines - (left[:, None] + right[None, :]) / 2.0)[np.ix_(source_prose, target_prose)]
    nearest = _mutually_nearest(margins)
    pairs = margins[tuple(np.array(nearest).T)]
    spread = (margins.var() + pairs.var()) / 2.0
    apart = float(pairs.mean() - margins.mean())
    slope = _trust(nearest) * apart / max(float(spread), np.finfo(np.float64).tiny) if apart > 0.0 else 0.0
    slope = min(slope, 4.0 * _MAX_GAIN / apart) if apart > 0.0 else 0.0
    middle = float(pairs.mean() + margins.mean()) / 2.0
    return (
        Meanings(source, slope * (left + middle) / 2.0, slope),
        Meanings(target, slope * (right + middle) / 2.0, slope),
    )


def _centred(vectors: Array, prose: Flags) -> Array:
    """Unit vectors around the mean of a document's sentences: what all have in common says nothing about any."""
    count = int(prose.sum())
    return _unit(vectors - vectors[prose].sum(axis=0) / (count + _TRUST_SENTENCES)) if count else vectors


def _closeness(cosines: Array) -> Array:
    """The mean cosine of each row's nearest (after the margin of Artetxe & Schwenk 2019)."""
    kept = min(_NEIGHBOURS, cosines.shape[1])
    return np.asarray(np.partition(cosines, -kept, axis=1)[:, -kept:].mean(axis=1))


def _mutually_nearest(margins: Array) -> list[tuple[int, int]]:
    """The pairs of which each is the other's nearest, by row; at least one."""
    best = margins.argmax(axis=1)
    back = margins.argmax(axis=0)
    return [(i, j) for i, j in enumerate(best.tolist()) if back[j] == i]


def _trust(pairs: Sequence[tuple[int, int]]) -> float:
    """How many of these pairs ascend on both sides, beyond those that do by chance."""
    by_chance = min(len(pairs), 2.0 * sqrt(len(pairs)))
    ascending = len(longest_ascending(pairs)) - by_chance
    known = len(pairs) - by_chance
    return max(0.0, (_TRUST * _TRUST_SENTENCES + ascending) / (_TRUST_SENTENCES + known))


def meaning_gains(
    source: Meanings, target: Meanings, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: Shape
) -> Array:
    """Log-odds of the beads of a shape that begin at these segments; joined segments have their mean vector."""
    (left, left_offsets), (right, right_offsets) = (
        (_unit(side.vectors[at].sum(axis=1)), side.offsets[at].mean(axis=1))
        for side, starts, width in ((source, rows, shape[0]), (target, columns, shape[1]))
        for at in [starts[:, None] + np.arange(width)]
    )
    gains = source.slope * (left @ right.T) - left_offsets[:, None] - right_offsets[None, :]
    return np.asarray(np.clip(gains, -_MAX_GAIN, _MAX_GAIN))


def _unit(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.finfo(np.float64).tiny))
