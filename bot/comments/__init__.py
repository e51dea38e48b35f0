"""Slash-commands in comments on pull requests: read, carried out, and answered exactly once."""

from bot.comments.handling import Handled, Outcome, handle_comment

__all__ = ["Handled", "Outcome", "handle_comment"]
