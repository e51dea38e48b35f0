"""Slash-commands in comments on pull requests, each answered once. One module per command: its form, what it does, and
its answer."""

from bot.comments.audience import Allowance, Audience
from bot.comments.handling import CommentOutcome, Handled, handle_comment

__all__ = ["Allowance", "Audience", "CommentOutcome", "Handled", "handle_comment"]
