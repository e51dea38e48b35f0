"""Slash-commands: a comment on a pull request to what it asks for, and what is answered. One module each."""

from bot.commands.base import Command, Unknown
from bot.commands.parsing import COMMANDS, parse_comment

__all__ = ["COMMANDS", "Command", "Unknown", "parse_comment"]
