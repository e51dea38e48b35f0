"""What GitHub answers otherwise than hoped: lost, cut short or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import RepositoryError
from bot.forge.base import Outcome
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Answer, Effect, bad_gateway, dropped
from tests.support.github_bot import BRANCH, REPO, Bot, changed, forge_settings

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


@pytest.mark.parametrize("effect", [bad_gateway(after=True), dropped(after=True)])
def test_a_creation_whose_answer_was_lost_is_not_repeated(double: GitHubDouble, bot: Bot, effect: Effect) -> None:
    for path in ("/pulls$", "/comments$", "/statuses/", "/labels$", "/requested_reviewers$", "/git-receive-pack$"):
        double.faults.on("POST", path, effect)
    published = bot.run({"a.md": changed(_5="五")}, status="1 left", reviewers=("reviewer",))
    assert published.pull_request is not None
    bot.open().comment(published.pull_request, "Hello")
    (issue,) = double.pulls(REPO)
    assert [len(statuses) for statuses in double.repo(REPO).statuses.values()] == [1]
    assert [comment.body.splitlines()[0] for comment in issue.comments] == ["Hello"]
    assert len(double.faults.struck) >= 5


def test_a_pull_request_that_another_bot_opened_meanwhile_is_adopted(
    double: GitHubDouble, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge = bot.open()
    api = bot.connection.api
    real = api.create_pull

    def create(*arguments: Any, **named: Any) -> Any:
        double.as_user("amts-bot").open_pull(REPO, BRANCH, "main", "By the other one")
        return real(*arguments, **named)

    monkeypatch.setattr(api, "create_pull", create)
    published = forge.publish(bot.draft({"a.md": changed(_5="五")}, None))
    assert published.pull_request is not None
    assert [issue.title for issue in double.pulls(REPO)] == ["Sync 中文"]


def test_a_repository_without_draft_pull_requests_gets_a_plain_one(double: GitHubDouble, tmp_path: Path) -> None:
    answer = Answer(422, {"message": "Draft pull requests are not supported in this repository."})
    double.faults.on("POST", "/pulls$", Effect("no drafts", lambda _: answer))
    bot = Bot(double, tmp_path / "cache", forge_settings(draft=True))
    assert bot.run({"a.md": changed(_5="五")}, complete=False).outcome is Outcome.CREATED
    assert not double.pull(REPO, 1).draft


def test_what_github_refuses_otherwise_is_said(bot: Bot) -> None:
    with pytest.raises(RepositoryError, match="GitHub refused: Validation Failed: body is too long"):
        bot.run({"a.md": changed(_5="五")}, body="x" * 70_000)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.CREATED


def test_an_answer_that_was_cut_short_is_no_crash(
    double: GitHubDouble, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge = bot.open()
    monkeypatch.setattr(Answer, "data", lambda _: b'{"half')
    double.faults.on("GET", "/pulls$", Effect("cut", lambda _: Answer(200)))
    with pytest.raises(RepositoryError, match="GitHub's answer was cut short; run again"):
        forge.fetch_open("zh", BRANCH, "main")
