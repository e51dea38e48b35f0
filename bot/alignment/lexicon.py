"""Which tokens of two languages correspond: equal ones from the start, others learned from linked segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp

import numpy as np
from numpy.typing import NDArray

Tokens = frozenset[str]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# How often a token of both documents is linked to itself, as far as its frequencies allow.
_EQUAL_RATE = 0.9
# Taken off every count of joint occurrences: a pair that is seen once may be chance (leave-one-out, nearly).
_CHANCE = 0.9
# About the largest number of links that are counted, spread evenly: more teach little and cost memory.
_MAX_LINKS = 4000
# The least evidence for a learned pair, in nats over all its occurrences.
_MIN_EVIDENCE = 2.0
# The length ratio that is known of the languages weighs as much as this many links.
_RATIO_LINKS = 10
# How often translators leave sentences out, and as how many links this weighs.
ALONE, _ALONE_LINKS = 0.025, 80
# Up to this code, counting is faster than sorting.
_MAX_COUNTED_CODE = 1_000_000
# Probabilities are kept off 0 and 1: no token implies another.
_MAX_RATE = 0.97


@dataclass(frozen=True)
class Usage:
    """In how many of a document's `segments` each token occurs."""

    tokens: Mapping[str, int]
    segments: int


@dataclass(frozen=True)
class Lexicon:
    """Pairs of a source and a target token that translate each other; no token is in two of them.

    `rates[k]` is the share of the links with the source token that hold the target token, and the share of the links
    with the target token that hold the source token (shape k x 2). Rates are properties of the languages; the evidence
    of a pair depends on the documents. `length_factor` is the mean ratio of the lengths of source and target sentences,
    `alone` the number of runs of sentences without counterpart for each link.
    """

    source: Sequence[str]
    target: Sequence[str]
    rates: Floats
    length_factor: float = 1.0
    alone: float = ALONE

    @cached_property
    def places(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """The index of each source token, and of each target token."""
        source, target = ({token: k for k, token in enumerate(side)} for side in (self.source, self.target))
        return source, target

    def of_documents(self, source: Usage, target: Usage) -> Lexicon:
        """The pairs whose tokens the two documents hold. A token of both that is in no pair is paired with itself."""
        known = source.tokens.keys() & self.places[0].keys()
        pairs = sorted(k for k in map(self.places[0].__getitem__, known) if self.target[k] in target.tokens)
        equal = sorted((source.tokens.keys() & target.tokens.keys()) - self.places[0].keys() - self.places[1].keys())
        return Lexicon(
            [*(self.source[k] for k in pairs), *equal],
            [*(self.target[k] for k in pairs), *equal],
            np.concatenate((self.rates[pairs], np.full((len(equal), 2), _EQUAL_RATE))),
            self.length_factor,
            self.alone,
        )


@dataclass(frozen=True)
class Odds:
    """The evidence of the pairs that two documents hold: the index of the pair by source and by target token, and the
    log-odds that a link gains when both sides hold pair k, the source only, the target only (shape k x 3)."""

    by_source: Mapping[str, int]
    by_target: Mapping[str, int]
    gains: Floats


@dataclass(frozen=True)
class Counts:
    """How often tokens occur in the linked segments of a pair of documents, and how often together: a lexicon is
    learned from the sum over many documents.

    `rows` and `columns` are the indices of the tokens that occur together, in `together` links each. `length` is the
    median, over the links, of the logarithm of the source's length over the target's, `runs` the number of runs of
    sentences without counterpart.
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
    runs: int = 0


EMPTY_LEXICON = Lexicon((), (), np.empty((0, 2)))
_NO_INTEGERS = np.empty(0, np.int64)


def weigh(lexicon: Lexicon, source: Usage, target: Usage) -> Odds:
    """The log-odds against independence of all pairs that two documents hold, see `Lexicon.of_documents`. The rarer the
    tokens of a pair are in these documents, the stronger is its evidence."""
    lexicon = lexicon.of_documents(source, target)
    rates = np.minimum(lexicon.rates, _MAX_RATE)
    alone = np.array([source.tokens[token] for token in lexicon.source], dtype=np.float64) / (source.segments + 1.0)
    other = np.array([target.tokens[token] for token in lexicon.target], dtype=np.float64) / (target.segments + 1.0)
    together = np.minimum(rates[:, 0] * alone, rates[:, 1] * other)
    gains = np.stack(
        (
            together / (alone * other),
            (alone - together) / (alone * (1.0 - other)),
            (other - together) / (other * (1.0 - alone)),
        ),
        axis=1,
    )
    return Odds(*lexicon.places, np.log(gains))


def count(pairs: Sequence[tuple[Tokens, Tokens]], length: float, runs: int = 0) -> Counts:
    """Counts of the tokens of linked segments; pairs of tokens that occur together only once are left out."""
    step = 1 + len(pairs) // _MAX_LINKS
    pairs = pairs[::step]
    source, source_counts, rows, _ = _index([tokens for tokens, _ in pairs])
    target, target_counts, columns, width = _index([tokens for _, tokens in pairs])
    codes = ((row[:, None] * width + column).ravel() for row, column in zip(rows, columns, strict=True))
    code, together = _tally(np.concatenate([_NO_INTEGERS, *codes]))
    often = together > 1
    row, column = np.divmod(code[often], max(1, width))
    return Counts(
        len(pairs), source, source_counts, target, target_counts, row, column, together[often], length, runs // step
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
    code, at = np.unique(np.concatenate([_NO_INTEGERS, *codes]), return_inverse=True)
    links = sum(part.links for part in parts)
    return Counts(
        links,
        list(source),
        _summed(rows, [part.source_counts for part in parts], len(source)),
        list(target),
        _summed(columns, [part.target_counts for part in parts], len(target)),
        *np.divmod(code, max(1, len(target))),
        _summed([at], [part.together for part in parts], len(code)),
        sum(part.links * part.length for part in parts) / max(1, links),
        sum(part.runs for part in parts),
    )


def learn(counts: Counts) -> Lexicon:
    """The pairs with the most evidence, each token in one pair at most: competitive linking (Melamed 2000)."""
    n = counts.links + 1.0
    left, right = counts.source_counts[counts.rows], counts.target_counts[counts.columns]
    seen = counts.together - _CHANCE
    evidence = seen * np.log(seen * n / (left * right))
    rows, columns = counts.rows.tolist(), counts.columns.tolist()
    # Equal evidence is ordered by the tokens: documents may be counted in any order.
    order = sorted(
        np.flatnonzero(evidence > _MIN_EVIDENCE).tolist(),
        key=lambda k: (-evidence[k], counts.source[rows[k]], counts.target[columns[k]]),
    )
    chosen = [order[place] for place in link_competitively((rows[k], columns[k]) for k in order)]
    return Lexicon(
        [counts.source[rows[k]] for k in chosen],
        [counts.target[columns[k]] for k in chosen],
        np.stack((seen[chosen] / left[chosen], seen[chosen] / right[chosen]), axis=1),
        exp(counts.length * counts.links / (counts.links + _RATIO_LINKS)),
        (counts.runs + ALONE * _ALONE_LINKS) / (counts.links + _ALONE_LINKS),
    )


def link_competitively(pairs: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The places of the pairs of which neither side is in an earlier pair: competitive linking (Melamed 2000)."""
    sources: set[int] = set()
    targets: set[int] = set()
    for place, (source, target) in enumerate(pairs):
        if source not in sources and target not in targets:
            sources.add(source)
            targets.add(target)
            yield place


def _index(segments: Sequence[Tokens]) -> tuple[list[str], Integers, list[Integers], int]:
    """All tokens, beginning with the tokens that occur more than once; how often each occurs; of each segment the
    indices of the tokens that occur more than once; and how many tokens do."""
    frequencies = Counter(chain.from_iterable(segments))
    tokens = sorted(frequencies, key=lambda token: (frequencies[token] == 1, token))
    often = {token: k for k, token in enumerate(tokens) if frequencies[token] > 1}
    indices = [np.array([often[token] for token in known if token in often], dtype=np.int64) for known in segments]
    return tokens, np.array([frequencies[token] for token in tokens], dtype=np.int64), indices, len(often)


def _tally(codes: Integers) -> tuple[Integers, Integers]:
    """The distinct codes in ascending order, and how often each occurs."""
    if codes.max(initial=0) > _MAX_COUNTED_CODE:
        return np.unique(codes, return_counts=True)
    counts = np.bincount(codes)
    present = np.flatnonzero(counts)
    return present, counts[present]


def _summed(places: Sequence[Integers], values: Sequence[Integers], size: int) -> Integers:
    """The sum of the values at each place."""
    weights = np.concatenate([_NO_INTEGERS, *values])
    return np.bincount(np.concatenate([_NO_INTEGERS, *places]), weights, size).astype(np.int64)
