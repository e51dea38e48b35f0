"""What becomes of sentences whose English changed, with each engine."""

from __future__ import annotations

from bot.config.schema import Changed
from bot.engines.base import Engine
from bot.memory import FUZZY_FLOOR
from bot.model import Assistance
from bot.repair import Habits, RepairPolicy
from bot.repair.changes import Nature

MAX_RETRANSLATED = 0.9
"""English that is more alike never makes a whole new sentence."""

# The floor of translation memories: below it, editing takes longer than translating. In known revisions into Chinese,
# the old translation left alone has chrF 54 to 66 below it and 77 above; machine translation of such a book, 42.
_DEFAULT = FUZZY_FLOOR
_NO_HABITS = Habits()


def repair_policy(
    engine: Engine, habits: Habits = _NO_HABITS, percent: int | None = None, changed: Changed | None = None
) -> RepairPolicy:
    """`percent` is the configured likeness of the English below which sentences are translated anew; None: what the
    book's habits say, or the default. An engine that translates nothing is never asked; others are asked for no phrase
    where people mostly leave their sentence when a few words of its English change. `changed` is the configured
    treatment: with `keep` no engine is asked, with `repair` one is whatever the habits are, and with `retranslate` as
    much as possible is translated anew. Whole sentences are asked for twice only of engines that compare."""
    if not engine.translates_anything or changed == "keep":
        return RepairPolicy(habits=habits)
    learned = _DEFAULT if habits.retranslate_below is None else habits.retranslate_below
    if changed == "retranslate":
        learned = MAX_RETRANSLATED
    wanted = learned if percent is None else percent / 100
    phrases = Assistance.GRAFT if engine.compares else Assistance.PHRASES
    if not habits.carries(Nature.PHRASE) and changed != "repair":
        phrases = Assistance.NONE
    assistance = Assistance.REVISION if engine.revises else phrases
    return RepairPolicy(min(wanted, MAX_RETRANSLATED), habits, assistance)
