"""The evidence of sentence embeddings for every possible bead, if the user brings a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.alignment.tables import Array, Shape

# Log-odds for each unit of cosine above the middle between strangers and the likeliest counterpart, and their limit: a
# model that errs does so in one direction for a whole sentence.
_GAIN_PER_COSINE, _MAX_GAIN = 16.0, 5.0


class Encoder(Protocol):
    """A sentence-embedding model: texts of any language to vectors in one space (shape texts x dimensions)."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.floating]: ...


def encode(encoder: Encoder, texts: Sequence[str]) -> Array:
    """A unit vector for each text (zeros if the model gives zeros); shape (texts, dimensions)."""
    if not texts:
        return np.zeros((0, 0))
    return _unit(np.asarray(encoder(texts), dtype=np.float64))


def meaning_gains(
    source: Array, target: Array, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: Shape
) -> Array:
    """Log-odds of the beads of a shape that begin at these segments; joined segments have their mean vector.

    Models differ in the similarity of strangers, so a cosine counts from halfway between the mean and the highest of
    its row (after the margin of Artetxe & Schwenk 2019).
    """
    left, right = (
        _unit(vectors[starts[:, None] + np.arange(width)].sum(axis=1))
        for vectors, starts, width in ((source, rows, shape[0]), (target, columns, shape[1]))
    )
    cosines = left @ right.T
    halfway = (cosines.mean(axis=1, keepdims=True) + cosines.max(axis=1, keepdims=True)) / 2.0
    return np.asarray(np.clip(_GAIN_PER_COSINE * (cosines - halfway), -_MAX_GAIN, _MAX_GAIN))


def _unit(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.finfo(np.float64).tiny))
