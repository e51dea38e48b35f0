"""Slash-commands in comments on pull requests: read, carried out, and answered exactly once."""

from bot.comments.handling import CommentOutcome, Handled, handle_comment

__all__ = ["CommentOutcome", "Handled", "handle_comment"]
