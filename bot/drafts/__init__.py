"""What the machine was asked, who wrote what stands now, and what people did with the machine's drafts."""

from bot.drafts.announcements import Told, sum_corrections, tell_corrections

__all__ = ["Told", "sum_corrections", "tell_corrections"]
