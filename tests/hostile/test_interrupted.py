"""Kills and full disks at every kind of moment: nothing is lost, and the next run ends as if nothing had been."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, MILK, WAIT, Book, Cli
from tests.support.disturbed import Disturbance, run_disturbed
from tests.support.gitrepo import git

pytest_plugins = ["tests.support.cli_fixtures"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

Attacked = Callable[[str, int], None]
SWEEP, CAMPAIGN = pytest.mark.sweep, pytest.mark.campaign
World = dict[str, object]
# A git that outlives the bot which started it is done by then.
_LAST_WORDS_SECONDS = 0.2


class Shop:
    """A book whose repositories are cloned into the cache, at the start of a sync: the first one, or a later one that
    updates the open pull request."""

    def __init__(self, folder: Path, cli: Cli, *, later: bool) -> None:
        self._folder, self._cli = folder, cli
        self.work = folder / "work"
        self.work.mkdir()
        self.book = Book(self.work, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
        self.book.english({"tea.md": ENGLISH + "\n" + WAIT})
        urls = {name: (self.work / name).as_uri() for name in ("en", "zh")}
        self.book.configure({}, source={"repo": urls["en"]}, languages={"zh": {"repo": urls["zh"]}})
        if later:
            self.sync()
            self.book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
        shutil.copytree(self.work, folder / "before", symlinks=True)
        ended = run_disturbed(folder, self.command, Disturbance())
        assert (ended.code, ended.err.count("Traceback")) == (0, 0), ended.err
        self.steps = ended.steps
        self.wanted = self.world()

    @property
    def command(self) -> list[str | Path]:
        return ["sync", "--config", self.book.config, "--jobs", "1"]

    def sync(self) -> None:
        ran = self._cli(*self.command)
        assert ran.code == 0, ran.err

    def world(self) -> World:
        """The branches in the cache and upstream, and the pull requests."""
        places = [*self.work.glob("cache/amts/*.git"), self.work / "en", self.work / "zh"]
        refs = {place.name: git(place, "for-each-ref", "--format=%(refname) %(objectname)") for place in places}
        pulls = (path for path in (self.work / "pulls").rglob("*") if path.is_file())
        return {**refs, **{str(path.relative_to(self.work)): path.read_bytes() for path in pulls}}

    def disturb(self, disturbance: Disturbance, codes: set[int]) -> None:
        """The disturbed sync, then one that must end as if it had not been."""
        shutil.rmtree(self.work)
        shutil.copytree(self._folder / "before", self.work, symlinks=True)
        ended = run_disturbed(self._folder, self.command, disturbance)
        assert ended.code in codes, (disturbance, ended.err)
        assert "Traceback" not in ended.err
        assert "bug of amts" not in ended.err, (disturbance, ended.err)
        if ended.code < 0:
            time.sleep(_LAST_WORDS_SECONDS)
        self.sync()
        assert self.world() == self.wanted, disturbance
        left = [path.name for path in (self.work / "cache" / "amts").iterdir()]
        assert not [name for name in left if name.startswith(".clone-")], disturbance


@pytest.fixture(params=[False, True], ids=["first", "later"])
def shop(cli: Cli, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "work" / "cache"))
    return Shop(tmp_path, cli, later=request.param)


def _spread(steps: int, number: int) -> list[int]:
    """So many of the steps, evenly."""
    return sorted({1 + place * steps // number for place in range(number)})


def _kill(shop: Shop, number: int, attacked: Attacked) -> None:
    moments = _spread(shop.steps, number)
    for moment in moments:
        shop.disturb(Disturbance(kill=moment), {-9})
    attacked("kills", len(moments))


def _fill(shop: Shop, number: int, attacked: Attacked) -> None:
    moments, sizes = _spread(shop.steps, number // 2), [40 * place**2 for place in range(number - number // 2)]
    for disturbance in [*(Disturbance(full=moment) for moment in moments), *(Disturbance(size=size) for size in sizes)]:
        shop.disturb(disturbance, {0, 9})
    attacked("full disks", len(moments) + len(sizes))


def test_a_sync_that_is_killed_is_made_good_by_the_next(shop: Shop, attacked: Attacked) -> None:
    _kill(shop, 3, attacked)


def test_a_sync_whose_disk_is_full_is_made_good_by_the_next(shop: Shop, attacked: Attacked) -> None:
    _fill(shop, 4, attacked)


@pytest.mark.parametrize("kills", [pytest.param(15, marks=SWEEP), pytest.param(50, marks=CAMPAIGN)])
def test_many_kills(shop: Shop, kills: int, attacked: Attacked) -> None:
    _kill(shop, kills, attacked)


@pytest.mark.parametrize("disks", [pytest.param(6, marks=SWEEP), pytest.param(20, marks=CAMPAIGN)])
def test_many_full_disks(shop: Shop, disks: int, attacked: Attacked) -> None:
    _fill(shop, disks, attacked)
