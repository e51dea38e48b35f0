"""Placeables that a machine lost, doubled, put elsewhere or into one another, on request."""

from __future__ import annotations

from collections.abc import Sequence

from bot.emulator.faults import FaultKind
from bot.emulator.pieces import Piece, Placeable, Tag


def damage(pieces: Sequence[Piece], how: FaultKind) -> list[Piece]:
    """The same block with a fault in its placeables; unchanged where it has too few of them."""
    found = [at for at, piece in enumerate(pieces) if isinstance(piece, Placeable)]
    damaged = list(pieces)
    if not found:
        return damaged
    match how:
        case FaultKind.LOSE:
            del damaged[found[-1]]
        case FaultKind.DUPLICATE:
            damaged.append(pieces[found[0]])
        case FaultKind.REORDER if len(found) > 1:
            first, last = found[0], found[-1]
            damaged[first], damaged[last] = damaged[last], damaged[first]
        case FaultKind.NEST:
            _nest(damaged, found)
        case _:
            pass
    return damaged


def _nest(pieces: list[Piece], found: Sequence[int]) -> None:
    """The last placeable goes into the one before it, or a tag pair closes behind the next placeable's start."""
    if len(found) > 1:
        inner = pieces.pop(found[-1])
        outer = pieces[found[-2]]
        if isinstance(inner, Placeable) and isinstance(outer, Placeable):
            opening, slash, closing = outer.raw.rpartition("</")
            raw = f"{opening}{inner.raw}{slash}{closing}" if slash else outer.raw + inner.raw
            pieces[found[-2]] = Placeable(raw, outer.content + inner.content)
        return
    closing_tags = [at for at, piece in enumerate(pieces) if isinstance(piece, Tag) and not piece.opens]
    if closing_tags:
        pieces.insert(closing_tags[0], pieces.pop(found[0]))
