"""Pull requests as GitHub lists them: which are the bot's, which people closed, and what they are to the bot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.base import PullRequest, PullRequestState
from bot.forge.github.connection import Connection
from bot.forge.github.marker import Memo, read_memo, without_memo

_BRANCHES = "amts/"
# Where each chapter has pull requests of its own: GitHub can't be asked for branches by their beginning.
_MAX_CLOSED_PULL_REQUESTS = 300


class Pulls:
    """The bot's pull requests in one repository."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[str, str], list[ApiPullRequest]] = {}

    def of(self, branch: str, base: str) -> list[ApiPullRequest]:
        """The branch's pull requests of all times, an open one first (the one into `base`, where there are several),
        then the newest first."""
        found = self._connection.api.get_pulls(state="all", sort="created", direction="desc", head=self._head(branch))
        own = [pull for pull in found if pull.head.ref == branch and _is_own(pull, base)]
        own.sort(key=lambda pull: (pull.state != PullRequestState.OPEN.value, pull.base.ref != base, -pull.number))
        self._found[branch, base] = own
        return own

    def refused(self, branch: str, base: str) -> list[ApiPullRequest]:
        """Those into `base` that people closed, the newest first; from the last list of them, which a sync just got."""
        found = self._found.pop((branch, base), None)
        return [pull for pull in (self.of(branch, base) if found is None else found) if is_refused(pull, base)]

    def merged(self, base: str, is_wanted: Callable[[str], bool], branch: str) -> Iterator[ApiPullRequest]:
        """Those into `base` from branches that are wanted, newest first; `branch` is the only one that is, or ""."""
        get_pulls = partial(self._connection.api.get_pulls, state="closed", base=base, sort="created", direction="desc")
        closed = get_pulls(head=self._head(branch)) if branch else islice(get_pulls(), _MAX_CLOSED_PULL_REQUESTS)
        for pull in closed:
            if pull.merged_at is not None and is_wanted(pull.head.ref) and _is_of_repository(pull):
                yield pull

    def open(self, is_wanted: Callable[[str], bool]) -> Iterator[ApiPullRequest]:
        """The open ones from branches that are wanted, whatever their base."""
        for pull in self._connection.api.get_pulls(state="open"):
            if is_wanted(pull.head.ref) and _is_of_repository(pull):
                yield pull

    def count_open(self) -> int:
        """The bot's open ones of all languages."""
        return sum(1 for _ in self.open(lambda branch: branch.startswith(_BRANCHES)))

    def _head(self, branch: str) -> str:
        return f"{self._connection.owner}:{branch}"


def open_one(pulls: Sequence[ApiPullRequest]) -> ApiPullRequest | None:
    """The open one of a list by `Pulls.of`."""
    return pulls[0] if pulls and pulls[0].state == PullRequestState.OPEN.value else None


def is_refused(pull: ApiPullRequest, base: str) -> bool:
    """Whether people closed it without merging it."""
    is_closed = pull.state != PullRequestState.OPEN.value and pull.merged_at is None
    return is_closed and pull.base.ref == base and not read_memo(pull.body).withdrawn


def as_pull(language: str, pull: ApiPullRequest) -> PullRequest:
    state = PullRequestState.MERGED if pull.merged_at is not None else PullRequestState(pull.state)
    return PullRequest(
        *(language, pull.number, state, pull.head.ref, pull.base.ref, pull.head.sha, pull.title, pull.html_url),
        body=without_memo(pull.body or ""),
    )


def _is_own(pull: ApiPullRequest, base: str) -> bool:
    """People may let the bot's pull request go elsewhere; one that they opened themselves is theirs."""
    is_ours = pull.state != PullRequestState.OPEN.value or pull.base.ref == base or read_memo(pull.body) != Memo()
    return is_ours and _is_of_repository(pull)


def _is_of_repository(pull: ApiPullRequest) -> bool:
    """Anybody may open one from a fork, which has another repository; a deleted fork has none."""
    return getattr(pull.head.repo, "full_name", "") == pull.base.repo.full_name
