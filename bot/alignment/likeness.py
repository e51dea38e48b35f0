"""How alike texts are: the normalised indel distance (0 to 100), and something cheaper for what no book has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

# The product of the lengths of two texts, and of all texts on two sides, up to which characters are compared.
_MAX_PRODUCT, _MAX_PRODUCT_OF_ALL = 1_000_000_000, 5_000_000_000


def likeness(one: str, other: str) -> float:
    """The normalised indel distance; of texts longer than any sentence, what they share at both ends or in words."""
    if len(one) * len(other) <= _MAX_PRODUCT:
        return ratio(one, other)
    return 100.0 * max(_shared_ends(one, other), _shared_words(one, other))


def likenesses(left: Sequence[str], right: Sequence[str], least: float) -> NDArray[np.float64]:
    """The likeness of each text on the left and each on the right, 0 below `least`."""
    sizes = sum(map(len, left)), sum(map(len, right))
    if sizes[0] * sizes[1] <= _MAX_PRODUCT_OF_ALL:
        return cdist(left, right, scorer=ratio, score_cutoff=least, dtype=np.float64)
    if max(map(len, left)) * max(map(len, right)) > _MAX_PRODUCT:
        table = np.array([[likeness(one, other) for other in right] for one in left])
        return np.where(table >= least, table, 0.0)
    words = [text.split() for text in left], [text.split() for text in right]
    return cdist(*words, scorer=ratio, score_cutoff=least, dtype=np.float64)


def _shared_ends(one: str, other: str) -> float:
    size = min(len(one), len(other))
    head = next((k for k in range(size) if one[k] != other[k]), size)
    tail = next((k for k in range(size - head) if one[-1 - k] != other[-1 - k]), size - head)
    return 2 * (head + tail) / (len(one) + len(other))


def _shared_words(one: str, other: str) -> float:
    left, right = Counter(one.split()), Counter(other.split())
    sizes = (sum(len(word) * number for word, number in words.items()) for words in (left & right, left, right))
    shared, *both = sizes
    return 2 * shared / max(1, sum(both))
