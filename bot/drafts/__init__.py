"""The requests to the machine, the authors of today's translation, and people's corrections of the machine's drafts."""

from bot.drafts.announcements import CorrectionsSum, announce_corrections, sum_corrections

__all__ = ["CorrectionsSum", "announce_corrections", "sum_corrections"]
