"""A bot that is cut short, at any request or command, ends with the same pull request once it runs again; and so do two
bots at the same moment.

A sweep through all places takes minutes, so each run of the tests looks at every fifth only; AMTS_FAULT_STRIDE=1 looks
at all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from bot.errors import RepositoryError
from bot.forge.github.client import Client
from bot.forge.github.remote import Remote
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Effect, bad_gateway, dropped
from tests.github_double.openapi import Description
from tests.support.github_bot import BRANCH, REPO, Bot, changed, forge_settings, make_book, note

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]

STRIDE = int(os.environ.get("AMTS_FAULT_STRIDE", "5"))
SETTINGS = forge_settings(labels=("translation",), draft=True)
EFFECTS = [bad_gateway(), bad_gateway(after=True), dropped(), dropped(after=True)]


class Killed(BaseException):
    """The process ends here."""


def live(double: GitHubDouble, folder: Path, again: Callable[[Callable[[], None]], None]) -> None:
    """Some of a pull request's life: opened, reviewed, updated, merged; then the next one, closed by the bot. Each step
    of the bot goes through `again`, which repeats it."""
    bot = Bot(double, folder, SETTINGS)
    ask = {"reviewers": ("reviewer",)}
    reviewer = double.as_user("reviewer")
    first: dict[str, bytes | None] = {"a.md": changed(_5="五", _30="卅")}

    def run(files: dict[str, bytes | None], **more: Any) -> None:
        bot.run(files, **more)

    again(lambda: run(first, status="2 left", complete=False, notes=(note(5), note(25)), **ask))
    reviewer.push(REPO, BRANCH, {"b.md": "人\n"})
    again(lambda: run({"c.md": b"C\n"}, status="none left", notes=(note(5), note(30)), **ask))
    reviewer.merge_pull(REPO, 1, "squash")
    again(lambda: run({"d.md": b"D\n"}, status="none left", **ask))
    again(lambda: close(bot))


def close(bot: Bot) -> None:
    forge = bot.open()
    pull = forge.fetch_open("zh", BRANCH, "main")
    if pull is not None:
        forge.close(pull, "Nothing is left.")


def once(step: Callable[[], None]) -> None:
    step()


def until_done(step: Callable[[], None]) -> None:
    for _ in range(5):
        try:
            return step()
        except (RepositoryError, Killed):
            continue
    return step()


def state(double: GitHubDouble) -> object:
    """All that people see."""
    store = double.repo(REPO).store
    pulls = [
        (
            *(issue.number, issue.state, issue.title, plain_body(issue.body or "", issue.pull.head_sha)),
            [label.name for label in issue.labels],
            [comment.body for comment in issue.comments],
        )
        for issue in double.pulls(REPO)
        if issue.pull is not None
    ]
    details = [
        (
            *(pull.draft, pull.base_ref, [one.login for one in pull.reviewers]),
            sorted((one.path, one.line or 0, one.body, one.resolved_by is not None) for one in pull.comments),
            {one.context: (one.state, one.description) for one in double.repo(REPO).statuses[pull.head_sha]},
        )
        for pull in (double.pull(REPO, issue.number) for issue in double.pulls(REPO))
    ]
    branches = {
        name: (store.run("rev-parse", f"{name}^{{tree}}"), [commit.author.name for commit in store.log(name)])
        for name in store.refs()
    }
    return pulls, details, branches


def plain_body(body: str, head: str) -> str:
    """Without the times of pushes, which only limit them, and of which one may be forgotten; and without the id of the
    head, in which the times of people's commits are."""
    return re.sub(r'"pushes":\[.*?\],', "", body).replace(head, "the head")


class Sweep:
    """The same life again and again, each with another failure."""

    def __init__(self, folder: Path, description: Description) -> None:
        self._folder = folder
        self._description = description
        self._runs = 0
        self.wanted, self.calls = self.live(once)

    def live(
        self, again: Callable[[Callable[[], None]], None], effect: Effect | None = None, call: int = 0
    ) -> tuple[object, int]:
        self._runs += 1
        folder = self._folder / str(self._runs)
        with GitHubDouble(folder / "github", self._description) as double:
            make_book(double)
            if effect is not None:
                double.faults.at_call(call, effect)
            live(double, folder / "cache", again)
            return state(double), double.faults.calls


@pytest.fixture
def sweep(tmp_path: Path, github_description: Description) -> Sweep:
    return Sweep(tmp_path, github_description)


@pytest.mark.parametrize("kind", range(len(EFFECTS)))
def test_a_failure_at_any_request_changes_nothing_in_the_end(sweep: Sweep, kind: int) -> None:
    assert sweep.calls > 60
    effect, stride = EFFECTS[kind], STRIDE * len(EFFECTS) if STRIDE > 1 else 1
    for call in range(1 + kind if stride > 1 else 1, sweep.calls + 1, stride):
        found, _ = sweep.live(until_done, effect, call)
        assert found == sweep.wanted, f"{effect.name} at call {call}"


def test_a_bot_killed_after_any_step_ends_the_same_when_it_runs_again(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in steps(monkeypatch):
        found, _ = sweep.live(until_done)
        assert found == sweep.wanted, f"killed after step {step}"


def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The numbers of steps (requests and transfers of git); before each is given, a killing after it is prepared."""
    taken, fatal = 0, 1 - STRIDE

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            nonlocal taken
            answer = real(*arguments, **named)
            taken += 1
            if taken == fatal:
                raise Killed
            return answer

        return step

    monkeypatch.setattr(Client, "requestJson", counted(Client.requestJson))
    monkeypatch.setattr(Remote, "_run", counted(Remote._run))
    while True:
        fatal, taken = fatal + STRIDE, 0
        yield fatal
        if taken < fatal:
            return


def test_two_bots_at_the_same_moment_open_one_pull_request(tmp_path: Path, github_description: Description) -> None:
    for number in range(50 // STRIDE):
        folder = tmp_path / str(number)
        with GitHubDouble(folder / "github", github_description) as double:
            make_book(double)
            barrier = Barrier(2)
            bots = [Bot(double, folder / name, SETTINGS) for name in ("one", "two")]

            def run(bot: Bot, barrier: Barrier = barrier) -> None:
                forge = bot.open()
                notes = (note(5), note(25))
                files = {"a.md": changed(_5="五")}
                ask = {"notes": notes, "status": "2 left", "reviewers": ("reviewer",)}
                draft = bot.draft(files, None, **ask)
                barrier.wait()
                try:
                    forge.publish(draft)
                except RepositoryError:
                    bot.run(files, **ask)

            with ThreadPoolExecutor(2) as pool:
                list(pool.map(run, bots))
            (issue,) = double.pulls(REPO)
            assert [label.name for label in issue.labels] == ["translation"]
            shown = sorted((one.path, one.line or 0) for one in double.pull(REPO, 1).comments)
            assert shown == [("a.md", 0), ("a.md", 5)]
