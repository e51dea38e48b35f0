"""`/amts pause`: stops the syncs of a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, no_words


@dataclass(frozen=True, slots=True)
class Pause(Owned):
    """Stops the syncs of this language."""


def read(words: Sequence[Word]) -> Pause:
    no_words(words)
    return Pause()


FORM = Form("pause", "stop the syncs of this language until `resume`", read)
