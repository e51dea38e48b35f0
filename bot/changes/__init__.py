"""Base English, new English and Beads to a Plan: one decision for each piece of a translation."""

from bot.changes.asking import requests_of
from bot.changes.diff import Match, match
from bot.changes.planning import make_plan, plan_of, protect
from bot.changes.stale import StalePlace, StaleSentence, find_stale, made_from, stale_sentences

__all__ = [
    "Match",
    "StalePlace",
    "StaleSentence",
    "find_stale",
    "made_from",
    "make_plan",
    "match",
    "plan_of",
    "protect",
    "requests_of",
    "stale_sentences",
]
