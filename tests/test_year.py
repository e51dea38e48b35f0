"""A year of a book's life before the double of GitHub: at every step no sentence of people is lost, one pull request at
most is open for each language, and every change of the English is accounted for; and whatever fails on the way, the
year ends the same.

A failure at each request of the year takes many minutes, so each run of the tests looks at a few only;
AMTS_FAULT_STRIDE=1 looks at all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Effect, bad_gateway, dropped
from tests.github_double.openapi import Description
from tests.year import MAIN, Year
from tests.year_bot import NATIONS, prepare
from tests.year_checks import check, check_run, state
from tests.year_faults import Killer, Moment, until_done
from tests.year_script import BOOK, YEAR

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]

STRIDE = int(os.environ.get("AMTS_FAULT_STRIDE", "61"))
EFFECTS = (bad_gateway(after=True), dropped(), dropped(after=True))


@pytest.fixture
def year(tmp_path: Path, github_description: Description, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    with GitHubDouble(tmp_path / "github", github_description) as double:
        prepare(monkeypatch, double)
        yield Year(tmp_path, double, BOOK)


def test_in_a_year_nothing_is_lost_and_all_is_accounted_for(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then each run of the bot fails at some request, or is killed after it, and what stands there in the end is the
    same: so the rest of the year is."""
    assert len(YEAR) > 60
    killer, faults = Killer(monkeypatch), year.double.faults
    number, tried, different = 0, 0, []
    for step in YEAR:
        before, calls = Moment(year), faults.calls
        killer.taken = 0
        step.do(year)
        if step.run:
            check_run(year, step.run)
            wanted, after = state(year), Moment(year)
            for call, effect in places(faults.calls - calls, killer.taken):
                number += 1
                if number % STRIDE:
                    continue
                tried += 1
                before.restore()
                if effect is None:
                    killer.taken, killer.fatal = 0, call
                else:
                    faults.at_call(faults.calls + call, effect)
                until_done(year, step.run)
                # Where less was left to do, it may not have come to that request.
                faults.clear()
                killer.fatal = 0
                if state(year) != wanted:
                    different.append(f"{step.name}: {effect.name if effect else 'killed'} at request {call}")
            after.restore()
        check(year)
    print(f"{tried} runs, {len(faults.struck)} failures")
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


def places(calls: int, steps: int) -> Iterator[tuple[int, Effect | None]]:
    """Where a run may be hit, and by what (None: it is killed)."""
    for call in range(1, calls + 1):
        yield from ((call, effect) for effect in EFFECTS)
    yield from ((step, None) for step in range(1, steps + 1))
