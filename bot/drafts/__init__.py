"""What the machine was asked, who wrote what stands now, and what people did with the machine's drafts."""

from bot.drafts.announcements import CorrectionsSum, announce_corrections, sum_corrections

__all__ = ["CorrectionsSum", "announce_corrections", "sum_corrections"]
