"""The GitHub forge: one pull request for each branch of the bot, updated in place until people merge or close it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from github.GithubObject import NotSet
from github.NamedUser import NamedUser
from github.Organization import Organization
from github.PullRequest import PullRequest as ApiPullRequest

from bot.errors import RefusedError
from bot.forge.base import (
    MAX_REFUSED_PULL_REQUESTS,
    MergedPullRequest,
    Outcome,
    Published,
    PullRequest,
    PullRequestState,
)
from bot.forge.commit import draft_content, proposed_content, write_draft
from bot.forge.git import Repository
from bot.forge.github.connection import Connection, plain_login
from bot.forge.github.failures import github_errors
from bot.forge.github.host import GitHubForgeSettings
from bot.forge.github.marker import Memo, key_in, key_of, marked, read_memo, same_text, with_memo
from bot.forge.github.presentation import Presentation, report_status
from bot.forge.github.pulls import Pulls, as_pull, is_refused, open_one
from bot.forge.github.remote import Remote
from bot.forge.github.report_branch import publish_report
from bot.forge.github.threads import Threads
from bot.forge.merged import latest_merged
from bot.forge.report_pages import without_report_link
from bot.forge.trailers import continued_from
from bot.markup.inert import literal
from bot.model import PullRequestDraft


class GitHubForge:
    """Pull requests into one language repository, of which `repository` is a clone. Not safe for use by several
    threads. `now` gives seconds since the epoch.

    The state is in git, and what git can't hold in the pull request's body, hidden (see `Memo`). Each step first
    searches for the work of an earlier run or another bot. So the next run completes a run that was cut short anywhere.
    """

    def __init__(
        self,
        connection: Connection,
        repository: Repository,
        settings: GitHubForgeSettings,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._repository = repository
        self._settings = settings
        self._now = now
        self._pulls = Pulls(connection)
        self._remote = Remote(repository, connection.url, connection.environment)

    def fetch_open(self, language: str, branch: str, base: str) -> PullRequest | None:
        with github_errors(self._connection.name):
            return self._find(language, branch, base, self._pulls.of(branch, base))

    def fetch_refused(self, language: str, branch: str, base: str) -> list[PullRequest]:
        with github_errors(self._connection.name):
            refused = self._pulls.refused(branch, base)[:MAX_REFUSED_PULL_REQUESTS]
            # Commits may be missing: GitHub's support deletes those with secrets, and imports leave pull requests' out.
            present = (pull for pull in refused if self._remote.obtain(f"refs/pull/{pull.number}/head", pull.head.sha))
            return [self._as_pull(language, pull) for pull in present]

    def fetch_capacity(self) -> int:
        with github_errors(self._connection.name):
            return max(self._settings.limits.open_pull_requests - self._pulls.count_open(), 0)

    def fetch_declined(self, draft: PullRequestDraft) -> PullRequest | None:
        content = draft_content(self._repository, draft)
        with github_errors(self._connection.name):
            return self._declined(draft, self._pulls.of(draft.branch, draft.base), content)

    def fetch_merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], most: int, *, branch: str = ""
    ) -> list[MergedPullRequest]:
        with github_errors(self._connection.name):
            return latest_merged(self._repository, self._merged(language, base, is_wanted, branch), most)

    def fetch_heads(self, language: str, base: str, is_wanted: Callable[[str], bool], *, branch: str = "") -> list[str]:
        with github_errors(self._connection.name):
            pulls = {pull.number: pull.head.sha for pull in self._pulls.wanted(base, is_wanted, branch)}
            # As above, commits may be missing.
            return [head for number, head in pulls.items() if self._remote.obtain(f"refs/pull/{number}/head", head)]

    def publish(self, draft: PullRequestDraft) -> Published:
        with github_errors(self._connection.name):
            return self._publish(draft)

    def push(self, pull_request: PullRequest, commit: str) -> None:
        self._remote.push(pull_request.branch, commit, pull_request.head)

    def close(self, pull_request: PullRequest, reason: str) -> None:
        # A branch without a pull request has nothing to close; the next draft builds on it.
        if pull_request.number == 0:
            return
        with github_errors(self._connection.name):
            pull = self._connection.api.get_pull(pull_request.number)
            if pull.state != PullRequestState.OPEN.value:
                return
            self._comment(pull_request.number, reason)
            memo = replace(read_memo(pull.body), withdrawn=True)
            pull.edit(body=with_memo(pull.body or "", memo), state=PullRequestState.CLOSED.value)

    def comment(self, pull_request: PullRequest, body: str) -> None:
        if pull_request.number != 0:
            with github_errors(self._connection.name):
                self._comment(pull_request.number, body)

    def _merged(
        self, language: str, base: str, is_wanted: Callable[[str], bool], branch: str
    ) -> Iterator[MergedPullRequest]:
        for pull in self._pulls.merged(base, is_wanted, branch):
            result = pull.merge_commit_sha
            if not result:
                continue
            # This ref keeps the commits of a branch that was squashed or deleted.
            self._remote.fetch(f"refs/pull/{pull.number}/head", pull.head.sha)
            if self._repository.has_commit(result):
                yield MergedPullRequest(self._as_pull(language, pull), result, partial(self._own_comments, pull))

    def _own_comments(self, pull: ApiPullRequest) -> list[str]:
        """Comments by the account that opened the pull request, the bot's. Others may imitate the bot's comments."""
        with github_errors(self._connection.name):
            comments = pull.get_issue_comments()
            return [comment.body or "" for comment in comments if _login(comment.user) == _login(pull.user)]

    def _publish(self, draft: PullRequestDraft) -> Published:
        repository = self._repository
        pulls = self._pulls.of(draft.branch, draft.base)
        pull_request = self._find(draft.language, draft.branch, draft.base, pulls)
        head = write_draft(repository, draft, pull_request)
        content = proposed_content(repository, repository.head(draft.base), head)
        if open_one(pulls) is None:
            if not content:
                return Published(Outcome.UNCHANGED, None)
            declined = self._declined(draft, pulls, content)
            if declined is not None:
                return Published(Outcome.DECLINED, declined)
        pushing = head != self._tip(draft.branch, pull_request)
        reason = self._limit(pulls, pushing)
        if reason:
            return Published(Outcome.DEFERRED, pull_request, reason)
        memo = read_memo(pulls[0].body) if pulls else Memo()
        if pushing:
            self._push(draft.branch, head, pull_request)
            memo = memo.pushed(self._now())
            before, pulls = open_one(pulls), self._pulls.of(draft.branch, draft.base)
            after = next((pull for pull in pulls if before is not None and pull.number == before.number), None)
            if after is not None and after.state != PullRequestState.OPEN.value and after.merged_at is None:
                # People closed it at this very moment.
                return Published(Outcome.DECLINED, self._as_pull(draft.language, after))
        memo = replace(memo, withdrawn=False).proposing(content)
        warnings: tuple[str, ...] = ()
        try:
            draft = publish_report(self._remote, repository, draft, self._connection.page)
        except RefusedError as error:
            # A rule of the repository or a branch of people may forbid the report; the pull request is still useful.
            draft = replace(draft, body=without_report_link(draft.body))
            warnings = (f"the full report is missing: {error}",)
        done = self._present(draft, open_one(pulls), memo, head, pushed=pushing)
        return replace(done, warnings=(*warnings, *done.warnings))

    def _present(
        self, draft: PullRequestDraft, pull: ApiPullRequest | None, memo: Memo, head: str, *, pushed: bool
    ) -> Published:
        """Opens the pull request of a pushed branch, or brings it in step with the draft."""
        created = pull is None
        if pull is None:
            # A new pull request gets its labels and reviewers again.
            as_draft = self._settings.draft and not draft.complete
            memo = Memo(contents=memo.contents[-1:], pushes=memo.pushes, draft=as_draft)
            pull = self._pulls.create(draft, memo)
            if pull is None:
                return Published(Outcome.UNCHANGED, None)
            memo = replace(memo, draft=pull.draft)
        presentation = Presentation(self._connection, pull, new=created)
        memo = presentation.add_labels(memo, self._settings.labels)
        memo = presentation.request_reviews(memo, draft.reviewers)
        memo, milestone = presentation.milestone(memo, self._settings.milestone)
        if pull.draft and memo.draft and draft.complete:
            pull.mark_ready_for_review()
        memo = replace(memo, draft=memo.draft and pull.draft)
        if pull.base.ref != draft.base:
            pull.edit(base=draft.base)
        report_status(self._connection, draft, head, self._settings.report)
        most = self._settings.limits.review_comments
        if (draft.notes and most) or not created:
            threads = Threads(self._connection, self._repository, pull)
            heading = literal(draft.status or draft.title)
            threads.bring_in_step(draft.notes, self._repository.head(draft.base), head, heading, most)
        # The last step: if the body does not name the head, the run was cut short.
        body = with_memo(draft.body, replace(memo, done=head))
        rewritten = pull.title != draft.title or not same_text(pull.body, body)
        if rewritten or milestone is not None:
            pull.as_issue().edit(title=draft.title, body=body, milestone=milestone or NotSet)
        outcome = Outcome.CREATED if created else Outcome.UPDATED if pushed or rewritten else Outcome.UNCHANGED
        shown = replace(
            self._as_pull(draft.language, pull), head=head, title=draft.title, base=draft.base, body=draft.body
        )
        return Published(outcome, shown, warnings=tuple(presentation.warnings))

    def _find(self, language: str, branch: str, base: str, pulls: Sequence[ApiPullRequest]) -> PullRequest | None:
        pull = open_one(pulls)
        if pull is not None:
            self._remote.fetch(f"refs/heads/{branch}", pull.head.sha)
            is_done = read_memo(pull.body).done == pull.head.sha
            is_of_people = continued_from(self._repository, pull.head.sha) is None
            return replace(self._as_pull(language, pull), finished=is_done or is_of_people)
        tip = self._repository.ref(f"refs/heads/{branch}")
        # The head of a closed pull request was merged or refused. Anything else was pushed later, and has none yet.
        if tip is None or any(pull.head.sha == tip for pull in pulls):
            return None
        if self._repository.contains(self._repository.head(base), tip):
            return None
        return PullRequest(language, 0, PullRequestState.OPEN, branch, base, tip, "", "", finished=False)

    def _as_pull(self, language: str, pull: ApiPullRequest) -> PullRequest:
        return as_pull(language, pull, self._connection.page)

    def _declined(self, draft: PullRequestDraft, pulls: Sequence[ApiPullRequest], content: str) -> PullRequest | None:
        if open_one(pulls) is not None:
            return None
        for pull in pulls:
            if is_refused(pull, draft.base) and read_memo(pull.body).knows(content):
                return self._as_pull(draft.language, pull)
        return None

    def _limit(self, pulls: Sequence[ApiPullRequest], pushing: bool) -> str:
        """Why nothing may be changed now; empty if no limit is reached."""
        limits = self._settings.limits
        if pushing and pulls:
            recent = len(read_memo(pulls[0].body).recent(self._now()))
            if recent >= limits.commits_per_hour:
                return f"commits in the last hour: {recent}, as many as the limit allows; a later run adds the rest"
        if open_one(pulls) is None:
            number = self._pulls.count_open()
            if number >= limits.open_pull_requests:
                name = self._connection.name
                return f"open pull requests of the bot in {name}: {number}, as many as the limit allows; close some"
        return ""

    def _tip(self, branch: str, pull_request: PullRequest | None) -> str | None:
        return pull_request.head if pull_request else self._repository.ref(f"refs/heads/{branch}")

    def _push(self, branch: str, head: str, pull_request: PullRequest | None) -> None:
        tip = self._tip(branch, pull_request)
        if tip is not None and not self._repository.contains(head, tip):
            # The branch's pull request is closed, and GitHub keeps its commits under refs/pull.
            self._remote.delete(branch, tip)
            tip = None
        self._remote.push(branch, head, tip)

    def _comment(self, number: int, body: str) -> None:
        issue = self._connection.api.get_issue(number)
        key = key_of(body)

        def find() -> bool | None:
            comments = list(issue.get_comments())
            # Anybody can write a key, so the author counts too: the account that opened the pull request, the bot's.
            own = bool(comments) and _login(comments[-1].user) == _login(issue.user)
            return (own and key_in(comments[-1].body) == key) or None

        if not find():
            self._connection.client.ensure(lambda: issue.create_comment(marked(body, "comment", key)), find)


def _login(user: NamedUser | Organization | None) -> str:
    """In lower case, without an App's suffix; GitHub gives no user for an account that was deleted."""
    return plain_login(getattr(user, "login", ""))
