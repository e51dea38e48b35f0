"""What people did with the drafts of merged pull requests: told there once, summed up, and learnt from."""

from bot.app.corrections.telling import Told, sum_corrections, tell_corrections
from bot.app.corrections.terms import propose_terms

__all__ = ["Told", "propose_terms", "sum_corrections", "tell_corrections"]
