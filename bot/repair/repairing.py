"""Repairs the translation of one changed sentence, change by change, and says what it did and what it could not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.model import Carried, Direction, Document, Versions
from bot.repair.changes import SMALL, Nature
from bot.repair.checking import reads_as_declared
from bot.repair.draft import RepairDraft, Side
from bot.repair.habits import Habits
from bot.repair.lexis import Lexis
from bot.repair.literals import exchange_in_context, exchange_literals, find_literals, settle_standing, wrap_literals
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

# What is longer is no sentence but a text without ends, and its repair would take minutes. The longest of the d2l
# books, a list of links in one paragraph, has 3,100 characters and 970 tokens; of these 57,000 pairs are equal.
_MAX_CHARACTERS, _MAX_TOKENS, _MAX_EQUAL_PAIRS = 20_000, 2_000, 100_000


class Sentences(NamedTuple):
    """The unit of a repair: segments of each version, by index, that follow each other."""

    base: Sequence[int]
    new: Sequence[int]
    target: Sequence[int]


def repair(
    documents: Versions[Document], sentences: Sentences, direction: Direction, lexis: Lexis, habits: Habits
) -> Carried:
    """The raw translation of `sentences` with what could be carried over; without anything if they are too long for
    sentences."""
    draft = RepairDraft(*sides_of(documents, sentences), direction.target, habits)
    if _is_too_long(draft):
        return Carried(draft.target.text)
    fill_draft(draft, lexis)
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


def sides_of(documents: Versions[Document], sentences: Sentences) -> Versions[Side]:
    return Versions(*(Side(document, indices) for document, indices in zip(documents, sentences, strict=True)))


def fill_draft(draft: RepairDraft, lexis: Lexis) -> None:
    """Tries every change on the translation."""
    exchange_placeables(draft)
    carry_list_marks(draft)
    literals = tuple(find_literals(draft))
    settle_standing(draft, literals)
    wrap_literals(draft)
    exchange_literals(draft, literals)
    exchange_in_context(draft)
    wrap_links(draft)
    carry_symbols(draft)
    carry_edges(draft)
    carry_slashes(draft)
    carry_opening(draft)
    carry_first_letters(draft)
    carry_marks(draft, lexis)
    carry_final(draft)


def _ordered(natures: Collection[Nature]) -> tuple[str, ...]:
    return tuple(nature.value for nature in Nature if nature in natures)


def _is_too_long(draft: RepairDraft) -> bool:
    base, new = draft.base, draft.new
    sides = (base, new, draft.target)
    if any(side.end - side.start > _MAX_CHARACTERS or len(side.tokens) > _MAX_TOKENS for side in sides):
        return True
    old, fresh = (Counter(token.text for token in side.tokens if not token.text.isspace()) for side in (base, new))
    return sum(number * fresh[text] for text, number in old.items()) > _MAX_EQUAL_PAIRS
