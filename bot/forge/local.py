"""The local forge: a folder in place of a host, with a pull request as a branch plus its body, patch and thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot.forge.base import Outcome, Published, PullRequest, State
from bot.forge.commit import Signature, changes, write_commit
from bot.forge.git import Repository, moved
from bot.forge.local_record import BODY, CARD, PATCH, THREAD, Record, read_records, write_files
from bot.model import PullRequestDraft


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
            return None if known else self._next(language, branch, base, tip)
        if latest.pull_request.state is State.CLOSED:
            return None
        return replace(latest.pull_request, head=tip)

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        latest = self._latest(draft.language, draft.branch)
        if latest is None or latest.pull_request.state is not State.CLOSED:
            return None
        proposed = changes(self._repository, self._repository.files(draft.expected_head), draft.files)
        return latest.pull_request if _content(proposed) in latest.contents else None

    def publish(self, draft: PullRequestDraft) -> Published:
        self._repository.refuse_if_checked_out(draft.branch)
        pull = self.find(draft.language, draft.branch, draft.base)
        start = pull.head if pull else self._repository.head(draft.base)
        if draft.expected_head != start:
            raise moved(self._repository.name, draft.branch if pull else draft.base)
        declined = None if pull else self.declined(draft)
        if declined is not None:
            return Published(Outcome.DECLINED, declined)
        head = write_commit(self._repository, [start], draft.files, draft.message, self._signature)
        if pull is None and head == start:
            return Published(Outcome.UNCHANGED, None)
        opened = pull or self._opened(draft, head)
        return self._write(draft, replace(opened, head=head, title=draft.title))

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
        write_files(place, files)
        return Published(Outcome.UPDATED if CARD in there else Outcome.CREATED, pull)

    def _files(self, draft: PullRequestDraft, pull: PullRequest, contents: tuple[str, ...]) -> dict[str, bytes]:
        repository = self._repository
        base = repository.merge_base(repository.head(pull.base), pull.head)
        content = _content(_difference(repository, base, pull.head))
        record = Record(pull, contents if content in contents else (*contents, content))
        return {
            BODY: draft.body.encode(),
            PATCH: repository.patch(base, pull.head),
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

    def _latest(self, language: str, branch: str) -> Record | None:
        records = [one for one in read_records(self._folder, language) if one.pull_request.branch == branch]
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


def _difference(repository: Repository, old: str, new: str) -> dict[str, bytes | None]:
    """Path to new bytes (None: deleted) of what differs between two commits."""
    before, after = repository.files(old), repository.files(new)
    return {
        path: repository.read(after[path].blob) if path in after and after[path].is_file else None
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }


def _content(files: Mapping[str, bytes | None]) -> str:
    """A hash of changed files that does not depend on the rest of the tree, so that the base may move on."""
    digest = sha256()
    for path, data in sorted(files.items()):
        state = "deleted" if data is None else sha256(data).hexdigest()
        digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
