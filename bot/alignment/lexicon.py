"""Which tokens of two documents correspond: equal ones from the start, others learned from a first alignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.alignment.search import Array

Tokens = frozenset[str]

_EQUAL = 0.9
_VOCABULARY = 1500


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A source token and its target token, with the log-odds that a link gains when both sides hold it, or one only."""

    source: str
    target: str
    both: float
    source_only: float
    target_only: float


def correspondence(source: str, target: str, together: float, alone: float, other: float) -> Correspondence:
    """From the probabilities that a linked pair holds both tokens, that a source segment holds the one (`alone`), that a
    target segment holds the other; the log-odds against independence."""
    together = min(together, alone * 0.97, other * 0.97)
    return Correspondence(
        source,
        target,
        float(np.log(together / (alone * other))),
        float(np.log((alone - together) / (alone * (1 - other)))),
        float(np.log((other - together) / (other * (1 - alone)))),
    )


def equal_tokens(source: Sequence[Tokens], target: Sequence[Tokens]) -> list[Correspondence]:
    """Tokens that both documents hold, taken to survive translation as far as their frequencies allow."""
    left, right = _frequencies(source), _frequencies(target)
    n, m = len(source) + 1.0, len(target) + 1.0
    return [
        correspondence(token, token, _EQUAL * min(left[token] / n, right[token] / m), left[token] / n, right[token] / m)
        for token in sorted(left.keys() & right.keys())
    ]


def _frequencies(segments: Iterable[Tokens]) -> Counter[str]:
    return Counter(token for tokens in segments for token in tokens)


def learn(pairs: Sequence[tuple[Tokens, Tokens]]) -> list[Correspondence]:
    """Competitive linking (Melamed 2000): tokens that occur together in linked segments, each in one pair at most."""
    n = len(pairs) + 1.0
    left = _index(source for source, _ in pairs)
    right = _index(target for _, target in pairs)
    if not left or not right:
        return []
    rows, columns = _incidence([s for s, _ in pairs], left), _incidence([t for _, t in pairs], right)
    together = rows.T @ columns
    alone, other = rows.sum(axis=0), columns.sum(axis=0)
    # One shared occurrence is chance, so it is taken off every count (leave-one-out).
    at_i, at_j = np.nonzero(together >= 2)
    count = together[at_i, at_j] - 0.9
    strength = count * np.log(count * n / (alone[at_i] * other[at_j]))
    sources, targets = list(left), list(right)
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    found: list[Correspondence] = []
    for k in np.argsort(-strength, kind="stable"):
        i, j = int(at_i[k]), int(at_j[k])
        if strength[k] <= 2.0:
            break
        if i in taken_i or j in taken_j:
            continue
        taken_i.add(i)
        taken_j.add(j)
        found.append(correspondence(sources[i], targets[j], count[k] / n, alone[i] / n, other[j] / n))
    return found


def _index(segments: Iterable[Tokens]) -> dict[str, int]:
    """The most frequent tokens that occur at least twice, numbered."""
    common = sorted(((c, t) for t, c in _frequencies(segments).items() if c > 1), key=lambda item: (-item[0], item[1]))
    return {token: k for k, (_, token) in enumerate(common[:_VOCABULARY])}


def _incidence(segments: Sequence[Tokens], index: dict[str, int]) -> Array:
    table = np.zeros((len(segments), len(index)), dtype=np.float32)
    for row, tokens in enumerate(segments):
        table[row, [index[t] for t in tokens if t in index]] = 1.0
    return table
