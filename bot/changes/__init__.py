"""Base English, new English and Beads to a Plan: one decision for each piece of a translation."""

from bot.changes.diff import Match, match
from bot.changes.planning import make_plan, plan_of, protect

__all__ = ["Match", "make_plan", "match", "plan_of", "protect"]
