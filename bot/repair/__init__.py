"""Carries a change of the English over into people's translation of it, and keeps every other word of theirs.

Fuzzy-match repair (Ortega, Sánchez-Martínez and Forcada 2014-16; Knowles, Ortega and Koehn 2018), for documents.
docs/how-it-works/repair.md describes the method.
"""

from bot.repair.checking import has_the_same_parts
from bot.repair.grafting import graft
from bot.repair.habits import Habit, Habits, KeptShare, RepairPolicy
from bot.repair.learning import Observation, PastRevision, Response, learn, observe
from bot.repair.lexis import Lexis
from bot.repair.phrases import exchange
from bot.repair.repairing import Sentences, repair

__all__ = [
    "Habit",
    "Habits",
    "KeptShare",
    "Lexis",
    "Observation",
    "PastRevision",
    "RepairPolicy",
    "Response",
    "Sentences",
    "exchange",
    "graft",
    "has_the_same_parts",
    "learn",
    "observe",
    "repair",
]
