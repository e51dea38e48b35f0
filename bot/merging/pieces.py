"""The parts that a new translation is put together from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the new translation: lead and content. `tokens` are the segments of the old translation that stand
    in its place (empty for an insertion), `operation` what made it (None for the translators' own additions);
    `starts_block` says that the lead begins a block; `inserted`, that it stands where it did not stand before."""

    tokens: tuple[int, ...]
    operation: int | None
    lead: str
    content: str
    starts_block: bool
    inserted: bool = False
