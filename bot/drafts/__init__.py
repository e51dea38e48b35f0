"""What the machine was asked, who wrote what stands now, and what people did with the machine's drafts."""

from bot.drafts.announcements import Told, announce_corrections, sum_corrections

__all__ = ["Told", "announce_corrections", "sum_corrections"]
