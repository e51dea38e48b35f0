"""The bot's pull requests in one repository, as GitHub lists and creates them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from github import GithubException
from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.base import PullRequest, PullRequestState
from bot.forge.github.client import UNPROCESSABLE
from bot.forge.github.connection import Connection
from bot.forge.github.failures import refusal_words
from bot.forge.github.marker import Memo, own_text, read_memo, with_memo
from bot.model import PullRequestDraft

_BRANCHES = "amts/"
# GitHub can't filter branches by a prefix: if chapters have pull requests, at most so many closed ones are read.
_MAX_CLOSED_PULL_REQUESTS = 300


class Pulls:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fetched: dict[tuple[str, str], list[ApiPullRequest]] = {}

    def of(self, branch: str, base: str) -> list[ApiPullRequest]:
        """The branch's pull requests of all times: an open one first (of several, the pull request into `base`), then
        the newest first."""
        pulls = self._connection.api.get_pulls(state="all", sort="created", direction="desc", head=self._head(branch))
        own = [pull for pull in pulls if pull.head.ref == branch and _is_own(pull, base)]
        own.sort(key=lambda pull: (pull.state != PullRequestState.OPEN.value, pull.base.ref != base, -pull.number))
        self._fetched[branch, base] = own
        return own

    def refused(self, branch: str, base: str) -> list[ApiPullRequest]:
        """Pull requests into `base` that people closed, newest first; from the last list of `of`, if there is one."""
        fetched = self._fetched.pop((branch, base), None)
        return [pull for pull in (self.of(branch, base) if fetched is None else fetched) if is_refused(pull, base)]

    def merged(self, base: str, is_wanted: Callable[[str], bool], branch: str) -> Iterator[ApiPullRequest]:
        """Merged pull requests into `base` from wanted branches, newest first; `branch` is the only one, or ""."""
        return (pull for pull in self.wanted(base, is_wanted, branch, "closed") if pull.merged_at is not None)

    def wanted(
        self, base: str, is_wanted: Callable[[str], bool], branch: str, state: str = "all"
    ) -> Iterator[ApiPullRequest]:
        """As `merged`, whatever became of them."""
        get_pulls = partial(self._connection.api.get_pulls, state=state, base=base, sort="created", direction="desc")
        found = get_pulls(head=self._head(branch)) if branch else islice(get_pulls(), _MAX_CLOSED_PULL_REQUESTS)
        return (pull for pull in found if is_wanted(pull.head.ref) and _is_of_repository(pull))

    def open(self, is_wanted: Callable[[str], bool]) -> Iterator[ApiPullRequest]:
        """Open pull requests from wanted branches, whatever their base."""
        for pull in self._connection.api.get_pulls(state="open"):
            if is_wanted(pull.head.ref) and _is_of_repository(pull):
                yield pull

    def count_open(self) -> int:
        """The number of open pull requests of all languages."""
        return sum(1 for _ in self.open(lambda branch: branch.startswith(_BRANCHES)))

    def create(self, draft: PullRequestDraft, memo: Memo) -> ApiPullRequest | None:
        """The new pull request, or the pull request that another bot opened meanwhile; None if GitHub sees no
        difference."""

        def find() -> ApiPullRequest | None:
            return open_one(self.of(draft.branch, draft.base))

        def make(as_draft: bool) -> ApiPullRequest:
            api, body = self._connection.api, with_memo(draft.body, memo)
            create = partial(api.create_pull, draft.base, draft.branch, title=draft.title, body=body, draft=as_draft)
            return self._connection.client.ensure(create, find)

        try:
            return make(memo.draft)
        except GithubException as refusal:
            if refusal.status != UNPROCESSABLE:
                raise
            words = refusal_words(refusal).lower()
            if "draft pull requests" in words:
                return make(False)
            if "no commits between" in words:
                return None
            pull = find()
            if pull is None:
                raise
            return pull

    def _head(self, branch: str) -> str:
        return f"{self._connection.owner}:{branch}"


def open_one(pulls: Sequence[ApiPullRequest]) -> ApiPullRequest | None:
    """The open one of a list by `Pulls.of`."""
    return pulls[0] if pulls and pulls[0].state == PullRequestState.OPEN.value else None


def is_refused(pull: ApiPullRequest, base: str) -> bool:
    """Whether people closed the pull request without merging it."""
    is_closed = pull.state != PullRequestState.OPEN.value and pull.merged_at is None
    return is_closed and pull.base.ref == base and not read_memo(pull.body).withdrawn


def as_pull(language: str, pull: ApiPullRequest, page: str) -> PullRequest:
    """`page` is the web page of the repository under its configured name: the bot's links are known by it. The API
    gives the address under a new name once the repository was renamed or transferred; the old one leads there."""
    state = PullRequestState.MERGED if pull.merged_at is not None else PullRequestState(pull.state)
    return PullRequest(
        *(language, pull.number, state, pull.head.ref, pull.base.ref, pull.head.sha, pull.title),
        location=f"{page}/pull/{pull.number}",
        body=own_text(pull.body),
    )


def _is_own(pull: ApiPullRequest, base: str) -> bool:
    """People may redirect the bot's pull request to another base; a pull request that they opened themselves is
    theirs."""
    is_ours = pull.state != PullRequestState.OPEN.value or pull.base.ref == base or read_memo(pull.body) != Memo()
    return is_ours and _is_of_repository(pull)


def _is_of_repository(pull: ApiPullRequest) -> bool:
    """Anybody may open a pull request from a fork, which is another repository; a deleted fork is none."""
    return getattr(pull.head.repo, "full_name", "") == pull.base.repo.full_name
