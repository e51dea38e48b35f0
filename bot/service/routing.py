"""Which languages an event concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.book.chapters import is_branch_of
from bot.service.base import LanguageId
from bot.service.webhooks import Commented, Event, Ignored, Installed, Pinged, PullRequestEnded, PushEvent, Sender


@dataclass(frozen=True, slots=True)
class Subscription:
    """The repositories and branches whose events concern one language. Repositories are `owner/name` in lower case, ""
    if they are not on GitHub; `branch` is the bot's own branch, beside which chapters may have theirs. `own_logins` (in
    lower case) and `own_addresses` (of committers) identify the bot itself."""

    language: LanguageId
    source: str
    source_branch: str
    target: str
    target_branch: str
    branch: str
    own_logins: frozenset[str] = frozenset()
    own_addresses: frozenset[str] = frozenset()

    def concerns(self, event: PushEvent | PullRequestEnded | Commented | Installed) -> bool:
        match event:
            case PushEvent(repo=repo, branch=branch):
                followed = (self.source, self.source_branch), (self.target, self.target_branch)
                return (repo.lower(), branch) in followed or self._is_own_branch(repo, branch)
            case PullRequestEnded(repo=repo, branch=branch):
                return self._is_own_branch(repo, branch)
            case Commented(comment=comment):
                return comment.repository.lower() == self.target
            case Installed(account=account, repos=repos):
                names = {name for name in (self.source, self.target) if name}
                owners = {name.partition("/")[0] for name in names}
                return bool(names & {name.lower() for name in repos}) if repos else account.lower() in owners

    def causes(self, event: PushEvent | PullRequestEnded | Commented | Installed) -> bool:
        """Whether the bot itself caused an event that concerns this language."""
        match event:
            case PushEvent(repo=repo, branch=branch, committer=committer, sender=sender):
                # The bot pushes to its own branches only. People may merge into others through a bot of theirs.
                is_own = committer in self.own_addresses or self._is_own_login(sender)
                return self._is_own_branch(repo, branch) and is_own
            case PullRequestEnded(sender=sender):
                return self._is_own_login(sender)
            case Commented(comment=comment):
                return comment.author.lower() in self.own_logins
            case Installed():
                return False

    def _is_own_branch(self, repo: str, branch: str) -> bool:
        return repo.lower() == self.target and is_branch_of(branch, self.branch)

    def _is_own_login(self, sender: Sender) -> bool:
        """No other bot gives commands to this bot, so every bot counts as the bot itself."""
        return sender.kind == "Bot" or sender.login.lower() in self.own_logins


@dataclass(frozen=True, slots=True)
class Concerned:
    """The languages that an event concerns; `reason` says why there are none."""

    languages: tuple[LanguageId, ...]
    reason: str = ""


def concerned(event: Event, subscriptions: Sequence[Subscription]) -> Concerned:
    if isinstance(event, Ignored | Pinged):
        return Concerned((), event.reason if isinstance(event, Ignored) else "pong")
    touched = [subscription for subscription in subscriptions if subscription.concerns(event)]
    languages = tuple(subscription.language for subscription in touched if not subscription.causes(event))
    if languages:
        return Concerned(languages)
    if touched:
        return Concerned((), "the bot's own doing")
    if isinstance(event, Installed):
        return Concerned((), "no language lives in these repositories")
    repo = event.comment.repository if isinstance(event, Commented) else event.repo
    known = {name for subscription in subscriptions for name in (subscription.source, subscription.target)}
    is_known = repo.lower() in known
    return Concerned((), "no language follows this branch" if is_known else "no language lives in this repository")
