"""A bad server at any call of a run, of the API or of git: the run ends in time, and the next one is right."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.network import NetworkSettings
from bot.errors import AmtsError
from bot.network.deadline import time_limit
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_manners
from tests.support.github_bot import BRANCH, REPO, Bot, changed, note, text, tip

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]

QUICK = NetworkSettings(
    connect_seconds=5.0, silence_seconds=1.0, request_seconds=0.7, transfer_minutes=1.5 / 60, retry_seconds=0.01
)
# A run of the test's bot takes half a second; one call that stands still three attempts, or a git that is ended.
PATIENCE_SECONDS = 20.0
WRITTEN = changed(_5="五")
Attacked = Callable[[str, int], None]


def run(bot: Bot) -> str:
    """One whole run; why it failed, or ""."""
    began = time.monotonic()
    try:
        bot.run({"a.md": WRITTEN}, status="1 left", notes=(note(5),))
        said = ""
    except AmtsError as error:
        said = str(error)
    assert time.monotonic() - began < PATIENCE_SECONDS
    return said


def check(double: GitHubDouble, bot: Bot) -> None:
    """The next run is right: all of it is published, once."""
    double.faults.clear()
    assert run(bot) == ""
    (pull,) = double.pulls(REPO)
    assert pull.title == "Sync 中文"
    assert text(double, "a.md") == WRITTEN
    assert run(bot) == ""
    assert len(double.pulls(REPO)) == 1


def meet(double: GitHubDouble, folder: Path, call: int, manner: str, *, after: bool) -> None:
    bot = Bot(double, folder)
    bot.host = replace(bot.host, network=QUICK)
    # All attempts of the call meet the same.
    for number in range(call, call + 3):
        double.faults.at_call(double.faults.calls + number, bad_manners(manner, after=after))
    said = run(bot)
    assert "\n" not in said
    assert "<" not in said
    check(double, bot)


CALLS = 18
"""Requests of a run that opens a pull request, of the API and of git."""


def test_a_run_makes_so_many_calls(double: GitHubDouble, tmp_path: Path) -> None:
    before = double.faults.calls
    assert run(Bot(double, tmp_path)) == ""
    assert abs(double.faults.calls - before - CALLS) < 6, double.faults.calls - before


@pytest.mark.parametrize(("call", "manner"), [(2, "silent"), (9, "drips a body"), (14, "shows a page")])
def test_the_run_after_a_bad_call_is_right(
    double: GitHubDouble, tmp_path: Path, attacked: Attacked, call: int, manner: str
) -> None:
    meet(double, tmp_path, call, manner, after=call == 9)
    attacked("runs that met a bad server at one of their calls", 1)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("manner", "after"),
    [("silent", False), ("drips a body", True), ("shows a page", False), ("hangs up", True)],
)
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_the_run_after_any_bad_call_is_right(
    double: GitHubDouble, tmp_path: Path, attacked: Attacked, call: int, manner: str, after: bool
) -> None:
    meet(double, tmp_path, call, manner, after=after)
    attacked("runs that met a bad server at one of their calls", 1)


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.6])
def test_a_run_whose_time_is_up_is_finished_by_the_next(double: GitHubDouble, tmp_path: Path, seconds: float) -> None:
    bot = Bot(double, tmp_path)
    with time_limit(seconds, "the time is up"):
        assert run(bot) in ("the time is up", "")  # "" on a quick machine
    check(double, bot)
    assert tip(double, BRANCH)
