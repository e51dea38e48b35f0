"""`/amts resume`: lets the syncs of a language go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, no_words


@dataclass(frozen=True, slots=True)
class Resume(Owned):
    """Lets the syncs of this language go on."""


def read(words: Sequence[Word]) -> Resume:
    no_words(words)
    return Resume()


FORM = Form("resume", "let the syncs of this language go on", read)
