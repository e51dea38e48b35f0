"""Which languages an event concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.book.chapters import is_branch_of
from bot.service.base import LanguageId
from bot.service.events import Commented, Event, Ignored, Installed, Pinged, PullRequestEnded, Pushed, Sender


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a language lives from. Repositories are `owner/name` in lower case, empty where they are on no GitHub;
    `branch` is the bot's own, beside which chapters may have theirs. `own_*` tell what the bot itself does: logins in
    lower case and the mail addresses in its commits."""

    language: LanguageId
    source: str
    source_branch: str
    target: str
    target_branch: str
    branch: str
    own_logins: frozenset[str] = frozenset()
    own_addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Concerned:
    """The languages that an event concerns; where there is none, `reason` says why."""

    languages: tuple[LanguageId, ...]
    reason: str = ""


_OWN = "the bot's own doing"


def concerned(event: Event, subscriptions: Sequence[Subscription]) -> Concerned:
    match event:
        case Ignored(reason):
            return Concerned((), reason)
        case Pinged():
            return Concerned((), "pong")
        case Pushed(repo=repo):
            touched = [each for each in subscriptions if _is_pushed(event, each)]
            own = [each for each in touched if _is_own_push(event, each)]
            return _concerned(touched, own, repo, subscriptions)
        case PullRequestEnded(repo=repo, branch=branch, sender=sender):
            touched = [each for each in subscriptions if _is_own_branch(repo, branch, each)]
            return _concerned(touched, [each for each in touched if _is_own(sender, each)], repo, subscriptions)
        case Commented(comment=comment):
            touched = [each for each in subscriptions if each.target == comment.repository.lower()]
            own = [each for each in touched if comment.author.lower() in each.own_logins]
            return _concerned(touched, own, comment.repository, subscriptions)
        case Installed(account=account, repos=repos):
            names = {name.lower() for name in repos}
            found = [
                each.language
                for each in subscriptions
                if names & {each.source, each.target} or (not names and _owned(each, account))
            ]
            return Concerned(tuple(found), "" if found else "no language lives in these repositories")


def _concerned(
    touched: Sequence[Subscription], own: Iterable[Subscription], repo: str, subscriptions: Sequence[Subscription]
) -> Concerned:
    ours = {each.language for each in own}
    languages = tuple(each.language for each in touched if each.language not in ours)
    if languages:
        return Concerned(languages)
    if touched:
        return Concerned((), _OWN)
    known = any(repo.lower() in (each.source, each.target) for each in subscriptions)
    return Concerned((), "no language follows this branch" if known else "no language lives in this repository")


def _is_pushed(event: Pushed, subscription: Subscription) -> bool:
    place = event.repo.lower(), event.branch
    return place in (
        (subscription.source, subscription.source_branch),
        (subscription.target, subscription.target_branch),
    ) or _is_own_branch(event.repo, event.branch, subscription)


def _is_own_push(event: Pushed, subscription: Subscription) -> bool:
    """The bot pushes to its own branches only. What people merge through a bot of theirs goes elsewhere."""
    if not _is_own_branch(event.repo, event.branch, subscription):
        return False
    return event.committer in subscription.own_addresses or _is_own(event.sender, subscription)


def _is_own_branch(repo: str, branch: str, subscription: Subscription) -> bool:
    return repo.lower() == subscription.target and is_branch_of(branch, subscription.branch)


def _is_own(sender: Sender, subscription: Subscription) -> bool:
    """No bot steers this one, so all of them are taken for it."""
    return sender.kind == "Bot" or sender.login.lower() in subscription.own_logins


def _owned(subscription: Subscription, account: str) -> bool:
    owners = {name.partition("/")[0] for name in (subscription.source, subscription.target) if name}
    return account.lower() in owners
