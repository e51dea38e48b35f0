"""`/amts unkeep`: ends the protection of a file or a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.report.markdown import code_span, counted


@dataclass(frozen=True, slots=True)
class Unkeep(Owned):
    """Ends what `keep` began: of the sentence at a line, or of the file with all its sentences."""

    place: Place


def read(words: Sequence[Word]) -> Unkeep:
    return Unkeep(one_place(words))


FORM = Form("unkeep <path>[:line]", "end what `keep` began, for the sentence or for the whole file", read)


def unkept(path: str, texts: Sequence[str], commit: str) -> str:
    """`texts` are the sentences, empty for the whole file; `commit` is empty where nothing was kept."""
    what = f"{counted(len(texts), 'sentence')} of {code_span(path)}" if texts else code_span(path)
    if not commit:
        return f"I did not keep {what} before; nothing changed."
    return f"Syncs update {what} again. Recorded in {commit[:10]}."
