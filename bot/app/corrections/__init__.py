"""What people did with the drafts of merged pull requests: told there once, and summed up."""

from bot.app.corrections.telling import Told, sum_corrections, tell_corrections

__all__ = ["Told", "sum_corrections", "tell_corrections"]
