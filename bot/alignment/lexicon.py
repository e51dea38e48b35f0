"""Which tokens of two documents correspond: equal ones from the start, others learned from a first alignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

Tokens = frozenset[str]

# How often a token that both documents hold stays what it is, as far as its frequencies allow.
_EQUAL = 0.9
# What is taken off every count of joint occurrences: a pair seen once may be chance (leave-one-out, nearly).
_CHANCE = 0.9
# From about so many links at most, spread evenly: more teach little and cost memory.
_PAIRS = 4000
# The least evidence for a learned pair, in nats over all its occurrences.
_EVIDENCE = 2.0


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A source token and its target token, with the log-odds that a link gains when both sides hold it, or one only."""

    source: str
    target: str
    both: float
    source_only: float
    target_only: float


def correspondence(source: str, target: str, together: float, alone: float, other: float) -> Correspondence:
    """The log-odds against independence, from the probabilities that a link holds both tokens (`together`), that its
    source holds the one (`alone`) and that its target holds the other."""
    together = min(together, alone * 0.97, other * 0.97)
    return Correspondence(
        source,
        target,
        log(together / (alone * other)),
        log((alone - together) / (alone * (1 - other))),
        log((other - together) / (other * (1 - alone))),
    )


def equal_tokens(source: Sequence[Tokens], target: Sequence[Tokens]) -> list[Correspondence]:
    """Tokens that both documents hold."""
    left, right = _frequencies(source), _frequencies(target)
    n, m = len(source) + 1.0, len(target) + 1.0
    return [
        correspondence(token, token, _EQUAL * min(left[token] / n, right[token] / m), left[token] / n, right[token] / m)
        for token in sorted(left.keys() & right.keys())
    ]


def learn(pairs: Sequence[tuple[Tokens, Tokens]]) -> list[Correspondence]:
    """Tokens that occur together in linked segments, each in one pair at most: competitive linking (Melamed 2000)."""
    pairs = pairs[:: 1 + len(pairs) // _PAIRS]
    n = len(pairs) + 1.0
    left, right = _frequencies(s for s, _ in pairs), _frequencies(t for _, t in pairs)
    strong: list[tuple[float, str, str, float]] = []
    for source, target, seen in _joint_counts(pairs, left, right):
        count = seen - _CHANCE
        evidence = count * log(count * n / (left[source] * right[target]))
        if evidence > _EVIDENCE:
            strong.append((-evidence, source, target, count))
    taken: tuple[set[str], set[str]] = set(), set()
    found: list[Correspondence] = []
    for _, source, target, count in sorted(strong):
        if source not in taken[0] and target not in taken[1]:
            taken[0].add(source)
            taken[1].add(target)
            found.append(correspondence(source, target, count / n, left[source] / n, right[target] / n))
    return found


def merge_lexicons(equal: Sequence[Correspondence], learned: Sequence[Correspondence]) -> list[Correspondence]:
    """What was learned, and equal tokens of which nothing was learned."""
    known = {c.source for c in learned} | {c.target for c in learned}
    return [*(c for c in equal if c.source not in known), *learned]


def _frequencies(segments: Iterable[Tokens]) -> Counter[str]:
    return Counter(token for tokens in segments for token in tokens)


def _joint_counts(
    pairs: Sequence[tuple[Tokens, Tokens]], left: Counter[str], right: Counter[str]
) -> list[tuple[str, str, int]]:
    """How many pairs hold a source and a target token, for those that at least two do."""
    sources = sorted(token for token, count in left.items() if count > 1)
    targets = sorted(token for token, count in right.items() if count > 1)
    at_source = {token: k for k, token in enumerate(sources)}
    at_target = {token: k for k, token in enumerate(targets)}
    codes = [np.empty(0, dtype=np.int64)]
    for source, target in pairs:
        rows = np.array([at_source[token] for token in source if token in at_source], dtype=np.int64)
        columns = np.array([at_target[token] for token in target if token in at_target], dtype=np.int64)
        codes.append((rows[:, None] * len(targets) + columns).ravel())
    code, count = np.unique(np.concatenate(codes), return_counts=True)
    often = zip(code[count > 1].tolist(), count[count > 1].tolist(), strict=True)
    return [(sources[c // len(targets)], targets[c % len(targets)], k) for c, k in often]
