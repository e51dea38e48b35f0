"""English that the translators left out: alone amid what they translated, or together with what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Document, Kind, Operation


def is_left_out(operation: Operation) -> bool:
    """Whether English that stood before has no translation, and awaits none."""
    return bool(operation.base and operation.new and not operation.target and operation.text is None)


def left_out_whole(operations: Sequence[Operation], new: Document) -> frozenset[int]:
    """The operations (by index) of English that is left out without a translated neighbour: of a passage that people
    did not want. A heading's neighbour is what stands under it."""
    order = [place for place, operation in enumerate(operations) if operation.new]
    apart = set()
    for before, place, after in zip([None, *order], order, [*order[1:], None], strict=False):
        if is_left_out(operations[place]):
            is_heading = new.segments[operations[place].new[0]].kind is Kind.HEADING
            neighbours = (after,) if is_heading else (before, after)
            if not any(other is not None and operations[other].target for other in neighbours):
                apart.add(place)
    return frozenset(apart)
