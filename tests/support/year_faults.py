"""Takes the scripted year back to an earlier moment, so that each run of the bot can fail in every way it can."""

from __future__ import annotations

import copy
import shutil
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RepositoryError
from bot.forge.git import Repository
from bot.forge.github.client import Client
from tests.support.year import Year

_KEPT = ("lock", "announce", "folder", "clock", "token_clock")


class Moment:
    """The world as it stands: what the double knows, and where all branches of its repositories and of the bot's cache
    are. (Objects of git that nothing points to make no difference.)"""

    def __init__(self, year: Year) -> None:
        self._year = year
        self._refs = {place: {file: file.read_bytes() for file in _refs(place)} for place in self._repositories()}
        self._world = self._copied(
            {name: value for name, value in vars(year.double.world).items() if name not in _KEPT}
        )

    def restore(self) -> None:
        for place in self._repositories() - self._refs.keys():
            shutil.rmtree(place)
        for place, refs in self._refs.items():
            for file in set(_refs(place)) - refs.keys():
                file.unlink()
            for file, data in refs.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        vars(self._year.double.world).update(self._copied(self._world))

    def _repositories(self) -> set[Path]:
        folders = self._year.double.world.folder, self._year.folder / "cache"
        return {place for folder in folders for place in folder.rglob("*.git") if place.is_dir()}

    def _copied(self, world: dict[str, object]) -> dict[str, object]:
        # A store only looks at its folder, and remembers what can't change.
        stores = [repo.store for repo in self._year.double.world.repos.values()]
        return copy.deepcopy(world, {id(store): store for store in stores})


def _refs(repository: Path) -> Iterator[Path]:
    yield from (place for place in (repository / "refs").rglob("*") if place.is_file())
    if (repository / "packed-refs").exists():
        yield repository / "packed-refs"


class Killed(BaseException):
    """The process ends here."""


class Killer:
    """Ends the bot after the step (a request, or a call of git) that `kill` names, or lets the call of git fail that
    `fail` names. `steps` and `git_calls` count them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clear()
        monkeypatch.setattr(Client, "requestJson", self._fatal(Client.requestJson))
        monkeypatch.setattr(Repository, "run", self._failing(self._fatal(Repository.run)))

    def clear(self) -> None:
        self.steps, self.git_calls = 0, 0
        self._last, self._refused = 0, 0

    def kill(self, step: int) -> None:
        self._last = step

    def fail(self, git_call: int) -> None:
        self._refused = git_call

    def _fatal(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            answer = real(*arguments, **named)
            self.steps += 1
            if self.steps == self._last:
                raise Killed
            return answer

        return step

    def _failing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.git_calls += 1
            if self.git_calls == self._refused:
                raise RepositoryError("git failed")
            return real(*arguments, **named)

        return call


def until_done(year: Year, name: str, cache: str = "cache") -> None:
    """Runs the bot again after a failure that it told, or where it was killed, as whoever starts it does."""
    for _ in range(4):
        try:
            year.sync(name, cache)
            return
        except RepositoryError as error:
            year.errors.append("".join(traceback.format_exception(error)))
        except Killed:
            continue
    year.sync(name, cache)
