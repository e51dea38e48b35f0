"""`/amts sync`: brings translations in step with the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, check_path


@dataclass(frozen=True, slots=True)
class Sync(Owned):
    """Asks for a sync. `names` are languages of the configuration or paths of the book, all files where empty; which
    are which, only the configuration tells."""

    names: tuple[str, ...] = ()


def read(words: Sequence[Word]) -> Sync:
    return Sync(tuple(check_path(word.text) for word in words))


FORM = Form("sync [language|path…]", "bring this language, or only these files, in step with the source now", read)
