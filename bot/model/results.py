"""A sync's results, file by file, and the pull request they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.plan import Merge


class FileChange(StrEnum):
    """The outcome of a sync for one file. `recorded`: only its base revision is newer. `declined`: people closed a pull
    request with it. `waiting`: the pull request is full. `listed`: new English that nobody asked to add. `skipped`,
    `failed`: not written; a person must look."""

    UPDATED = "updated"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RECORDED = "recorded"
    DECLINED = "declined"
    WAITING = "waiting"
    LISTED = "listed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of a sync. `base` is the commit of its base English, `size` the characters of its new English; `merge`
    is None for a file that was removed or failed (`problem` says why). `stranded` are passages of the translators' own
    in a removed file that found no place in another one."""

    path: str
    source_path: str | None
    change: FileChange
    merge: Merge | None = None
    problem: str = ""
    base: str | None = None
    old_path: str | None = None
    size: int = 0
    stranded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A comment at a line (from 1) of a file in the new translation. `key` stays the same in later notes on the same
    matter, when line and body change."""

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
    """Everything a forge needs for one pull request.

    `files` maps a path to its new bytes, None to delete it. `expected_head` is the commit that the content was made
    from: the head of the branch, or of `base` if there is no branch yet. `onto` is the commit to build on instead, a
    merge of `base` into the branch ("" if the branch contains `base`). `signature` is the commit's; the same draft with
    the same signature is the same commit. `status` is one line for the commit; `complete` says that nothing is left for
    a person. `report` are the pages of the full report (Markdown), empty if the body says everything: the body links to
    the first as `[report]`, which links to `report-2.md` and so on. `pages` are the web pages of repositories whose
    commits the body links to.
    """

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
    pages: tuple[str, ...] = ()


def stand_in_label(name: str, place: str) -> str:
    """The name for people of an engine whose service an emulator stands in for."""
    return f"{name} (emulator at {place})"


def is_stand_in(label: str) -> bool:
    """Whether an engine's name for people is a `stand_in_label`."""
    return label.endswith(")") and " (emulator at " in label
