"""The local forge: a folder in place of a host. A pull request is a branch, and files for body, patch and thread."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.config.network import NETWORK, NetworkSettings
from bot.errors import ConfigError
from bot.forge.base import (
    MAX_REFUSED_PULL_REQUESTS,
    Discussion,
    Forge,
    ForgeSettings,
    HostProfile,
    MergedPullRequest,
    Outcome,
    Published,
    PullRequest,
    PullRequestState,
)
from bot.forge.commit import draft_content, proposed_content, write_draft
from bot.forge.dry_run import DryRunForge
from bot.forge.git import Repository
from bot.forge.local_record import (
    BODY,
    CARD,
    NOTES,
    OWN_COMMENT,
    PATCH,
    REPORT,
    REPORTS,
    THREAD,
    PullRequestRecord,
    comment_files,
    make_folder,
    read_body,
    read_records,
    read_thread,
    write_files,
)
from bot.forge.locations import repository_name
from bot.forge.merged import latest_merged, merge_of
from bot.forge.report_pages import report_files, with_report_link
from bot.forge.trailers import continued_from
from bot.markup.inert import code_span
from bot.model import PullRequestDraft


class LocalForgeSettings(ForgeSettings):
    """Pull requests are pushed branches and files in a folder."""

    kind: Literal["local"]
    folder: Annotated[str, Field(min_length=1)] = ".amts/pull-requests"
    """The folder for the pull requests' bodies, patches and threads, relative to this file."""
    co_authors: bool = False
    """Whether a commit names the authors of the English that it follows, as `Co-authored-by`."""

    def create(self, folder: Path, environment: Mapping[str, str], network: NetworkSettings = NETWORK) -> LocalHost:
        return LocalHost(folder / self.folder, HostProfile(co_authors=self.co_authors), network=network)


class DryRunForgeSettings(ForgeSettings):
    """Nothing is pushed or written; what would be is shown."""

    kind: Literal["dry-run"]

    def create(self, folder: Path, environment: Mapping[str, str], network: NetworkSettings = NETWORK) -> LocalHost:
        return LocalHost(folder / "pull-requests", dry_run=True, network=network)


