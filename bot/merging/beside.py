"""People's sentences without English of their own, beside English that changed: they may be stale, or doubled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.merging.pieces import Piece, Woven
from bot.model import Action, Left, Operation

BESIDE_CHANGE = "people's words that have no English of their own stand beside English that changed; check them"
ADDED_TWICE = "people's words may be the translation of this new English, which was put in as well; keep one of the two"


def find_beside(woven: Woven, echoes: Mapping[int, int]) -> Iterator[Left]:
    """Where they stand, with the English that they stand beside. `echoes` are segments of the translation that may say
    what a segment of the new English says."""
    target, new = woven.documents.target, woven.documents.new
    added = {n for op in woven.operations if not op.target and op.text is not None for n in op.new}
    around = _neighbours(woven)
    for number, (piece, span) in enumerate(woven.spans()):
        if piece.operation is not None or not piece.content or not _has_words(piece, woven):
            continue
        token = piece.tokens[0]
        changed = next((op for op in around[number] if _is_changed(op)), None)
        if echoes.get(token) in added:
            yield Left(ADDED_TWICE, new.segments[echoes[token]].text, span)
        elif changed is not None:
            yield Left(BESIDE_CHANGE, woven.english(changed) or target.segments[token].text, span)


def _has_words(piece: Piece, woven: Woven) -> bool:
    segments = [woven.documents.target.segments[t] for t in piece.tokens]
    return any(segment.is_prose and segment.has_words for segment in segments)


def _neighbours(woven: Woven) -> list[list[Operation]]:
    """For each piece the operations beside it in its paragraph: in the new translation, and in the old."""
    target = woven.documents.target
    owner = {t: op for op in woven.operations for t in op.target}
    around: list[list[Operation]] = []
    for piece in woven.pieces:
        beside = [*(t - 1 for t in piece.tokens[:1]), *(t + 1 for t in piece.tokens[-1:])]
        blocks = {target.segments[t].block for t in piece.tokens}
        own = [t for t in beside if 0 <= t < len(target.segments) and target.segments[t].block in blocks]
        around.append([owner[t] for t in own if t in owner])
    standing = [number for number, piece in enumerate(woven.pieces) if piece.content]
    for one, other in pairwise(standing):
        if not woven.pieces[other].starts_block:
            for here, there in ((one, other), (other, one)):
                op = woven.operation_of(woven.pieces[there])
                around[here] += [op] if op is not None else []
    return around


def _is_changed(op: Operation) -> bool:
    return op.action not in (Action.KEPT, Action.MOVED) or op.carried is not None
