"""The facts that the bot's commits record in trailers (git-interpret-trailers(1))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.forge.git import Repository

_COMMIT = re.compile(r"[0-9a-f]{40,64}")

CONTINUES = "AMTS-Continues"
"""The commit that a bot's commit was made from, before the base branch was merged in."""

ENGINE = "AMTS-Engine"
"""Who translated what a bot's commit has of a machine."""

ASKED = "AMTS-Asked"
"""The engine that a sync asked for each sentence of its files that was not translated, whatever came of it."""

RETRANSLATED = "AMTS-Retranslated-Below"
"""How alike (per cent) the English of a sentence had to stay for people's sentence to stand."""

COMMENT = "AMTS-Comment"
"""The id of the comment that asked for a bot's commit."""


@dataclass(frozen=True, slots=True)
class BranchCommit:
    """A commit of a pull request's branch. `continues`, `comment`, `engine` and `retranslated` are the bot's trailers,
    "" if absent.
    `as_made`: its author and its committer, with their dates, are the same. Otherwise people amended or rebased the
    commit: it is theirs, and what its trailers say no longer holds."""

    id: str
    parents: tuple[str, ...]
    as_made: bool
    continues: str
    comment: str
    engine: str
    retranslated: str

    @property
    def retranslated_below(self) -> float:
        """As in RepairPolicy. Older bots had every changed sentence translated anew, and did not say so."""
        return int(self.retranslated) / 100 if self.retranslated.isdecimal() else 1.0

    @property
    def by_sync(self) -> bool:
        return self.as_made and bool(self.continues)

    @property
    def by_command(self) -> bool:
        """Whether the bot made it because a comment asked for it."""
        return self.as_made and bool(self.comment)

    @property
    def by_bot(self) -> bool:
        return self.by_sync or self.by_command


def read_commits(
    repository: Repository, head: str, excluded: Sequence[str], *, first_parent: bool = False
) -> list[BranchCommit]:
    """The commits that `head` contains and none of the `excluded` does, oldest first."""
    keys = CONTINUES, COMMENT, ENGINE, RETRANSLATED
    trailers = "".join(f"%x00%(trailers:key={key},valueonly,separator=%x20)" for key in keys)
    options = ["--first-parent"] if first_parent else []
    form = f"--format=%H%x00%P%x00%an <%ae> %at%x00%cn <%ce> %ct{trailers}"
    commits = []
    for line in repository.lines("log", "--reverse", *options, form, head, *(f"^{commit}" for commit in excluded)):
        commit, parents, author, committer, continues, comment, *others = line.split("\0")
        made = tuple(parents.split()), author == committer
        commits.append(BranchCommit(commit, *made, continues.strip(), comment.strip(), *others))
    return commits


def last_asked(repository: Repository, head: str, path: str, engine: str) -> str:
    """The newest sync in the history of `head` that changed the file and asked this engine; "" if there is none."""
    form = f"--format=%H%x00%an <%ae> %at%x00%cn <%ce> %ct%x00%(trailers:key={ASKED},valueonly,separator=%x20)"
    for line in repository.lines("log", f"--grep=^{ASKED}: ", form, head, "--", f":(literal){path}"):
        commit, author, committer, asked = line.split("\0")
        if author == committer and asked.strip() == engine:
            return commit
    return ""


def continued_from(repository: Repository, commit: str) -> str | None:
    """The start of a commit of the bot; None for a person's commit, or a commit of the bot that people amended or
    rebased."""
    made = read_commits(repository, commit, [f"{commit}^@"])[0]
    start = (made.continues.split() or [""])[-1]
    is_known = _COMMIT.fullmatch(start) is not None and made.as_made and repository.has_commit(start)
    return start if is_known else None
