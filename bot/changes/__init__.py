"""Base English, new English and Beads to a Plan: one decision for each piece of a translation."""

from bot.changes.asking import plan_of, replanned, requests_of
from bot.changes.diff import Match, match
from bot.changes.planning import make_plan
from bot.changes.protecting import CORRECTED, DraftCorrection, correct, protect, withhold
from bot.changes.stale import StalePlace, StaleSentence, find_stale, made_from, stale_sentences
from bot.changes.untranslated import StandingEnglish, untranslated_beads, untranslated_sentences

__all__ = [
    "CORRECTED",
    "DraftCorrection",
    "Match",
    "StalePlace",
    "StaleSentence",
    "StandingEnglish",
    "correct",
    "find_stale",
    "made_from",
    "make_plan",
    "match",
    "plan_of",
    "protect",
    "replanned",
    "requests_of",
    "stale_sentences",
    "untranslated_beads",
    "untranslated_sentences",
    "withhold",
]
