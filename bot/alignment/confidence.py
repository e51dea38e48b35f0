"""Lowers the probability of links among text that does not correspond: a search always finds a best path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.alignment.tables import Link

# Links on either side that a link is judged with.
_AROUND = 8
# Mean gain at which corresponding and foreign text are equally likely, and how fast that changes. In chapters full of
# formulas and names the mean is about 10, in short plain prose 3 to 5, between chapters that have nothing to do with
# each other 2.5. Two files that a book pairs nearly always correspond, so only what is below plain prose is doubted.
_EVEN, _STEEPNESS = 2.2, 2.5


def with_surroundings(links: Sequence[Link]) -> list[Link]:
    """The links of an ascending path, each probability multiplied with that of standing in corresponding text."""
    linked = [k for k, link in enumerate(links) if all(link.shape)]
    sums = np.concatenate(([0.0], np.cumsum([links[k].gain for k in linked])))
    places = np.arange(len(linked))
    starts, stops = np.maximum(0, places - _AROUND), np.minimum(len(linked), places + _AROUND + 1)
    means = (sums[stops] - sums[starts]) / (stops - starts)
    related = 0.5 * (1.0 + np.tanh(_STEEPNESS * (means - _EVEN) / 2.0))
    judged = list(links)
    for k, share in zip(linked, related.tolist(), strict=True):
        x = links[k]
        judged[k] = Link(x.source, x.target, x.shape, x.gain, x.probability * share)
    return judged
