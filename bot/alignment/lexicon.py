"""Which tokens of two languages correspond: equal ones from the start, others learned from linked segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp

import numpy as np
from numpy.typing import NDArray

Tokens = frozenset[str]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# How often a token that both documents hold stays what it is, as far as its frequencies allow.
_EQUAL = 0.9
# What is taken off every count of joint occurrences: a pair seen once may be chance (leave-one-out, nearly).
_CHANCE = 0.9
# From about so many links at most, spread evenly: more teach little and cost memory.
_PAIRS = 4000
# The least evidence for a learned pair, in nats over all its occurrences.
_EVIDENCE = 2.0
# The length ratio that is known of the languages counts as much as this many links.
_DOUBT = 10
# Up to this code, counting is faster than sorting.
_COUNTED = 1_000_000
# Probabilities are kept off 0 and 1: no token implies another.
_SURE = 0.97


@dataclass(frozen=True)
class Usage:
    """In how many of a document's `segments` each token occurs."""

    tokens: Mapping[str, int]
    segments: int


@dataclass(frozen=True)
class Lexicon:
    """Pairs of a source and a target token that translate each other; no token is in two of them.

    `rates[k]` says in what share of the links that hold the source token the target token stands too, and the other way
    round (shape k x 2). These are properties of the languages; how much a pair tells depends on the document.
    `length_factor` is what the length of a target sentence is multiplied with to be that of its source, on average.
    """

    source: Sequence[str]
    target: Sequence[str]
    rates: Floats
    length_factor: float = 1.0

    @cached_property
    def places(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Where each source token stands, and each target token."""
        source, target = ({token: k for k, token in enumerate(side)} for side in (self.source, self.target))
        return source, target

    def of_documents(self, source: Usage, target: Usage) -> Lexicon:
        """The pairs that two documents hold, and of the tokens that both hold those that are in no pair of this."""
        known = source.tokens.keys() & self.places[0].keys()
        pairs = sorted(k for k in map(self.places[0].__getitem__, known) if self.target[k] in target.tokens)
        others = (source.tokens.keys() & target.tokens.keys()) - self.places[0].keys() - self.places[1].keys()
        equal = sorted(others)
        return Lexicon(
            [*(self.source[k] for k in pairs), *equal],
            [*(self.target[k] for k in pairs), *equal],
            np.concatenate((self.rates[pairs], np.full((len(equal), 2), _EQUAL))),
            self.length_factor,
        )


@dataclass(frozen=True)
class Odds:
    """What the pairs of a lexicon tell in one pair of documents, as far as both hold them: places by token, and the
    log-odds that a link gains when both sides hold pair k, its source only, its target only (shape k x 3)."""

    by_source: Mapping[str, int]
    by_target: Mapping[str, int]
    gains: Floats


@dataclass(frozen=True)
class Counts:
    """How often tokens occur in the linked segments of a pair of documents, and how often together: what a lexicon is
    learned from. Counts of many documents are added; where one changes, only its own are counted again.

    `rows`, `columns` and `together` list the pairs of tokens (indices) that occur together, with how many links do.
    `length` is the median, over the links, of what the logarithm of the source's length exceeds the target's by.
    """

    links: int
    source: Sequence[str]
    source_counts: Integers
    target: Sequence[str]
    target_counts: Integers
    rows: Integers
    columns: Integers
    together: Integers
    length: float = 0.0


NOTHING = Lexicon((), (), np.empty((0, 2)))
"""No pair is known of the languages."""


def count_tokens(segments: Sequence[Tokens]) -> Usage:
    return Usage(_frequencies(segments), len(segments))


def weigh(lexicon: Lexicon, source: Usage, target: Usage) -> Odds:
    """The log-odds against independence of the pairs that two documents hold, and of the tokens that both do: a pair
    tells the more, the rarer its tokens are in these documents."""
    lexicon = lexicon.of_documents(source, target)
    left, right, rates = lexicon.source, lexicon.target, lexicon.rates
    alone = np.array([source.tokens[token] for token in left], dtype=np.float64) / (source.segments + 1.0)
    other = np.array([target.tokens[token] for token in right], dtype=np.float64) / (target.segments + 1.0)
    together = np.minimum(np.minimum(rates[:, 0], _SURE) * alone, np.minimum(rates[:, 1], _SURE) * other)
    gains = np.stack(
        (
            together / (alone * other),
            (alone - together) / (alone * (1.0 - other)),
            (other - together) / (other * (1.0 - alone)),
        ),
        axis=1,
    )
    return Odds(*lexicon.places, np.log(gains))


def count(pairs: Sequence[tuple[Tokens, Tokens]], length: float) -> Counts:
    """Counts of the tokens of linked segments; pairs of tokens that occur together only once are left out."""
    pairs = pairs[:: 1 + len(pairs) // _PAIRS]
    left, right = _frequencies(s for s, _ in pairs), _frequencies(t for _, t in pairs)
    source, target = _frequent_first(left), _frequent_first(right)
    rows, _ = _occurrences([s for s, _ in pairs], left, source)
    columns, width = _occurrences([t for _, t in pairs], right, target)
    code, together = _tally(_products(rows, columns, width))
    often = together > 1
    return Counts(
        len(pairs),
        source,
        np.array([left[token] for token in source], dtype=np.int64),
        target,
        np.array([right[token] for token in target], dtype=np.int64),
        code[often] // max(1, width),
        code[often] % max(1, width),
        together[often],
        length,
    )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of the counts of several documents."""
    parts = list(counts)
    source: dict[str, int] = {}
    target: dict[str, int] = {}
    rows = [np.array([source.setdefault(t, len(source)) for t in part.source], dtype=np.int64) for part in parts]
    columns = [np.array([target.setdefault(t, len(target)) for t in part.target], dtype=np.int64) for part in parts]
    codes = [
        row[part.rows] * len(target) + column[part.columns]
        for part, row, column in zip(parts, rows, columns, strict=True)
    ]
    code, at = np.unique(np.concatenate([np.empty(0, np.int64), *codes]), return_inverse=True)
    together = np.concatenate([np.empty(0, np.int64), *(part.together for part in parts)])
    links = sum(part.links for part in parts)
    return Counts(
        links,
        list(source),
        _summed(rows, [part.source_counts for part in parts], len(source)),
        list(target),
        _summed(columns, [part.target_counts for part in parts], len(target)),
        code // max(1, len(target)),
        code % max(1, len(target)),
        np.bincount(at, weights=together, minlength=len(code)).astype(np.int64),
        sum(part.links * part.length for part in parts) / max(1, links),
    )


def learn(counts: Counts) -> Lexicon:
    """The pairs with the most evidence, each token in one pair at most: competitive linking (Melamed 2000)."""
    n = counts.links + 1.0
    left, right = counts.source_counts[counts.rows], counts.target_counts[counts.columns]
    seen = counts.together - _CHANCE
    evidence = seen * np.log(seen * n / (left * right))
    enough = np.flatnonzero(evidence > _EVIDENCE)
    # Equal evidence is ordered by the tokens, so that documents may be counted in any order.
    ranks = _ranks(counts.source)[counts.rows[enough]], _ranks(counts.target)[counts.columns[enough]]
    order = enough[np.lexsort((ranks[1], ranks[0], -evidence[enough]))]
    taken: tuple[set[int], set[int]] = set(), set()
    found: list[int] = []
    for k, row, column in zip(order.tolist(), counts.rows[order].tolist(), counts.columns[order].tolist(), strict=True):
        if row not in taken[0] and column not in taken[1]:
            taken[0].add(row)
            taken[1].add(column)
            found.append(k)
    return Lexicon(
        [counts.source[k] for k in counts.rows[found]],
        [counts.target[k] for k in counts.columns[found]],
        np.stack((seen[found] / left[found], seen[found] / right[found]), axis=1),
        exp(counts.length * counts.links / (counts.links + _DOUBT)),
    )


def _ranks(tokens: Sequence[str]) -> Integers:
    """The place of each token among all in their order."""
    ranks = np.empty(len(tokens), dtype=np.int64)
    ranks[sorted(range(len(tokens)), key=tokens.__getitem__)] = np.arange(len(tokens))
    return ranks


def _frequencies(segments: Iterable[Tokens]) -> Counter[str]:
    return Counter(chain.from_iterable(segments))


def _frequent_first(frequencies: Mapping[str, int]) -> list[str]:
    return sorted(frequencies, key=lambda token: (frequencies[token] == 1, token))


def _occurrences(
    segments: Sequence[Tokens], frequencies: Mapping[str, int], tokens: Sequence[str]
) -> tuple[list[Integers], int]:
    """The indices of the tokens of each segment that occur more than once, and how many such tokens there are."""
    at = {token: k for k, token in enumerate(tokens) if frequencies[token] > 1}
    return [np.array([at[token] for token in found if token in at], dtype=np.int64) for found in segments], len(at)


def _tally(codes: Integers) -> tuple[Integers, Integers]:
    """The distinct codes in ascending order, and how often each occurs."""
    if codes.max(initial=0) > _COUNTED:
        return np.unique(codes, return_counts=True)
    counts = np.bincount(codes)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _products(rows: Sequence[Integers], columns: Sequence[Integers], width: int) -> Integers:
    """row * width + column for every row with every column of the same segment."""
    sizes = [len(row) * len(column) for row, column in zip(rows, columns, strict=True)]
    found = np.empty(sum(sizes), dtype=np.int64)
    at = 0
    for row, column, size in zip(rows, columns, sizes, strict=True):
        np.add(row[:, None] * width, column, out=found[at : at + size].reshape(len(row), len(column)))
        at += size
    return found


def _summed(places: Sequence[Integers], values: Sequence[Integers], size: int) -> Integers:
    at = np.concatenate([np.empty(0, np.int64), *places])
    weights = np.concatenate([np.empty(0, np.int64), *values])
    return np.bincount(at, weights=weights, minlength=size).astype(np.int64)
