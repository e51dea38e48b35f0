"""A year of a book's life before the double of GitHub: at every step no sentence of people is lost, one pull request at
most is open for each language, and every change of the English is accounted for; and whatever fails on the way, the
year ends the same.

A failure at each request and each call of git takes many minutes, so each run of the tests looks at a few only.
AMTS_FAULT_STRIDE=1 looks at all of them; processes share that with a STRIDE of their number, and an AMTS_FAULT_OFFSET
each (0, 1, …). With AMTS_FAULT_KINDS=turn each request fails in one of the ways, in turn, and each call of git fails;
else requests fail in all ways, and the bot is killed after each of both as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from bot.book.edition import SyncOptions, open_source
from bot.book.project import load_project
from bot.forge.base import Outcome
from bot.sync.language import sync_language
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Effect, Faults, bad_gateway, dropped
from tests.github_double.openapi import Description
from tests.support.editions import edition_of
from tests.support.watching import Watcher
from tests.support.year import MAIN, Year
from tests.support.year_bot import NATIONS, prepare
from tests.support.year_checks import check, check_run, state
from tests.support.year_faults import Killer, Moment, until_done
from tests.support.year_script import BOOK, YEAR

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]

STRIDE = int(os.environ.get("AMTS_FAULT_STRIDE", "101"))
OFFSET = int(os.environ.get("AMTS_FAULT_OFFSET", "0"))
IN_TURN = os.environ.get("AMTS_FAULT_KINDS") == "turn"
EFFECTS = (bad_gateway(after=True), dropped(), dropped(after=True))


@pytest.fixture
def year(tmp_path: Path, github_description: Description, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    with GitHubDouble(tmp_path / "github", github_description) as double:
        prepare(monkeypatch, double)
        year = Year(tmp_path, double, BOOK)
        watcher = Watcher(tmp_path / "cache", pause_seconds=0.005)
        with watcher.running():
            yield year
        for error in year.errors:
            watcher.keep("an error", error)
        assert any(b"git" in line for line in watcher.arguments)
        assert watcher.found(double.world.keyring.tokens) == []


def test_in_a_year_nothing_is_lost_and_all_is_accounted_for(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then each run of the bot fails at some request, or is killed after it, and what stands there in the end is the
    same: so the rest of the year is."""
    assert len(YEAR) > 60
    killer, faults = Killer(monkeypatch), year.double.faults
    number, tried, different = 0, 0, []
    for step in YEAR:
        before, calls = Moment(year), faults.calls
        killer.clear()
        step.do(year)
        if step.run:
            check_run(year, step.run)
            wanted, after = state(year), Moment(year)
            for name, arm in failures(faults.calls - calls, year.double, killer):
                number += 1
                if number % STRIDE != OFFSET:
                    continue
                tried += 1
                before.restore()
                killer.clear()
                arm()
                until_done(year, step.run)
                # Where less was left to do, it may not have come to that.
                faults.clear()
                if state(year) != wanted:
                    different.append(f"{step.name}: {name}")
            after.restore()
        check(year)
    print(f"{tried} of {number} runs, {len(faults.struck)} requests failed, {len(year.errors)} errors")
    assert different == []


def test_two_bots_at_the_same_moment_are_as_good_as_one(year: Year) -> None:
    """Round after round: the English moves on, people write on the branch and on main, some pull requests are merged,
    and two bots with caches of their own start at once."""
    for number in range(50 if STRIDE == 1 else 4):
        year.calendar.advance(days=1)
        year.edit(*(f"number {one} is" if one else "It is" for one in (number, number + 1)))
        year.retranslate("zh", year.proposal("zh"), "A cup holds the tea.", who="Ben")
        year.retranslate("zh", MAIN, "Glass breaks too easily.")
        barrier = Barrier(2)

        def run(cache: str, barrier: Barrier = barrier) -> None:
            barrier.wait()
            for name in NATIONS:
                until_done(year, name, cache)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, ("one", "two")))
        for name in NATIONS:
            pull = year.open_pull(name)
            check_run(year, name)
            comments = [(one.path, one.body) for one in pull.pull.comments] if pull.pull else []
            assert len(comments) == len(set(comments))
            assert [label.name for label in pull.labels] == ["translation"]
        check(year)
        if number % 3 == 2:
            year.merge("zh", "squash" if number % 2 else "merge")


def test_a_bot_that_read_the_english_before_another_did_takes_nothing_back(year: Year) -> None:
    """It opened the English for several languages at once, and waited for a batch job of the first."""
    project = replace(load_project(year.folder / "amts.yaml"), cache=year.folder / "other")
    source = open_source(project)
    year.edit("It is short.", "It is short. It has four chapters.")
    year.sync("zh")
    year.retranslate("zh", year.proposal("zh"), "It has four chapters.", who="Ben")
    (synced,) = sync_language(edition_of(project, source=source), SyncOptions())
    assert synced.outcome is Outcome.UNCHANGED
    check(year)
    year.sync("zh")
    check_run(year, "zh")


def failures(calls: int, double: GitHubDouble, killer: Killer) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each way in which a run of so many requests may fail: what it is called, and how it is brought about."""
    faults, steps, git_calls = double.faults, killer.steps, killer.git_calls
    for call in range(1, calls + 1):
        turn = (faults.calls + call) % len(EFFECTS)
        for effect in EFFECTS[turn : turn + 1] if IN_TURN else EFFECTS:
            yield f"{effect.name} at request {call}", partial(_strike, faults, call, effect)
    for step in range(1, 1 if IN_TURN else steps + 1):
        yield f"killed after step {step}", partial(killer.kill, step)
    for call in range(1, git_calls + 1):
        yield f"git failed at call {call}", partial(killer.fail, call)


def _strike(faults: Faults, call: int, effect: Effect) -> None:
    faults.at_call(faults.calls + call, effect)
