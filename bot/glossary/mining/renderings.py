"""The translation of a term: the sequence of words or characters that the sentences with the term share.

Association is the log-likelihood ratio (Dunning, "Accurate methods for the statistics of surprise and coincidence",
1993). A word is represented by its first letters, which is a good stemmer for suffixing languages (Can et al.,
"Information retrieval on Turkish texts", 2008, take five). A single word has several such beginnings; the beginning
with the highest association is chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.glossary.mining.words import Runs, joined
from bot.glossary.sides import is_unspaced

Integers = NDArray[np.int64]
_STEM_LENGTH = 5
_BEGINNING_LENGTHS = (2, 3, 4, 5, 6, 8)
_MAX_CHARACTERS, _MAX_WORDS = 10, 4
# No sequence begins or ends with a unit of more than this share of the sentences: such are particles and articles. The
# share is higher for a character, which occurs in many words.
_COMMON_WORD_SHARE, _COMMON_CHARACTER_SHARE = 0.2, 0.5
# The least number of sentences with a sequence.
_MIN_SENTENCES = 3
# A longer sequence with the best one inside is preferred if it occurs in this share of the best one's sentences. The
# smaller share is for a term of several words whose best translation is a single word.
_WIDER_SHARE, _WIDER_SHARE_OF_SINGLE = 0.85, 0.6
# A spelling is usual if it is this frequent beside the most frequent one.
_USUAL_SHARE = 0.15

Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A sequence of the target, the sentences of the term that hold it, and its association (nats)."""

    gram: Gram
    text: str
    sentences: frozenset[int]
    association: float


class Renderings:
    """An index of the sequences of the target sentences: of characters in a script without spaces, else of words."""

    def __init__(self, sentences: Sequence[Runs]) -> None:
        self._sentences = sentences
        self._lowered = [tuple(tuple(unit.lower() for unit in run) for run in runs) for runs in sentences]
        self._grams, self._held = _index(self._lowered)
        self._frequencies = np.bincount(np.concatenate([_NONE, *self._held]), minlength=len(self._grams))

    def best(self, wanted: Sequence[int], words: int = 1, without: Gram = ()) -> Rendering | None:
        """The translation of a term of so many words that occurs in exactly the sentences `wanted`; None if there is
        none. Sequences that overlap with the sequence `without` are excluded."""
        held = [self._held[number] for number in wanted]
        together = np.bincount(np.concatenate([_NONE, *held]), minlength=len(self._grams))
        ids = np.flatnonzero(together >= min(_MIN_SENTENCES, len(wanted)))
        if not len(ids):
            return None
        gains = _likelihood(together[ids], len(wanted), self._frequencies[ids], len(self._held))
        if without:
            gains[[_overlap(self._grams[i], without) for i in ids]] = 0.0
        if gains.max() <= 0:
            return None
        chosen = int(ids[np.argmax(gains)])
        is_single = words > 1 and len(_units(self._grams[chosen])) == 1 and not is_unspaced(self._grams[chosen][0][0])
        share = _WIDER_SHARE_OF_SINGLE if is_single else _WIDER_SHARE
        wider = [
            i for i in ids[together[ids] >= share * together[chosen]] if _holds(self._grams[i], self._grams[chosen])
        ]
        if wider:
            chosen = max(map(int, wider), key=lambda i: (len(self._grams[i]), together[i], self._grams[i]))
        sentences = frozenset(n for n, ids_of in zip(wanted, held, strict=True) if chosen in ids_of)
        gram = self._grams[chosen]
        return Rendering(gram, self._spelt(gram, sentences), sentences, float(gains[np.flatnonzero(ids == chosen)][0]))

    def holding(self, gram: Gram, wanted: Sequence[int]) -> frozenset[int]:
        """The sentences of `wanted` with a sequence, which may be of another index."""
        return frozenset(n for n in wanted if next(_places(gram, self._lowered[n]), None) is not None)

    def _spelt(self, gram: Gram, sentences: frozenset[int]) -> str:
        """The shortest of the usual spellings, which has the fewest suffixes."""
        forms: Counter[str] = Counter()
        for number in sorted(sentences):
            for run, start, stop in _places(gram, self._lowered[number]):
                forms[joined(self._sentences[number][run][start:stop])] += 1
        for form in [form for form in forms if form != form.lower() and form[1:].islower() and form.lower() in forms]:
            forms[form.lower()] += forms.pop(form)  # the capital is due to a sentence or a title
        usual = max(forms.values()) * _USUAL_SHARE
        return min((form for form, n in forms.items() if n >= usual), key=lambda form: (len(form), -forms[form], form))


_NONE: Integers = np.empty(0, np.int64)


