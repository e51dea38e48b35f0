"""Repairs the translation of one changed sentence, change by change, and says what it did and what it could not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.model import Carried, Direction, Document, Versions
from bot.repair.changes import SMALL, Nature
from bot.repair.checking import reads_as_declared
from bot.repair.draft import RepairDraft, Side
from bot.repair.habits import Habits
from bot.repair.lexis import Lexis
from bot.repair.literals import exchange_in_context, exchange_literals, settle_standing, wrap_literals
from bot.repair.marks import carry_marks, wrap_links
from bot.repair.phrases import choose_phrases
from bot.repair.placeables import exchange_placeables
from bot.repair.signs import (
    carry_edges,
    carry_final,
    carry_first_letters,
    carry_list_marks,
    carry_opening,
    carry_slashes,
    carry_symbols,
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The unit of a repair: segments of each version, by index, that follow each other."""

    base: Sequence[int]
    new: Sequence[int]
    target: Sequence[int]


def repair(
    documents: Versions[Document], sentences: Sentences, direction: Direction, lexis: Lexis, habits: Habits
) -> Carried:
    """The raw translation of `sentences` with what could be carried over."""
    draft = make_draft(documents, sentences, direction, lexis, habits)
    if draft.open_marks and not habits.carries(Nature.MARK):
        draft.left.add(Nature.MARK)
    small = _ordered(SMALL & draft.natures) + tuple(f"{kind} left by habit" for kind in _ordered(draft.left))
    marked = not draft.open_marks or Nature.MARK in draft.left
    complete = Nature.WORDS not in draft.natures and marked
    phrases = choose_phrases(draft) if marked else ()
    text = draft.text()
    if text == draft.target.text:
        return Carried(text, small=small, complete=complete, phrases=phrases)
    if not reads_as_declared(draft):
        return Carried(draft.target.text, small=small)
    return Carried(text, _ordered(draft.carried), _ordered(draft.unsure), small, complete, phrases)


def make_draft(
    documents: Versions[Document], sentences: Sentences, direction: Direction, lexis: Lexis, habits: Habits
) -> RepairDraft:
    """The translation with every change tried."""
    sides = (
        Side(documents.base, sentences.base),
        Side(documents.new, sentences.new),
        Side(documents.target, sentences.target),
    )
    draft = RepairDraft(*sides, direction.target, habits)
    exchange_placeables(draft)
    carry_list_marks(draft)
    settle_standing(draft)
    wrap_literals(draft)
    exchange_literals(draft)
    exchange_in_context(draft)
    wrap_links(draft)
    carry_symbols(draft)
    carry_edges(draft)
    carry_slashes(draft)
    carry_opening(draft)
    carry_first_letters(draft)
    carry_marks(draft, lexis)
    carry_final(draft)
    return draft


def _ordered(natures: Collection[Nature]) -> tuple[str, ...]:
    return tuple(nature.value for nature in Nature if nature in natures)
