"""What sentence embeddings say about every possible bead, where somebody brings a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.alignment.tables import Array, Shape

# Log-odds of a bead for each unit by which its cosine exceeds the middle between strangers and the likeliest
# counterpart, and the most that it may say. A model errs too, and in one direction for a whole sentence.
_SLOPE, _HIGHEST = 16.0, 5.0


class Encoder(Protocol):
    """A sentence-embedding model: texts of any language to vectors in one space (shape texts x dimensions)."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.floating]: ...


def encode(encoder: Encoder, texts: Sequence[str]) -> Array:
    """A unit vector for each text (zeros where the model gives zeros); shape (texts, dimensions)."""
    if not texts:
        return np.zeros((0, 0))
    vectors = np.asarray(encoder(texts), dtype=np.float64)
    return _unit(vectors)


def meaning_gains(
    source: Array, target: Array, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: Shape
) -> Array:
    """Log-odds of the beads of a shape that begin at these segments; those of joined segments by their mean vector.

    Models differ in how similar strangers are to them, so a cosine counts from halfway between the mean and the highest
    of its row (after the margin of Artetxe & Schwenk 2019).
    """
    left, right = _joined(source, rows, shape[0]), _joined(target, columns, shape[1])
    cosines = left @ right.T
    halfway = (cosines.mean(axis=1, keepdims=True) + cosines.max(axis=1, keepdims=True)) / 2.0
    return np.asarray(np.clip(_SLOPE * (cosines - halfway), -_HIGHEST, _HIGHEST))


def _joined(vectors: Array, starts: NDArray[np.intp], width: int) -> Array:
    found: Array = vectors[starts[:, None] + np.arange(width)].sum(axis=1)
    return _unit(found)


def _unit(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.finfo(np.float64).tiny))
