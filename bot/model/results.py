"""A sync's results, file by file, and the pull request they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.plan import Merge


class FileChange(StrEnum):
    """What a sync did with a file as a whole. `recorded`: only the English it was made from is newer. `declined`:
    people closed a pull request with it. `waiting`: the pull request is full. `skipped` and `failed`: nothing was
    written, a person must look."""

    UPDATED = "updated"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RECORDED = "recorded"
    DECLINED = "declined"
    WAITING = "waiting"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of a sync. `base` and `head` are the English revisions (commits) it went from and to, `size` the
    characters of its new English; `merge` is None for a file that was removed or failed (`problem` says why)."""

    path: str
    source_path: str | None
    change: FileChange
    merge: Merge | None = None
    problem: str = ""
    base: str | None = None
    old_path: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A comment at a line (from 1) of a file in the new translation. `key` tells that a later note is the same one,
    wherever its line went and however its body changed."""

    path: str
    line: int
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who commits and when (an aware datetime)."""

    name: str
    email: str
    when: datetime


@dataclass(frozen=True, slots=True)
class PullRequestDraft:
    """All a forge needs for one pull request. `files` maps a path to its new bytes, None to delete it; `expected_head`
    is the commit of the branch (or of `base` where there is no branch yet) that the content was made from, `onto` the
    commit to build on in place of that head: a merge of `base` into the branch, whose first parent it is ("" where the
    branch has all of it). `signature` is whom the commit is by; with the same one, the same draft is the same commit.
    `status` is one line for the commit; `complete` says that nothing is left for a person. `report` are the files of
    the full report (Markdown): the body refers to the first as `[report]`, and the first leads to the others as
    `report-2.md` and so on; empty where the body says everything."""

    language: str
    branch: str
    base: str
    title: str
    body: str
    message: str
    files: Mapping[str, bytes | None]
    expected_head: str
    signature: Signature
    onto: str = ""
    status: str = ""
    complete: bool = True
    reviewers: tuple[str, ...] = ()
    notes: tuple[ReviewNote, ...] = ()
    report: tuple[str, ...] = ()
