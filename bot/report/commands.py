"""Slash-commands as pull requests name them. `bot.comments` reads and carries them out."""

from __future__ import annotations

PREFIX = "/amts"

REVIEW_COMMANDS = (
    f"{PREFIX} sync [language|path…]",
    f"{PREFIX} retranslate <path>[:line] [--engine E]",
    f"{PREFIX} keep <path>[:line]",
    f"{PREFIX} help",
)
"""The commands that reviewers need most, as a pull request's body shows them."""


def term_command(source: str, target: str) -> str:
    """The comment that adds a term to the glossary."""
    return f'{PREFIX} term add "{source}" = "{target}"'
