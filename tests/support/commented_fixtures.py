"""The pytest fixture `talk`: a book on the double of GitHub whose pull request is open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.forge.base import Outcome
from tests.github_double.double import GitHubDouble
from tests.github_double.openapi import Description
from tests.support.commented import Commented


@dataclass(frozen=True)
class _Opened:
    """The scene, with its files and the state of its GitHub as they were when the pull request had been opened."""

    scene: Commented
    files: Path
    state: dict[str, Any]

    def restore(self) -> Commented:
        shutil.rmtree(self.scene.folder)
        shutil.copytree(self.files, self.scene.folder, symlinks=True)
        double = self.scene.double
        double.world.restore(self.state)
        double.faults.clear()
        double.faults.struck.clear()
        double.exchanges.clear()
        double.violations.clear()
        return self.scene


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory, github_description: Description) -> Iterator[_Opened]:
    """Made once: a sync and its git processes cost more than a copy of their result."""
    folder = tmp_path_factory.mktemp("scene")
    with GitHubDouble(folder / "github", github_description) as double:
        with pytest.MonkeyPatch.context() as monkeypatch:
            scene = Commented(double, folder, monkeypatch)
            assert scene.sync().outcome is Outcome.CREATED
        assert double.violations == []
        files = tmp_path_factory.mktemp("saved") / "scene"
        shutil.copytree(folder, files, symlinks=True)
        yield _Opened(scene, files, double.world.state())


@pytest.fixture
def talk(opened: _Opened, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commented]:
    """`opened`, as if no other test had been there. Fails a test that sent or got a message which GitHub's description
    does not allow."""
    scene = opened.restore()
    scene.enter(monkeypatch)
    yield scene
    assert scene.double.violations == []