def _index(sentences: Sequence[Runs]) -> tuple[list[Gram], list[Integers]]:
    """The frequent sequences, and for each sentence the numbers of its sequences. A longer sequence is only counted if
    its parts are frequent (Apriori; Agrawal and Srikant 1994)."""
    keys = [[tuple(map(key_of, run)) for run in runs] for runs in sentences]
    grams: list[Gram] = []
    held: list[list[int]] = [[] for _ in sentences]
    # The beginnings of words, each with an empty second unit as a mark.
    words = [{unit for run in runs for unit in run if not is_unspaced(unit[0])} for runs in sentences]
    beginnings: list[set[Gram]] = [
        {(w[:n], "") for w in known for n in _BEGINNING_LENGTHS if len(w) >= n} for known in words
    ]
    _add(beginnings, grams, held)
    frequent: frozenset[Gram] = frozenset()
    units = Counter(unit for runs in keys for unit in {unit for run in runs for unit in run})
    common = frozenset(unit for unit, n in units.items() if n > _MIN_SENTENCES and n > _common(unit) * len(sentences))
    for length in range(1, _MAX_CHARACTERS + 1):
        sequences = [{gram for run in runs for gram in _sequences(run, length, frequent)} for runs in keys]
        counts = Counter(gram for grams_of_sentence in sequences for gram in grams_of_sentence)
        frequent = frozenset(gram for gram, n in counts.items() if n >= _MIN_SENTENCES)
        if not frequent:
            break
        # Single words are indexed by their beginnings instead.
        whole = {g for g in frequent if common.isdisjoint((g[0], g[-1])) and (length > 1 or is_unspaced(g[0][0]))}
        _add([grams_of_sentence & whole for grams_of_sentence in sequences], grams, held)
    return grams, [np.array(ids, dtype=np.int64) for ids in held]


def _add(sequences: Sequence[set[Gram]], grams: list[Gram], held: Sequence[list[int]]) -> None:
    """Adds the frequent sequences to the index, in their order."""
    counts = Counter(gram for grams_of_sentence in sequences for gram in grams_of_sentence)
    frequent = sorted(gram for gram, n in counts.items() if n >= _MIN_SENTENCES)
    numbers = {gram: number for number, gram in enumerate(frequent, len(grams))}
    grams += frequent
    for ids, grams_of_sentence in zip(held, sequences, strict=True):
        ids += sorted(numbers[gram] for gram in grams_of_sentence if gram in numbers)


def _common(unit: str) -> float:
    return _COMMON_CHARACTER_SHARE if is_unspaced(unit[0]) else _COMMON_WORD_SHARE


def key_of(unit: str) -> str:
    return unit[:_STEM_LENGTH]


def contains(wide: Gram, narrow: Gram) -> bool:
    """Whether a sequence is another one or holds it."""
    return any(wide[start : start + len(narrow)] == narrow for start in range(len(wide) - len(narrow) + 1))


def _sequences(run: Gram, length: int, frequent: frozenset[Gram]) -> list[Gram]:
    grams = [run[start : start + length] for start in range(len(run) - length + 1)]
    if length == 1:
        return grams
    return [
        gram
        for gram in grams
        if gram[:-1] in frequent
        and gram[1:] in frequent
        and sum(not is_unspaced(unit[0]) for unit in gram) <= _MAX_WORDS
    ]


def _units(gram: Gram) -> Gram:
    return gram[:1] if gram[-1] == "" else gram


def _holds(wide: Gram, narrow: Gram) -> bool:
    """Whether a sequence is longer than another one and holds it."""
    if len(_units(wide)) <= len(_units(narrow)):
        return False
    if narrow[-1] == "":
        return any(unit.startswith(narrow[0]) or narrow[0].startswith(unit) for unit in wide)
    return contains(wide, narrow)


def _overlap(one: Gram, other: Gram) -> bool:
    if len(_units(one)) == len(_units(other)) == 1:
        return one[0].startswith(other[0]) or other[0].startswith(one[0])
    return one == other or _holds(one, other) or _holds(other, one)


def _places(gram: Gram, runs: Runs) -> Iterator[tuple[int, int, int]]:
    """Run, start and stop of each occurrence in a lower-case sentence."""
    for number, run in enumerate(runs):
        if gram[-1] == "":
            yield from ((number, at, at + 1) for at, unit in enumerate(run) if unit.startswith(gram[0]))
            continue
        keys = tuple(map(key_of, run))
        for start in range(len(run) - len(gram) + 1):
            if keys[start : start + len(gram)] == gram:
                yield number, start, start + len(gram)


def _likelihood(together: Integers, left: int, right: Integers, total: int) -> NDArray[np.float64]:
    """The log-likelihood ratio of joint occurrences (Dunning 1993, halved); 0 if there are fewer than by chance."""
    cells = np.stack((together, left - together, right - together, total - left - right + together)).astype(np.float64)
    rows = np.array([left, left, total - left, total - left], dtype=np.float64)[:, None]
    columns = np.stack((right, total - right, right, total - right)).astype(np.float64)
    expected = rows * columns / total
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(cells > 0, cells * np.log(cells / expected), 0.0)
    gain: NDArray[np.float64] = np.where(cells[0] > expected[0], terms.sum(axis=0), 0.0)
    return gain


def association(together: int, left: int, right: int, total: int) -> float:
    """The log-likelihood ratio of a single pair, which is faster without arrays."""
    if together * total <= left * right:
        return 0.0
    with_left, with_right = left - together, right - together
    neither = total - left - with_right
    products = (left * right, left * (total - right), (total - left) * right, (total - left) * (total - right))
    cells = zip((together, with_left, with_right, neither), products, strict=True)
    return sum(count * log(count * total / product) for count, product in cells if count)
