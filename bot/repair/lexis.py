"""Which words of a document and its translation correspond, learned from their linked sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

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


@dataclass
class Lexis:
    """Translation probabilities of the words of one document: IBM model 1 (Brown et al. 1993) on its linked sentences.
    Learned at the first question: few documents ask one."""

    base: Document
    target: Document
    beads: Sequence[Bead]

    def probabilities(self, source: Sequence[Token], target: Sequence[Token]) -> NDArray[np.float64]:
        """The probability that a word of `source` (rows) is translated by one of `target` (columns)."""
        rows, columns = list(map(form, source)), list(map(form, target))
        found = [
            max(self._table.get((row, column), _FLOOR), _likeness(row, column) / 2)
            for row in rows
            for column in columns
        ]
        return np.array(found).reshape(len(rows), len(columns))

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
    def _table(self) -> Mapping[tuple[str, str], float]:
        beads = [bead for bead in self.beads if bead.source and bead.target and self._is_prose(bead)]
        beads = beads[:: 1 + len(beads) // _MAX_PAIRS]
        sides: tuple[dict[str, int], dict[str, int]] = {}, {}
        rows, columns, sentences = [], [], []
        for number, bead in enumerate(beads):
            source = [sides[0].setdefault(form(t), len(sides[0])) for t in _told(self.base, bead.source)]
            target = [sides[1].setdefault(form(t), len(sides[1])) for t in _told(self.target, bead.target)]
            rows += [s for s in source for _ in target]
            columns += target * len(source)
            # One group for each target word of each sentence: its probability is shared out among the source words.
            sentences += [(number << 16) + place for _ in source for place in range(len(target))]
        if not rows:
            return {}
        row, column = np.array(rows), np.array(columns)
        _, group = np.unique(np.array(sentences), return_inverse=True)
        codes, pair = np.unique(row * len(sides[1]) + column, return_inverse=True)
        pair_row = codes // len(sides[1])
        chance = np.ones(len(codes))
        names = list(sides[0]), list(sides[1])
        likeness = [
            _likeness(names[0][code // len(names[1])], names[1][code % len(names[1])]) for code in codes.tolist()
        ]
        prior = 1 + _ALIKE * np.array(likeness)[pair]
        for _ in range(_ROUNDS):
            share = chance[pair] * prior
            share = share / np.bincount(group, share)[group]
            counts = np.bincount(pair, share, len(codes))
            chance = counts / np.bincount(pair_row, counts, len(sides[0]))[pair_row]
        return {
            (names[0][code // len(names[1])], names[1][code % len(names[1])]): value
            for code, value in zip(codes.tolist(), chance.tolist(), strict=True)
        }

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
