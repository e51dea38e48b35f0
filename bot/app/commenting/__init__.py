"""Carries out what people ask for in comments on pull requests, and answers each exactly once."""

from bot.app.commenting.events import Comment, read_comment
from bot.app.commenting.handling import Handled, Outcome, handle_comment

__all__ = ["Comment", "Handled", "Outcome", "handle_comment", "read_comment"]
