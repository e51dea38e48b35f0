"""Pull requests as GitHub lists them: which are the bot's, which people closed, and what they are to the bot."""

from __future__ import annotations

from collections.abc import Sequence

from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.base import PullRequest, State
from bot.forge.github.connection import Connection
from bot.forge.github.marker import Memo, read_memo, without_memo

_BRANCHES = "amts/"


class Pulls:
    """The bot's pull requests in one repository."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[str, str], list[ApiPullRequest]] = {}

    def of(self, branch: str, base: str) -> list[ApiPullRequest]:
        """The branch's pull requests of all times, an open one first (the one into `base`, where there are several),
        then the newest first."""
        head = f"{self._connection.owner}:{branch}"
        found = self._connection.api.get_pulls(state="all", sort="created", direction="desc", head=head)
        own = [pull for pull in found if pull.head.ref == branch and _is_own(pull, base)]
        own.sort(key=lambda pull: (pull.state != State.OPEN.value, pull.base.ref != base, -pull.number))
        self._found[branch, base] = own
        return own

    def refused(self, branch: str, base: str) -> list[ApiPullRequest]:
        """Those into `base` that people closed, the newest first; from the last list of them, which a sync just got."""
        found = self._found.pop((branch, base), None)
        return [pull for pull in (self.of(branch, base) if found is None else found) if is_refused(pull, base)]

    def count_open(self) -> int:
        """Those of all languages, whatever their base."""
        return sum(
            pull.head.ref.startswith(_BRANCHES) and _is_of_repository(pull)
            for pull in self._connection.api.get_pulls(state="open")
        )


def open_one(pulls: Sequence[ApiPullRequest]) -> ApiPullRequest | None:
    """The open one of a list by `Pulls.of`."""
    return pulls[0] if pulls and pulls[0].state == State.OPEN.value else None


def is_refused(pull: ApiPullRequest, base: str) -> bool:
    """Whether people closed it without merging it."""
    is_closed = pull.state != State.OPEN.value and pull.merged_at is None
    return is_closed and pull.base.ref == base and not read_memo(pull.body).withdrawn


def as_pull(language: str, pull: ApiPullRequest) -> PullRequest:
    state = State.MERGED if pull.merged_at is not None else State(pull.state)
    return PullRequest(
        *(language, pull.number, state, pull.head.ref, pull.base.ref, pull.head.sha, pull.title, pull.html_url),
        body=without_memo(pull.body or ""),
    )


def _is_own(pull: ApiPullRequest, base: str) -> bool:
    """People may let the bot's pull request go elsewhere; one that they opened themselves is theirs."""
    is_ours = pull.state != State.OPEN.value or pull.base.ref == base or read_memo(pull.body) != Memo()
    return is_ours and _is_of_repository(pull)


def _is_of_repository(pull: ApiPullRequest) -> bool:
    """Anybody may open one from a fork, which has another repository; a deleted fork has none."""
    return getattr(pull.head.repo, "full_name", "") == pull.base.repo.full_name
