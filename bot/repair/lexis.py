"""Which words of a document and its translation correspond, learned from their linked sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.model import Bead, Document
from bot.repair.tokens import Token, TokenKind, is_unspaced, read_tokens

_ROUNDS = 10
# The chance of a pair of words that never occurred together.
_FLOOR = 1e-6
_MAX_STEM = 4
# How much likelier words that are written alike are to translate each other.
_ALIKE = 20
_MAX_PAIRS = 600
# Of how often two characters meet, what doesn't count.
_CHANCE_MEETINGS = 0.5


def form(token: Token) -> str:
    """What a token counts as: a placeable as itself, a long word by its beginning, since endings vary."""
    if token.kind is TokenKind.PLACEABLE:
        return f"\0{token.text}"
    return token.text.lower().partition("'")[0].partition("’")[0][:_MAX_STEM]


class _Table(NamedTuple):
    """The forms of both sides by number, and the chances of those pairs that occur (source number * number of target
    forms + target number, sorted)."""

    places: tuple[Mapping[str, int], Mapping[str, int]]
    codes: NDArray[np.int_]
    chances: NDArray[np.float64]


@dataclass
class Lexis:
    """Translation probabilities of the words of one document: IBM model 1 (Brown et al. 1993) on its linked sentences.
    Learned at the first question: few documents ask one."""

    base: Document
    target: Document
    beads: Sequence[Bead]

    def probabilities(self, source: Sequence[Token], target: Sequence[Token]) -> NDArray[np.float64]:
        """The probability that a word of `source` (rows) is translated by one of `target` (columns)."""
        table = self._table
        rows, columns = list(map(form, source)), list(map(form, target))
        places = [[table.places[side].get(name, -1) for name in names] for side, names in enumerate((rows, columns))]
        row, column = np.array(places[0], int)[:, None], np.array(places[1], int)[None, :]
        codes = np.where((row < 0) | (column < 0), -1, row * len(table.places[1]) + column)
        found = np.searchsorted(table.codes, codes).clip(max=max(0, len(table.codes) - 1))
        chances = np.full(codes.shape, _FLOOR)
        if len(table.codes):
            chances = np.where(table.codes[found] == codes, table.chances[found].clip(_FLOOR), chances)
        alike = np.array([[_likeness(name, other) / 2 for other in columns] for name in rows]).reshape(codes.shape)
        best: NDArray[np.float64] = np.maximum(chances, alike)
        return best

    def likeness(self, source: Sequence[Token], target: Sequence[Token]) -> float:
        """How well the words of one side translate those of the other, each by the best: from 0 to 1."""
        chances = self.probabilities(source, target)
        return float(chances.max(axis=1).mean() + chances.max(axis=0).mean()) / 2 if chances.size else 0.0

    def cohesion(self, left: Token, right: Token) -> float:
        """How firmly two characters of a script without spaces that stand side by side belong together, from 0 to 1:
        how often the rarer one stands beside the other in the document."""
        if left.end != right.start or not (is_unspaced(left.text) and is_unspaced(right.text)):
            return 0.0
        letters, pairs = self._letters
        rarer = min(letters[left.text], letters[right.text])
        return max(0.0, pairs[left.text + right.text] - _CHANCE_MEETINGS) / rarer if rarer else 0.0

    @cached_property
    def _letters(self) -> tuple[Counter[str], Counter[str]]:
        text = self.target.text
        return Counter(text), Counter(map("".join, pairwise(text)))

    @cached_property
    def _table(self) -> _Table:
        beads = [bead for bead in self.beads if bead.source and bead.target and self._is_prose(bead)]
        places: tuple[dict[str, int], dict[str, int]] = {}, {}
        rows, columns, sizes = [], [], []
        for bead in beads[:: 1 + len(beads) // _MAX_PAIRS]:
            sides = _told(self.base, bead.source), _told(self.target, bead.target)
            source, target = (
                np.array([known.setdefault(form(token), len(known)) for token in side], int)
                for known, side in zip(places, sides, strict=True)
            )
            # By target word: its probability is shared out among the source words.
            rows.append(np.tile(source, len(target)))
            columns.append(np.repeat(target, len(source)))
            sizes += [len(source)] * len(target) if len(source) else []
        if not sizes:
            return _Table(places, np.zeros(0, int), np.zeros(0))
        group = np.repeat(np.arange(len(sizes)), sizes)
        codes, pair = np.unique(np.concatenate(rows) * len(places[1]) + np.concatenate(columns), return_inverse=True)
        code_row = codes // len(places[1])
        prior = np.ones(len(codes))
        for name, row in places[0].items():
            if name in places[1]:
                prior[codes == row * len(places[1]) + places[1][name]] += _ALIKE * _likeness(name, name)
        chances = np.ones(len(codes))
        for _ in range(_ROUNDS):
            share = (chances * prior)[pair]
            share /= np.bincount(group, share)[group]
            counts = np.bincount(pair, share, len(codes))
            chances = counts / np.bincount(code_row, counts)[code_row]
        return _Table(places, codes, chances)

    def _is_prose(self, bead: Bead) -> bool:
        return self.base.segments[bead.source[0]].is_prose


def _likeness(source: str, target: str) -> float:
    """1 for the same placeable, number or name, 0.5 for words that begin alike."""
    if source != target:
        return 0.0
    return 0.5 if len(source) == _MAX_STEM and source.isalpha() else 1.0


def _told(document: Document, indices: Sequence[int]) -> list[Token]:
    kinds = (TokenKind.WORD, TokenKind.PLACEABLE)
    return [token for i in indices for token in read_tokens(document, (i,)) if token.kind in kinds]
