"""`/amts bleu`: how good the machine is, as it was measured, and how much of its work reviewers changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, no_words
from bot.report.markdown import code_span, counted
from bot.report.scores import Scores, scores_section

_ROOM = 20_000


@dataclass(frozen=True, slots=True)
class Bleu(Owned):
    """Asks for the measurement on held-out sentences, and for the machine's sentences of this pull request against what
    reviewers made of them."""


def read(words: Sequence[Word]) -> Bleu:
    no_words(words)
    return Bleu()


FORM = Form("bleu", "how good the machine is on held-out sentences, and how much of its work was changed here", read)


@dataclass(frozen=True, slots=True)
class Edited:
    """How many sentences of a pull request the machine wrote, and how many of them read otherwise now. `bleu` (with its
    interval, from 0 to 100) and its signature compare all of them; "" where none was changed."""

    sentences: int
    changed: int
    bleu: str = ""
    signature: str = ""


def score_answer(history: Sequence[Scores], edited: Edited, *, measures: bool) -> str:
    """`history` are the measurements that the pull request carries along, oldest first; `measures` whether there should
    be one."""
    return f"{_measured(history, measures=measures)}\n\n## What was changed in this pull request\n\n{_edited(edited)}"


def _measured(history: Sequence[Scores], *, measures: bool) -> str:
    if history:
        told = f"Measured last with the published translation of {code_span(history[-1].revision)}."
        return f"{scores_section(history[-1], history[:-1], _ROOM)}\n\n{told}"
    if measures:
        return "The machine was not measured on held-out sentences; the text of this pull request says why."
    return "The machine is not measured on held-out sentences: the configuration has no `measure: true` here."


def _edited(edited: Edited) -> str:
    if not edited.sentences:
        return "No machine translation stands here, so there is nothing to compare."
    told = f"The machine wrote {counted(edited.sentences, 'sentence')} of it; {edited.changed:,} were changed since."
    if not edited.changed:
        return f"{told} There is nothing to score them against until somebody changes some."
    return (
        f"{told}\n\nBLEU {edited.bleu}: what the machine wrote against what stands there now,"
        f" {counted(edited.sentences, 'sentence')}. Signature: {code_span(edited.signature)}\n\n"
        "This tells how much was changed, not how good the machine is: a sentence that nobody looked at counts as"
        " right, and one that was corrected stays near to what was there."
    )
