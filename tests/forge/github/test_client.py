"""What GitHub refuses, and for how long the bot waits."""

from __future__ import annotations

import pytest

from bot.errors import RepositoryError
from bot.forge.base import Outcome
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import (
    Effect,
    bad_gateway,
    dropped,
    forbidden,
    primary_limit,
    secondary_limit,
    unauthorized,
)
from tests.support.github_bot import REPO, Bot, changed

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (unauthorized(), "GitHub refused the token .*expired or revoked, so set GITHUB_TOKEN"),
        (
            forbidden(),
            r"GitHub forbids it \(Resource not accessible by integration\); give the token these permissions",
        ),
        (primary_limit(reset_in=3000), r"GitHub asks to wait until \d\d:\d\d UTC \(rate limit\); run again then"),
        (primary_limit(reset_in=3000, status=429), r"GitHub asks to wait until \d\d:\d\d UTC"),
        (secondary_limit(retry_after=3000), r"GitHub asks to wait until \d\d:\d\d UTC"),
    ],
)
def test_refusals_say_what_to_do(double: GitHubDouble, bot: Bot, effect: Effect, message: str) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", effect)
    with pytest.raises(RepositoryError, match=message) as caught:
        forge.fetch_open("zh", "amts/zh", "main")
    assert str(caught.value).startswith(f"{REPO}: ")
    assert bot.waits == []


@pytest.mark.parametrize("effect", [bad_gateway(), dropped()])
def test_a_server_that_stays_in_trouble_is_named(double: GitHubDouble, bot: Bot, effect: Effect) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", effect, times=9)
    with pytest.raises(RepositoryError, match=r"in trouble|can't be reached"):
        forge.fetch_open("zh", "amts/zh", "main")


@pytest.mark.parametrize(
    ("effect", "wait"),
    [
        (secondary_limit(retry_after=7), 7.0),
        (secondary_limit(retry_after=7, status=429), 7.0),
        (secondary_limit(retry_after=None), 60.0),
        (secondary_limit(retry_after=None, status=429), 60.0),
        (primary_limit(reset_in=20), 20.0),
    ],
)
@pytest.mark.parametrize("call", [("GET", "/pulls$"), ("POST", "/pulls$"), ("POST", "/statuses/")])
def test_short_waits_are_waited_and_the_request_sent_again(
    double: GitHubDouble, bot: Bot, call: tuple[str, str], effect: Effect, wait: float
) -> None:
    double.faults.on(*call, effect)
    assert bot.run({"a.md": changed(_5="五")}, status="1 left").outcome is Outcome.CREATED
    assert bot.waits == [pytest.approx(wait, abs=2.0)]
    assert len(double.pulls(REPO)) == 1


def test_waits_are_bounded_in_sum(double: GitHubDouble, bot: Bot) -> None:
    forge = bot.open()
    double.faults.on("GET", "/pulls$", secondary_limit(retry_after=25), times=9)
    with pytest.raises(RepositoryError, match="rate limit"):
        forge.fetch_open("zh", "amts/zh", "main")
    assert bot.waits == [25.0, 25.0]
