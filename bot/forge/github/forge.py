"""The GitHub forge: one pull request for each branch of the bot, opened, updated in place, and left alone once people
closed it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from github import GithubException
from github.GithubObject import NotSet
from github.PullRequest import PullRequest as ApiPullRequest

from bot.forge.base import MOST_REFUSED, Outcome, Published, PullRequest, State
from bot.forge.commit import Signature, changes, write_commit
from bot.forge.content import content_hash, proposed_content
from bot.forge.git import Repository, moved
from bot.forge.github.connection import Connection
from bot.forge.github.dressing import Dressing
from bot.forge.github.failures import github_errors, said
from bot.forge.github.marker import Memo, key_in, key_of, marked, read_memo, same_text, with_memo, without_memo
from bot.forge.github.options import GitHubSettings
from bot.forge.github.remote import Remote
from bot.forge.github.report import report
from bot.forge.github.report_branch import publish_report
from bot.forge.github.threads import Threads
from bot.forge.trailers import continued_from
from bot.model import PullRequestDraft

_BRANCHES = "amts/"
_UNPROCESSABLE = 422


class GitHubForge:
    """Pull requests into one language repository, a clone of which is at hand. Not safe for use by several threads.

    Git is the truth. What it can't tell is hidden in the pull request's body: see `Memo`. Each step finds what an
    earlier run, or another bot, did of it, so that a run that was cut short anywhere is completed by the next.
    """

    def __init__(
        self,
        connection: Connection,
        repository: Repository,
        signature: Signature,
        settings: GitHubSettings,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._repository = repository
        self._signature = signature
        self._settings = settings
        self._now = now
        self._remote = Remote(repository, connection.url, connection.environment)

    def find(self, language: str, branch: str, base: str) -> PullRequest | None:
        with github_errors(self._connection.name):
            return self._find(language, branch, base, self._pulls(branch, base))

    def refused(self, language: str, branch: str, base: str) -> list[PullRequest]:
        with github_errors(self._connection.name):
            refused = [pull for pull in self._pulls(branch, base) if _is_refused(pull) and pull.base.ref == base]
            for pull in refused[:MOST_REFUSED]:
                self._remote.fetch(f"refs/pull/{pull.number}/head", pull.head.sha)
            return [self._as_pull(language, pull) for pull in refused[:MOST_REFUSED]]

    def room(self) -> int:
        with github_errors(self._connection.name):
            return max(self._settings.open_pull_requests - self._count_open(), 0)

    def declined(self, draft: PullRequestDraft) -> PullRequest | None:
        proposed = changes(self._repository, self._repository.files(draft.expected_head), draft.files)
        with github_errors(self._connection.name):
            return self._declined(draft, self._pulls(draft.branch, draft.base), content_hash(proposed))

    def publish(self, draft: PullRequestDraft) -> Published:
        with github_errors(self._connection.name):
            return self._publish(draft)

    def close(self, pull_request: PullRequest, reason: str) -> None:
        # A branch without a pull request has nothing to close; the next draft builds on it.
        if pull_request.number == 0:
            return
        with github_errors(self._connection.name):
            pull = self._connection.api.get_pull(pull_request.number)
            if pull.state != State.OPEN.value:
                return
            self._comment(pull_request.number, reason)
            memo = replace(read_memo(pull.body), withdrawn=True)
            pull.edit(body=with_memo(pull.body or "", memo), state=State.CLOSED.value)

    def comment(self, pull_request: PullRequest, body: str) -> None:
        if pull_request.number != 0:
            with github_errors(self._connection.name):
                self._comment(pull_request.number, body)

    def _publish(self, draft: PullRequestDraft) -> Published:
        repository = self._repository
        pulls = self._pulls(draft.branch, draft.base)
        found = self._find(draft.language, draft.branch, draft.base, pulls)
        base = repository.head(draft.base)
        start = found.head if found else base
        made_from = draft.onto or draft.expected_head
        head = write_commit(repository, [made_from], draft.files, draft.message, self._signature)
        if draft.expected_head != start and head != start:
            raise moved(repository.name, draft.branch if found else draft.base)
        content = proposed_content(repository, base, head)
        if _open(pulls) is None:
            if not content:
                return Published(Outcome.UNCHANGED, None)
            declined = self._declined(draft, pulls, content)
            if declined is not None:
                return Published(Outcome.DECLINED, declined)
        pushing = head != self._tip(draft.branch, found)
        reason = self._limit(pulls, pushing)
        if reason:
            return Published(Outcome.DEFERRED, found, reason)
        memo = read_memo(pulls[0].body) if pulls else Memo()
        if pushing:
            self._push(draft.branch, head, found)
            memo = memo.pushed(self._now())
            before, pulls = _open(pulls), self._pulls(draft.branch, draft.base)
            closed = next((one for one in pulls if before is not None and one.number == before.number), None)
            if closed is not None and closed.state != State.OPEN.value and closed.merged_at is None:
                # People closed it at this very moment.
                return Published(Outcome.DECLINED, self._as_pull(draft.language, closed))
        memo = replace(memo, withdrawn=False).proposing(content)
        draft = publish_report(self._remote, repository, self._signature, draft, self._connection.page)
        return self._present(draft, _open(pulls), memo, head, pushed=pushing)

    def _present(
        self, draft: PullRequestDraft, pull: ApiPullRequest | None, memo: Memo, head: str, *, pushed: bool
    ) -> Published:
        """Opens the pull request of a branch that is pushed, or brings it in step with the draft."""
        created = pull is None
        if pull is None:
            # A new one is dressed anew.
            as_draft = self._settings.draft and not draft.complete
            memo = Memo(contents=memo.contents[-1:], pushes=memo.pushes, draft=as_draft)
            pull = self._create(draft, memo)
            if pull is None:
                return Published(Outcome.UNCHANGED, None)
            memo = replace(memo, draft=pull.draft)
        dressing = Dressing(self._connection, pull, new=created)
        memo = dressing.label(memo, self._settings.labels)
        memo = dressing.ask(memo, draft.reviewers)
        memo, milestone = dressing.milestone(memo, self._settings.milestone)
        if pull.draft and memo.draft and draft.complete:
            pull.mark_ready_for_review()
        memo = replace(memo, draft=memo.draft and pull.draft)
        if pull.base.ref != draft.base:
            pull.edit(base=draft.base)
        report(self._connection, draft, head, self._settings.report)
        most = self._settings.review_comments
        if (draft.notes and most) or not created:
            threads = Threads(self._connection, self._repository, pull)
            heading = draft.status or draft.title
            threads.bring_in_step(draft.notes, self._repository.head(draft.base), head, heading, most)
        # The last step: a pull request whose body does not name the head was cut short.
        body = with_memo(draft.body, replace(memo, done=head))
        rewritten = pull.title != draft.title or not same_text(pull.body, body)
        if rewritten or milestone is not None:
            pull.as_issue().edit(title=draft.title, body=body, milestone=milestone or NotSet)
        outcome = Outcome.CREATED if created else Outcome.UPDATED if pushed or rewritten else Outcome.UNCHANGED
        shown = replace(
            self._as_pull(draft.language, pull), head=head, title=draft.title, base=draft.base, body=draft.body
        )
        return Published(outcome, shown, warnings=tuple(dressing.warnings))

    def _create(self, draft: PullRequestDraft, memo: Memo) -> ApiPullRequest | None:
        """The new pull request, or the one that another bot opened meanwhile; None where GitHub sees no difference."""

        def find() -> ApiPullRequest | None:
            return _open(self._pulls(draft.branch, draft.base))

        def make(as_draft: bool) -> ApiPullRequest:
            body = with_memo(draft.body, memo)
            return self._connection.client.ensure(
                find,
                lambda: self._connection.api.create_pull(
                    draft.base, draft.branch, title=draft.title, body=body, draft=as_draft
                ),
            )

        try:
            return make(memo.draft)
        except GithubException as refusal:
            if refusal.status != _UNPROCESSABLE:
                raise
            words = said(refusal).lower()
            if "draft pull requests" in words:
                return make(False)
            if "no commits between" in words:
                return None
            found = find()
            if found is None:
                raise
            return found

    def _pulls(self, branch: str, base: str) -> list[ApiPullRequest]:
        """The branch's pull requests of all times, an open one first (the one into `base`, where there are several),
        then the newest first."""
        head = f"{self._connection.owner}:{branch}"
        found = self._connection.api.get_pulls(state="all", sort="created", direction="desc", head=head)
        own = [
            pull
            for pull in found
            if pull.head.ref == branch
            # A fork's has another repository, a deleted fork's none.
            and getattr(pull.head.repo, "full_name", "") == pull.base.repo.full_name
        ]
        return sorted(own, key=lambda pull: (pull.state != State.OPEN.value, pull.base.ref != base, -pull.number))

    def _find(self, language: str, branch: str, base: str, pulls: Sequence[ApiPullRequest]) -> PullRequest | None:
        pull = _open(pulls)
        if pull is not None:
            self._remote.fetch(f"refs/heads/{branch}", pull.head.sha)
            is_done = read_memo(pull.body).done == pull.head.sha
            is_of_people = continued_from(self._repository, pull.head.sha) is None
            return replace(self._as_pull(language, pull), finished=is_done or is_of_people)
        tip = self._repository.ref(f"refs/heads/{branch}")
        # What a pull request ended with was merged or refused; what goes beyond was pushed later and has none yet.
        if tip is None or any(one.head.sha == tip for one in pulls):
            return None
        if self._repository.contains(self._repository.head(base), tip):
            return None
        return PullRequest(language, 0, State.OPEN, branch, base, tip, "", "", finished=False)

    def _declined(self, draft: PullRequestDraft, pulls: Sequence[ApiPullRequest], content: str) -> PullRequest | None:
        if _open(pulls) is not None:
            return None
        for pull in pulls:
            if _is_refused(pull) and read_memo(pull.body).knows(content):
                return self._as_pull(draft.language, pull)
        return None

    def _limit(self, pulls: Sequence[ApiPullRequest], pushing: bool) -> str:
        """Why nothing may be changed now; empty where it may."""
        limits = self._settings
        if pushing and pulls:
            recent = len(read_memo(pulls[0].body).recent(self._now()))
            if recent >= limits.commits_per_hour:
                return f"commits in the last hour: {recent}, as many as the limit allows; a later run adds the rest"
        if _open(pulls) is None:
            number = self._count_open()
            if number >= limits.open_pull_requests:
                name = self._connection.name
                return f"open pull requests of the bot in {name}: {number}, as many as the limit allows; close some"
        return ""

    def _count_open(self) -> int:
        return sum(one.head.ref.startswith(_BRANCHES) for one in self._connection.api.get_pulls(state="open"))

    def _tip(self, branch: str, found: PullRequest | None) -> str | None:
        return found.head if found else self._repository.ref(f"refs/heads/{branch}")

    def _push(self, branch: str, head: str, found: PullRequest | None) -> None:
        tip = self._tip(branch, found)
        if tip is not None and not self._repository.contains(head, tip):
            # Its pull request is closed, and GitHub keeps the commits under refs/pull.
            self._remote.delete(branch, tip)
            tip = None
        self._remote.push(branch, head, tip)

    def _comment(self, number: int, body: str) -> None:
        issue = self._connection.api.get_issue(number)
        key = key_of(body)

        def find() -> bool | None:
            comments = list(issue.get_comments())
            return (bool(comments) and key_in(comments[-1].body) == key) or None

        def make() -> bool:
            issue.create_comment(marked(body, "comment", key))
            return True

        if not find():
            self._connection.client.ensure(find, make)

    def _as_pull(self, language: str, pull: ApiPullRequest) -> PullRequest:
        state = State.MERGED if pull.merged_at is not None else State(pull.state)
        head = pull.head.sha
        return PullRequest(
            *(language, pull.number, state, pull.head.ref, pull.base.ref, head, pull.title, pull.html_url),
            body=without_memo(pull.body or ""),
        )


def _is_refused(pull: ApiPullRequest) -> bool:
    """Whether people closed it without merging it."""
    return pull.state != State.OPEN.value and pull.merged_at is None and not read_memo(pull.body).withdrawn


def _open(pulls: Sequence[ApiPullRequest]) -> ApiPullRequest | None:
    return pulls[0] if pulls and pulls[0].state == State.OPEN.value else None
