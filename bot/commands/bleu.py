"""`/amts bleu`: how much reviewers changed in what the machine wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.base import Form, Owned, Word, no_words
from bot.report.markdown import code_span, counted


@dataclass(frozen=True, slots=True)
class Bleu(Owned):
    """Scores the machine's sentences of this pull request against what reviewers made of them."""


def read(words: Sequence[Word]) -> Bleu:
    no_words(words)
    return Bleu()


FORM = Form("bleu", "how close the machine's sentences are to what reviewers made of them", read)


def score_answer(value: str, signature: str, sentences: int, changed: int) -> str:
    """`value` with its interval, on the scale of 0 to 100; `changed` of the machine's `sentences` were changed by
    people, or translated anew."""
    if not sentences:
        return "No machine translation stands in this pull request, so there is nothing to score."
    told = f"The machine wrote {counted(sentences, 'sentence')} of this pull request; {changed:,} were changed since."
    if not changed:
        return f"{told} There is nothing to score them against until somebody changes some."
    return (
        f"{told}\n\nBLEU {value}: what the machine wrote, against what stands there now,"
        f" {counted(sentences, 'sentence')}. Signature: {code_span(signature)}\n\n"
        "Sentences that nobody looked at count as right."
    )
