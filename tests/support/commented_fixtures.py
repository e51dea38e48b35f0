"""The pytest fixture `talk`: a book on the double of GitHub whose pull request is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.forge.base import Outcome as SyncOutcome
from tests.github_double.double import GitHubDouble
from tests.support.commented import Commented


@pytest.fixture
def talk(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commented:
    made = Commented(github_double, tmp_path, monkeypatch)
    assert made.sync().outcome is SyncOutcome.CREATED
    return made
