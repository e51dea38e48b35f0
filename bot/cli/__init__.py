"""The command `amts`: one module for each subcommand, and what they share."""

from bot.cli.commands import main

__all__ = ["main"]
