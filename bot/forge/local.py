"""The local forge: a folder in place of a host, with a pull request as a branch plus its body, patch and thread."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.config.validation import AdapterSettings
from bot.forge.base import MOST_REFUSED, Outcome, Published, PullRequest, State
from bot.forge.commit import Signature, changes, write_commit
from bot.forge.content import content_hash, proposed_content
from bot.forge.git import Repository, moved
from bot.forge.local_record import (
    BODY,
    CARD,
    NOTES,
    PATCH,
    REPORT,
    REPORTS,
    THREAD,
    Record,
    make_folder,
    read_records,
    write_files,
)
from bot.forge.report_pages import report_files, with_report_link
from bot.forge.trailers import continued_from
from bot.model import PullRequestDraft


class LocalForgeSettings(AdapterSettings):
    """Pull requests are pushed branches and files in a folder."""

    kind: Literal["local"]
    folder: Annotated[str, Field(min_length=1)] = ".amts/pull-requests"
    """Where the pull requests' bodies, patches and threads are written, relative to this file."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""


class LocalForge:
    """Pull requests into one language repository, kept in `folder/<language>/<number>/`.

    The branch is the truth and the folder tells of it: a bot that is killed between the two finds the branch again.
    A pull request is merged once its base branch contains the head.
    """

    def __init__(self, folder: Path, repository: Repository, signature: Signature) -> None:
        self._folder = folder
        self._repository = repository
        self._signature = signature

    def find(self, language: str, branch: str, base: str) -> PullRequest | None:
        tip = self._repository.ref(f"refs/heads/{branch}")
        if tip is None or self._repository.contains(self._repository.head(base), tip):
            return None
        latest = self._latest(language, branch)
        if latest is None or latest.pull_request.state is State.MERGED:
            # Published by a bot that was killed before it wrote the folder.
            known = latest is not None and latest.pull_request.head == tip
            return None if known else replace(self._next(language, branch, base, tip), finished=False)
        if latest.pull_request.state is State.CLOSED:
            return None
        body = Path(latest.pull_request.location) / BODY
        return replace(
            latest.pull_request,
            head=tip,
            body=body.read_text(encoding="utf-8") if body.is_file() else "",
            finished=latest.pull_request.head == tip or continued_from(self._repository, tip) is None,
        )

    def refused(self, language: str, branch: str, base: str) -> list[PullRequest]:
        pulls = [one.pull_request for one in reversed(self._records(language, branch)) if not one.withdrawn]
        refused = [pull for pull in pulls if pull.state is State.CLOSED and pull.base == base]
        # The commits of a branch in a cache are gone with the cache.
        return [pull for pull in refused[:MOST_REFUSED] if self._repository.has_commit(pull.head)]

    def room(self) -> int:
        return sys.maxsize

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        proposed = changes(self._repository, self._repository.files(draft.expected_head), draft.files)
        content = content_hash(proposed)
        for record in reversed(self._records(draft.language, draft.branch)):
            if record.pull_request.state is State.CLOSED and not record.withdrawn and content in record.contents:
                return record.pull_request
        return None

    def publish(self, draft: PullRequestDraft) -> Published:
        self._repository.refuse_if_checked_out(draft.branch)
        pull = self.find(draft.language, draft.branch, draft.base)
        start = pull.head if pull else self._repository.head(draft.base)
        made_from = draft.onto or draft.expected_head
        head = write_commit(self._repository, [made_from], draft.files, draft.message, self._signature)
        if draft.expected_head != start and head != start:
            raise moved(self._repository.name, draft.branch if pull else draft.base)
        declined = None if pull else self.declined(draft)
        if declined is not None:
            return Published(Outcome.DECLINED, declined)
        if pull is None and head == start:
            return Published(Outcome.UNCHANGED, None)
        opened = pull or self._opened(draft, head)
        return self._write(draft, replace(opened, head=head, title=draft.title, body=draft.body, finished=True))

    def close(self, pull_request: PullRequest, reason: str) -> None:
        place = Path(pull_request.location)
        if not (place / CARD).is_file():
            return
        self.comment(pull_request, reason)
        known = read_records(self._folder, pull_request.language)
        record = next(one for one in known if one.pull_request.number == pull_request.number)
        closed = replace(record.pull_request, state=State.CLOSED)
        write_files(place, {CARD: replace(record, pull_request=closed, withdrawn=True).card()})

    def comment(self, pull_request: PullRequest, body: str) -> None:
        thread = Path(pull_request.location) / THREAD
        said = sorted(thread.glob("[0-9][0-9][0-9][0-9]*.md"))
        text = body.encode()
        if not said or said[-1].read_bytes() != text:
            number = int(said[-1].name[:4]) + 1 if said else 1
            write_files(thread, {f"{number:04}-amts.md": text})

    def _write(self, draft: PullRequestDraft, pull: PullRequest) -> Published:
        """Moves the branch, then tells of it in the folder."""
        place = Path(pull.location)
        old = self._latest(draft.language, draft.branch)
        files = self._files(draft, pull, old.contents if old and old.pull_request.number == pull.number else ())
        there = {name: (place / name).read_bytes() for name in files if (place / name).is_file()}
        branch = f"refs/heads/{draft.branch}"
        tip = self._repository.ref(branch)
        if there == files and tip == pull.head:
            return Published(Outcome.UNCHANGED, pull)
        if old is not None and old.pull_request.number != pull.number:
            self._retire(old, tip)
        if tip != pull.head:
            self._repository.update_ref(branch, pull.head, tip)
        for page in place.glob(REPORTS):
            if page.name not in files:
                page.unlink()
        make_folder(self._folder)
        write_files(place, files)
        return Published(Outcome.UPDATED if CARD in there else Outcome.CREATED, pull)

    def _files(self, draft: PullRequestDraft, pull: PullRequest, contents: tuple[str, ...]) -> dict[str, bytes]:
        repository = self._repository
        base = repository.merge_base(repository.head(pull.base), pull.head)
        content = proposed_content(repository, base, pull.head)
        record = Record(pull, contents if content in contents else (*contents, content))
        notes = [f"`{note.path}`, line {note.line}\n\n{note.body.strip()}\n" for note in draft.notes]
        has_notes = bool(notes) or (Path(pull.location) / NOTES).exists()
        body = with_report_link(draft.body, REPORT) if draft.report else draft.body
        return {
            BODY: body.encode(),
            **report_files(draft.report, REPORT),
            PATCH: repository.patch(base, pull.head),
            **({NOTES: "\n---\n\n".join(notes).encode()} if has_notes else {}),
            CARD: record.card(),
        }

    def _retire(self, old: Record, tip: str | None) -> None:
        """Before the branch starts anew: writes down whether the old pull request was merged, and keeps its commits
        reachable under a name like GitHub's."""
        pull = old.pull_request
        write_files(Path(pull.location), {CARD: old.card()})
        kept = f"refs/pull/{pull.language}/{pull.number}/head"
        if tip is not None and self._repository.ref(kept) is None:
            self._repository.update_ref(kept, tip, None)

    def _records(self, language: str, branch: str) -> list[Record]:
        return [one for one in read_records(self._folder, language) if one.pull_request.branch == branch]

    def _latest(self, language: str, branch: str) -> Record | None:
        records = self._records(language, branch)
        if not records:
            return None
        pull = records[-1].pull_request
        if pull.state is State.OPEN and self._repository.contains(self._repository.head(pull.base), pull.head):
            return replace(records[-1], pull_request=replace(pull, state=State.MERGED))
        return records[-1]

    def _opened(self, draft: PullRequestDraft, head: str) -> PullRequest:
        """A new pull request; or the open one again, whose branch is gone (with a cache that was cleared, say)."""
        latest = self._latest(draft.language, draft.branch)
        if latest is not None and latest.pull_request.state is State.OPEN:
            return latest.pull_request
        return self._next(draft.language, draft.branch, draft.base, head)

    def _next(self, language: str, branch: str, base: str, head: str) -> PullRequest:
        numbers = [record.pull_request.number for record in read_records(self._folder, language)]
        number = max(numbers, default=0) + 1
        place = str(self._folder / language / str(number))
        return PullRequest(language, number, State.OPEN, branch, base, head, "", place)
