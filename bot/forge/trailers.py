"""What the bot's commits say of themselves, in trailers (git-interpret-trailers(1))."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.forge.git import Repository

_COMMIT = re.compile(r"[0-9a-f]{40,64}")

CONTINUES = "AMTS-Continues"
"""The commit that a bot's commit was made from, before the base branch was merged in."""

ENGINE = "AMTS-Engine"
"""Who translated what a bot's commit has of a machine."""


AS_MADE = "%an <%ae> %at%x00%cn <%ce> %ct"
"""For a log's format; see `is_as_made`."""


def is_as_made(signatures: Sequence[str]) -> bool:
    """Whether the author of a commit and its committer, with their dates, are the same. Of one that people amended or
    rebased they are not, and its trailers tell of the bot's commit, which it is no longer."""
    author, committer = signatures
    return author == committer


def continued_from(repository: Repository, commit: str) -> str | None:
    """What a commit of the bot goes on from; None for a commit of people, or of the bot that people made anew."""
    form = f"--format={AS_MADE}%x00%(trailers:key={CONTINUES},valueonly,separator=%x20)"
    *made, continues = "".join(repository.lines("show", "-s", form, commit)).split("\0")
    start = (continues.split() or [""])[-1]
    is_known = _COMMIT.fullmatch(start) is not None and is_as_made(made) and repository.has_commit(start)
    return start if is_known else None
