"""`/amts keep`: protects a file or a sentence from the bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.answers import quoted
from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.report.markdown import code_span


@dataclass(frozen=True, slots=True)
class Keep(Owned):
    """Protects a file, or the sentence at a line of it, from the bot."""

    place: Place


def read(words: Sequence[Word]) -> Keep:
    return Keep(one_place(words))


FORM = Form("keep <path>[:line]", "leave this file, or the sentence at this line, as it is until `unkeep`", read)


def kept(path: str, texts: Sequence[str], commit: str) -> str:
    """`texts` are the sentences, empty for the whole file; `commit` is empty where that was so already."""
    recorded = f"Recorded in {commit[:10]}." if commit else "That was so already."
    if not texts:
        return f"I leave {code_span(path)} as it is until `/amts unkeep`. {recorded}"
    shown = "\n\n".join(quoted(text) for text in texts)
    told = f"I leave this in {code_span(path)} as it is until `/amts unkeep`, also when its source changes"
    return f"{told}. {recorded}\n\n{shown}"
