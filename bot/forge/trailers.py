"""What the bot's commits say of themselves, in trailers (git-interpret-trailers(1))."""

from __future__ import annotations

from bot.forge.git import Repository

CONTINUES = "AMTS-Continues"
"""The commit that a bot's commit was made from, before the base branch was merged in."""

ENGINE = "AMTS-Engine"
"""Who translated what a bot's commit has of a machine."""


def continued_from(repository: Repository, commit: str) -> str | None:
    """What a commit of the bot goes on from; None for a commit of people."""
    found = repository.lines("show", "-s", f"--format=%(trailers:key={CONTINUES},valueonly,separator=%x20)", commit)
    words = found[0].split() if found else []
    return words[-1] if words else None
