"""Gold documents in which paragraphs and sentences of the translation changed places at random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

# A piece of a translation: the number of a gold sentence, or the text between two of them.
Piece = int | str


@dataclass(frozen=True, slots=True)
class Shuffled:
    """The translation after the swaps, its gold links, and how many swaps were made."""

    text: str
    gold: dict[str, Any]
    swaps: int


def shuffle(text: str, gold: dict[str, Any], share: float, seed: str, *, far: bool) -> Shuffled:
    """This share of the paragraphs, then of the sentences, changes places: with the next one (sentences within their
    paragraph), or, `far`, with any other of the document. The links stay; the spans of the translation change."""
    rng = random.Random(seed)
    pieces = _pieces(text, gold["xx"])
    paragraphs = _paragraphs(pieces)
    swaps = _exchanges(len(paragraphs), share, rng, far=far)
    pieces = _exchanged(pieces, paragraphs, swaps)
    count = len(swaps)
    groups = [[i for i in range(a, b) if isinstance(pieces[i], int)] for a, b in _paragraphs(pieces)]
    for places in [[i for group in groups for i in group]] if far else groups:
        for k, other in _exchanges(len(places), share, rng, far=far):
            i, j = places[k], places[other]
            pieces[i], pieces[j] = pieces[j], pieces[i]
            count += 1
    return _joined(text, gold, pieces, count)


def _exchanges(size: int, share: float, rng: random.Random, *, far: bool) -> list[tuple[int, int]]:
    """Which of `size` things change places with which: about this share of them are the first of a pair of neighbours,
    or one of a pair of any."""
    if far:
        places = rng.sample(range(size), 2 * round(size * share / 2))
        return [(min(pair), max(pair)) for pair in zip(places[::2], places[1::2], strict=True)]
    return [(k, k + 1) for k in _chosen(size - 1, share, rng)]


def _exchanged(pieces: list[Piece], paragraphs: list[tuple[int, int]], swaps: list[tuple[int, int]]) -> list[Piece]:
    content = {k: other for pair in swaps for k, other in (pair, pair[::-1])}
    result: list[Piece] = []
    at = 0
    for k, (start, end) in enumerate(paragraphs):
        result += pieces[at:start] + pieces[slice(*paragraphs[content.get(k, k)])]
        at = end
    return result + pieces[at:]


def _chosen(count: int, share: float, rng: random.Random) -> list[int]:
    """Places of which no two are neighbours, so that every swap stays one."""
    found: list[int] = []
    for k in range(count):
        if rng.random() < share and (not found or found[-1] < k - 1):
            found.append(k)
    return found


def _pieces(text: str, spans: list[list[int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for number, (start, end) in sorted(enumerate(spans), key=lambda item: item[1]):
        pieces += text[at:start], number
        at = end
    return [*pieces, text[at:]]


def _paragraphs(pieces: list[Piece]) -> list[tuple[int, int]]:
    """Where plain paragraphs begin and end: sentences with nothing but white space between, and blank lines around."""
    found: list[tuple[int, int]] = []
    start = None
    for i, piece in enumerate(pieces):
        if isinstance(piece, int):
            continue
        if start is not None and piece.startswith(("\n\n", "\n\r\n")):
            found.append((start, i))
        if start is None or piece.strip() or "\n\n" in piece:
            start = i + 1 if piece.endswith("\n\n") else None
    return found


def _joined(text: str, gold: dict[str, Any], pieces: list[Piece], swaps: int) -> Shuffled:
    spans = [list(span) for span in gold["xx"]]
    parts: list[str] = []
    at = 0
    for piece in pieces:
        part = piece if isinstance(piece, str) else text[slice(*gold["xx"][piece])]
        if isinstance(piece, int):
            spans[piece] = [at, at + len(part)]
        parts.append(part)
        at += len(part)
    return Shuffled("".join(parts), {**gold, "xx": spans}, swaps)
