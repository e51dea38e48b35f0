"""Every way on which a comment reaches the bot, and every kind of comment and author: one rule on all ways, before and
after a restart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.action import _follow
from bot.cli.workflow import Workflow
from bot.forge.comment import KNOWN_HERE, why_unheard
from bot.service import webhooks
from bot.service.projects import Projects
from bot.service.routing import concerned
from bot.service.webhooks import read_event
from tests.support.commented import REPO, Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]

ROOT = Path(__file__).parents[2]
COMMAND = "/amts help"


@dataclass
class Way:
    """A way on which comments reach the bot; `restart` forgets all that a process knows."""

    talk: Commented

    def restart(self) -> None: ...

    def hear(self, payload: dict[str, Any]) -> None:
        raise NotImplementedError


class ByWebhook(Way):
    def restart(self) -> None:
        self.projects = Projects([self.talk.book.config], jobs=1)
        self.subscriptions = self.projects.subscriptions()

    def hear(self, payload: dict[str, Any]) -> None:
        event = read_event("issue_comment", json.loads(json.dumps(payload)))
        for language in concerned(event, self.subscriptions).languages[:1]:
            assert isinstance(event, webhooks.Commented)
            self.projects.handle(language, event.comment, lasting=False)


class ByPolling(ByWebhook):
    """A service whose webhooks are lost."""

    def hear(self, payload: dict[str, Any]) -> None:
        (language,) = (each.language for each in self.subscriptions)
        for comment in self.projects.missed(language):
            self.projects.handle(language, comment, lasting=False)


class ByBoth(ByPolling):
    """A service that hears of all by webhook, and then reads the list."""

    def hear(self, payload: dict[str, Any]) -> None:
        ByWebhook.hear(self, payload)
        super().hear(payload)


class ByAction(Way):
    """A step of a workflow, which GitHub starts for each event."""

    def hear(self, payload: dict[str, Any]) -> None:
        event = self.talk.folder / "event.json"
        event.write_text(json.dumps(payload), "utf-8")
        with pytest.MonkeyPatch.context() as patch, Workflow.of({}) as workflow:
            patch.setenv("GITHUB_EVENT_PATH", str(event))
            patch.setenv("GITHUB_RUN_ATTEMPT", "1")
            _follow(self.talk.book.config, 1, workflow, wait=False)


WAYS: dict[str, type[Way]] = {"webhook": ByWebhook, "polling": ByPolling, "both": ByBoth, "action": ByAction}


@dataclass
class Kind:
    """A kind of comment: what people do, step by step; each step gives the event that tells of it. `heard` are the ways
    on which the command is carried out."""

    steps: Callable[[Commented], Iterator[dict[str, Any]]]
    heard: frozenset[str] = frozenset()


def _by(
    author: str, role: str = "", kind: str = "User", **more: Any
) -> Callable[[Commented], Iterator[dict[str, Any]]]:
    def steps(talk: Commented) -> Iterator[dict[str, Any]]:
        if role:
            talk.double.set_role(REPO, author, role)
        talk.double.as_user(author).account.kind = kind
        yield _made(talk, author, kind=kind, **more)

    return steps


def _made(
    talk: Commented, author: str, body: str = COMMAND, number: int = 1, kind: str = "User", **more: Any
) -> dict[str, Any]:
    payload = talk.payload(talk.comment(body, author, number))
    payload["comment"] |= {"user": {"login": author, "type": kind}, "author_association": "COLLABORATOR", **more}
    return payload


def _edited(talk: Commented) -> Iterator[dict[str, Any]]:
    payload = _made(talk, "maintainer", "Thank you!")
    yield payload
    talk.double.world.clock.advance(seconds=5)
    talk.double.as_user("maintainer").edit_comment(REPO, payload["comment"]["id"], COMMAND)
    yield {**payload, "action": "edited", "comment": {**payload["comment"], "body": COMMAND}}


def _edited_before_it_was_seen(talk: Commented) -> Iterator[dict[str, Any]]:
    payload = _made(talk, "maintainer", "Thank you!")
    talk.double.world.clock.advance(seconds=5)
    talk.double.as_user("maintainer").edit_comment(REPO, payload["comment"]["id"], COMMAND)
    yield {**payload, "action": "edited", "comment": {**payload["comment"], "body": COMMAND}}


def _deleted(talk: Commented) -> Iterator[dict[str, Any]]:
    payload = _made(talk, "maintainer")
    talk.double.as_user("maintainer").delete_comment(REPO, payload["comment"]["id"])
    yield payload
    yield {**payload, "action": "deleted"}


def _promoted(talk: Commented) -> Iterator[dict[str, Any]]:
    talk.double.set_role(REPO, "stranger", "read")
    payload = _made(talk, "stranger")
    yield payload
    talk.double.set_role(REPO, "stranger", "write")
    yield {**payload, "action": "edited"}


def _demoted(talk: Commented) -> Iterator[dict[str, Any]]:
    payload = _made(talk, "maintainer")
    talk.double.set_role(REPO, "maintainer", "read")
    yield payload


def _on_an_issue(talk: Commented) -> Iterator[dict[str, Any]]:
    payload = _made(talk, "maintainer", "Thank you!")
    payload["comment"]["body"] = COMMAND
    yield {**payload, "issue": {"number": 1}}


def _on_another_pull_request(talk: Commented) -> Iterator[dict[str, Any]]:
    person = talk.double.as_user("maintainer")
    person.push(REPO, "fix", {"tea.md": "茶\n"})
    yield _made(talk, "maintainer", number=person.open_pull(REPO, "fix", "main"))


def _on_a_closed_one(talk: Commented) -> Iterator[dict[str, Any]]:
    talk.double.as_user("maintainer").close(REPO, 1)
    yield _made(talk, "maintainer")


ALL = frozenset(WAYS)
EVENTS = ALL - {"polling"}
KINDS = {
    "by somebody who may write": Kind(_by("maintainer"), ALL),
    "by a maintainer": Kind(_by("boss"), ALL),
    "by a writer in other letters": Kind(_by("maintainer", association="NONE"), ALL),
    "by somebody who may triage": Kind(_by("triager")),
    "by a reader": Kind(_by("reader", "read")),
    "by a stranger": Kind(_by("nobody")),
    "by the bot": Kind(_by("amts-bot")),
    "by an app": Kind(_by("helper", "write", "Bot")),
    "by an organization": Kind(_by("club", "write", "Organization")),
    "edited": Kind(_edited),
    "edited before it was seen": Kind(_edited_before_it_was_seen),
    "deleted": Kind(_deleted),
    "by a reader who was promoted": Kind(_promoted),
    "by a writer who was demoted": Kind(_demoted),
    "on an issue": Kind(_on_an_issue),
    "on somebody else's pull request": Kind(_on_another_pull_request, EVENTS),
    "on a closed pull request": Kind(_on_a_closed_one, EVENTS),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_comment_is_heard_by_one_rule_before_and_after_a_restart(
    talk: Commented, way: str, kind: Kind, attacked: Callable[[str, int], None]
) -> None:
    listener = WAYS[way](talk)
    listener.restart()
    if way == "polling":
        # A first look at what was said before.
        listener.hear({})
    before = len(talk.answers())
    told = []
    for payload in kind.steps(talk):
        number = payload["issue"]["number"]
        listener.hear(payload)
        told.append(payload)

    def answers() -> int:
        numbers = {1, number}
        return sum("<!-- amts:answer" in answer for each in numbers for answer in talk.answers(each))

    assert answers() - before == (1 if way in kind.heard else 0)
    listener.restart()
    for payload in told[-1:] if way == "action" else told:
        listener.hear(payload)
    assert answers() - before == (1 if way in kind.heard else 0)
    attacked("comments by all ways", 1)


def test_a_workflow_starts_by_the_same_rule() -> None:
    """The condition of commands.yml, which GitHub reads: cheap, and never wider than the rule."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "commands.yml").read_text("utf-8"))["jobs"]
    condition = " ".join(jobs["command"]["if"].split())
    assert "github.event.action == 'created'" in condition
    assert "github.event.issue.pull_request &&" in condition
    assert "github.event.comment.user.type == 'User'" in condition
    assert "!github.event.comment.performed_via_github_app" in condition
    assert f"fromJSON('{json.dumps(ASSOCIATIONS)}')" in condition
    assert set(ASSOCIATIONS) == KNOWN_HERE


ASSOCIATIONS = ["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"]
PERSON = {"login": "ann", "type": "User"}


@pytest.mark.parametrize(
    ("comment", "context", "reason"),
    [
        ({"user": PERSON}, {}, ""),
        ({"user": PERSON, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}, {}, ""),
        ({"user": PERSON, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:01Z"}, {}, "it was ed"),
        ({"user": PERSON, "performed_via_github_app": {"id": 1}}, {}, "no person"),
        ({"user": {**PERSON, "type": "Bot"}}, {}, "no person"),
        ({"user": {**PERSON, "type": "Mannequin"}}, {}, "no person"),
        ({"user": {"login": "ann"}}, {}, "no person"),
        ({"user": None}, {}, "its author"),
        ({}, {}, "its author"),
        ({"user": PERSON}, {"action": "edited"}, "it was not made but edited"),
        ({"user": PERSON}, {"action": "deleted"}, "it was not made but deleted"),
        ({"user": PERSON}, {"on_pull_request": False}, "it is no comment on a pull request"),
    ],
)
def test_the_rule(comment: dict[str, Any], context: dict[str, Any], reason: str) -> None:
    said = why_unheard(comment, **context)
    assert said.startswith(reason)
    assert bool(said) == bool(reason)
