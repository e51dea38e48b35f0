"""`/amts cost`: what the next sync would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, no_words
from bot.report.markdown import escaped


@dataclass(frozen=True, slots=True)
class Cost(Owned):
    """Asks for a quote; nothing is spent."""


def read(words: Sequence[Word]) -> Cost:
    no_words(words)
    return Cost()


FORM = Form("cost", "what a sync of this language would cost now; nothing is spent", read)


def quote_answer(characters: int, quote: str, remarks: Sequence[str]) -> str:
    """`quote` as the engine words it, "" where nothing is billed."""
    told = f"A sync now would be billed as {escaped(quote)}." if characters else "A sync now would cost nothing."
    return "\n\n".join([told, *(f"{escaped(remark)}." for remark in remarks)])