class LocalForge:
    """Pull requests into one language repository, kept in `folder/<language>/<number>/`.

    The branch is written before the folder: a bot that was killed between the two finds the branch again. A pull
    request is merged once its base branch contains the head.
    """

    def __init__(self, folder: Path, repository: Repository) -> None:
        self._folder = folder
        self._repository = repository

    def fetch_open(self, language: str, branch: str, base: str) -> PullRequest | None:
        tip = self._repository.ref(f"refs/heads/{branch}")
        if tip is None or self._repository.contains(self._repository.head(base), tip):
            return None
        latest = self._latest(language, branch)
        if latest is None or latest.pull_request.state is PullRequestState.MERGED:
            # Published by a bot that was killed before it wrote the folder.
            is_known = latest is not None and latest.pull_request.head == tip
            return None if is_known else replace(self._next(language, branch, base, tip), finished=False)
        if latest.pull_request.state is PullRequestState.CLOSED:
            return None
        return replace(
            latest.pull_request,
            head=tip,
            body=read_body(latest.pull_request),
            finished=latest.pull_request.head == tip or continued_from(self._repository, tip) is None,
        )

    def fetch_refused(self, language: str, branch: str, base: str) -> list[PullRequest]:
        pulls = [record.pull_request for record in reversed(self._records(language, branch)) if not record.withdrawn]
        refused = [pull for pull in pulls if pull.state is PullRequestState.CLOSED and pull.base == base]
        # A branch that stood in a cache only is gone with the cache.
        return [pull for pull in refused[:MAX_REFUSED_PULL_REQUESTS] if self._repository.has_commit(pull.head)]

    def fetch_capacity(self) -> int:
        return sys.maxsize

    def fetch_declined(self, draft: PullRequestDraft) -> PullRequest | None:
        content = draft_content(self._repository, draft)
        for record in reversed(self._records(draft.language, draft.branch)):
            pull = record.pull_request
            if pull.state is PullRequestState.CLOSED and not record.withdrawn and content in record.contents:
                return pull
        return None

    def fetch_merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], most: int, *, branch: str = ""
    ) -> list[MergedPullRequest]:
        return latest_merged(self._repository, self._merged(language, base, is_wanted), most)

    def fetch_heads(self, language: str, base: str, is_wanted: Callable[[str], bool], *, branch: str = "") -> list[str]:
        pulls = [record.pull_request for record in read_records(self._folder, language)]
        heads: dict[str, None] = {}
        for pull in pulls:
            if pull.base == base and is_wanted(pull.branch):
                refs = (_retired_ref(pull), f"refs/heads/{pull.branch}")
                heads |= dict.fromkeys(filter(None, [pull.head, *map(self._repository.ref, refs)]))
        return [head for head in heads if self._repository.has_commit(head)]

    def publish(self, draft: PullRequestDraft) -> Published:
        self._repository.refuse_if_checked_out(draft.branch)
        pull = self.fetch_open(draft.language, draft.branch, draft.base)
        head = write_draft(self._repository, draft, pull)
        declined = None if pull else self.fetch_declined(draft)
        if declined is not None:
            return Published(Outcome.DECLINED, declined)
        if pull is None and head == self._repository.head(draft.base):
            return Published(Outcome.UNCHANGED, None)
        latest = self._latest(draft.language, draft.branch)
        if pull is None and latest is not None and latest.pull_request.state is PullRequestState.OPEN:
            # Its branch is gone, with a cache that was cleared, say.
            pull = latest.pull_request
        pull = pull or self._next(draft.language, draft.branch, draft.base, head)
        return self._write(draft, replace(pull, head=head, title=draft.title, body=draft.body, finished=True))

    def push(self, pull_request: PullRequest, commit: str) -> None:
        self._repository.update_ref(f"refs/heads/{pull_request.branch}", commit, pull_request.head)

    def close(self, pull_request: PullRequest, reason: str) -> None:
        place = Path(pull_request.location)
        if not (place / CARD).is_file():
            return
        self.comment(pull_request, reason)
        records = read_records(self._folder, pull_request.language)
        record = next(record for record in records if record.pull_request.number == pull_request.number)
        closed = replace(record.pull_request, state=PullRequestState.CLOSED)
        write_files(place, {CARD: replace(record, pull_request=closed, withdrawn=True).card()})

    def comment(self, pull_request: PullRequest, body: str) -> None:
        comments = comment_files(pull_request)
        text = body.encode()
        if not comments or comments[-1].read_bytes() != text:
            number = int(comments[-1].name[:4]) + 1 if comments else 1
            write_files(Path(pull_request.location) / THREAD, {f"{number:04}{OWN_COMMENT}": text})

    def _merged(self, language: str, base: str, is_wanted: Callable[[str], bool]) -> Iterator[MergedPullRequest]:
        """Newest first."""
        repository, tip = self._repository, self._repository.head(base)
        for record in reversed(read_records(self._folder, language)):
            pull = record.pull_request
            if not is_wanted(pull.branch) or pull.state is PullRequestState.CLOSED:
                continue
            # The branch holds people's additions, too. Once the next pull request begins, another ref does (`_retire`).
            refs = _retired_ref(pull), f"refs/heads/{pull.branch}"
            end = next(filter(None, map(repository.ref, refs)), pull.head)
            for head in dict.fromkeys((end, pull.head)):
                is_merged = repository.has_commit(head) and repository.contains(tip, head)
                if is_merged and repository.contains(head, pull.head):
                    shown = replace(pull, head=head, body=read_body(pull))
                    yield MergedPullRequest(shown, merge_of(repository, tip, head), partial(read_thread, pull))
                    break

    def _write(self, draft: PullRequestDraft, pull: PullRequest) -> Published:
        """Moves the branch, then writes the folder."""
        place = Path(pull.location)
        old = self._latest(draft.language, draft.branch)
        files = self._files(draft, pull, old.contents if old and old.pull_request.number == pull.number else ())
        present = {name: (place / name).read_bytes() for name in files if (place / name).is_file()}
        branch = f"refs/heads/{draft.branch}"
        tip = self._repository.ref(branch)
        if present == files and tip == pull.head:
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
        return Published(Outcome.UPDATED if CARD in present else Outcome.CREATED, pull)

    def _files(self, draft: PullRequestDraft, pull: PullRequest, contents: tuple[str, ...]) -> dict[str, bytes]:
        repository = self._repository
        base = repository.merge_base(repository.head(pull.base), pull.head)
        content = proposed_content(repository, base, pull.head)
        record = PullRequestRecord(pull, contents if content in contents else (*contents, content))
        notes = [f"{code_span(note.path)}, line {note.line}\n\n{note.body.strip()}\n" for note in draft.notes]
        has_notes = bool(notes) or (Path(pull.location) / NOTES).exists()
        body = with_report_link(draft.body, REPORT) if draft.report else draft.body
        return {
            BODY: body.encode(),
            **report_files(draft.report, REPORT),
            PATCH: repository.patch(base, pull.head),
            **({NOTES: "\n---\n\n".join(notes).encode()} if has_notes else {}),
            CARD: record.card(),
        }

    def _retire(self, old: PullRequestRecord, tip: str | None) -> None:
        """Before the branch starts over: records whether the old pull request was merged, and keeps its commits."""
        pull = old.pull_request
        write_files(Path(pull.location), {CARD: old.card()})
        kept = _retired_ref(pull)
        if tip is not None and self._repository.ref(kept) is None:
            self._repository.update_ref(kept, tip, None)

    def _records(self, language: str, branch: str) -> list[PullRequestRecord]:
        records = read_records(self._folder, language)
        return [record for record in records if record.pull_request.branch == branch]

    def _latest(self, language: str, branch: str) -> PullRequestRecord | None:
        """The record of the branch's last pull request, which is merged if its base branch contains the head, or the
        branch that people rebased."""
        records = self._records(language, branch)
        if not records:
            return None
        pull = records[-1].pull_request
        repository, tip = self._repository, self._repository.ref(f"refs/heads/{branch}")
        base = repository.head(pull.base)
        # With a cache, the commits of a branch may be gone that stood there only.
        is_known = repository.has_commit(pull.head)
        # A branch that was set back contains nothing new.
        is_set_back = tip is not None and is_known and repository.contains(pull.head, tip)
        is_rebased = tip is not None and repository.contains(base, tip) and not is_set_back
        is_merged = is_rebased or (is_known and repository.contains(base, pull.head))
        if pull.state is PullRequestState.OPEN and is_merged:
            return replace(records[-1], pull_request=replace(pull, state=PullRequestState.MERGED))
        return records[-1]

    def _next(self, language: str, branch: str, base: str, head: str) -> PullRequest:
        numbers = [record.pull_request.number for record in read_records(self._folder, language)]
        number = max(numbers, default=0) + 1
        place = str(self._folder / language / str(number))
        return PullRequest(language, number, PullRequestState.OPEN, branch, base, head, "", place)


@dataclass(frozen=True, slots=True)
class LocalHost:
    """Pull requests in `folder`; with `dry_run`, none is ever written."""

    folder: Path
    profile: HostProfile = field(default_factory=HostProfile)
    dry_run: bool = False
    network: NetworkSettings = NETWORK

    def repository_name(self, location: str) -> str:
        # The source may be on GitHub, whose webhooks name it.
        return repository_name(location).lower()

    def page(self, location: str) -> str:
        return ""

    def check_location(self, location: str) -> None:
        """Every repository can have pull requests here."""

    def open_repository(self, location: str, cache: Path, *, public: bool = False) -> Repository:
        return Repository.open(location, cache, network=self.network)

    def open_forge(self, repository: Repository, *, dry_run: bool = False) -> Forge:
        forge = LocalForge(self.folder, repository)
        return DryRunForge(forge, repository) if dry_run or self.dry_run else forge

    def open_discussion(self, location: str) -> Discussion:
        raise ConfigError(f"{location}: the local forge reads no comments")


def _retired_ref(pull: PullRequest) -> str:
    """The ref that keeps the commits of a pull request after its branch starts over, named like GitHub's."""
    return f"refs/pull/{pull.language}/{pull.number}/head"
