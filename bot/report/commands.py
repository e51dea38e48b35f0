"""Slash-commands as the body of a pull request shows them; `bot.comments` reads and carries them out."""

from __future__ import annotations

PREFIX = "/amts"

ACCEPT_COMMAND = f"{PREFIX} accept <path>:<line>"
"""The comment that declares a stale sentence to be right."""

ACCEPT_IN_SHELL = "amts accept {language} <path> --line <line>"
"""The same on the command line, where no comments are read; `language` is the entry of the configuration."""

REVIEW_COMMANDS = (
    f"{PREFIX} sync [language|path…]",
    f"{PREFIX} retranslate <path>[:line] [--engine E]",
    f"{PREFIX} keep <path>[:line]",
    f"{PREFIX} help",
)
"""The usage of the commands that reviewers need most; the last one explains all."""


def term_command(source: str, target: str) -> str:
    """The comment that adds a term to the glossary."""
    return f'{PREFIX} term add "{source}" = "{target}"'
