"""The pytest fixtures `double` and `bot`: a language repository on the double of GitHub, and the bot before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.github_double.double import GitHubDouble
from tests.support.github_bot import Bot, make_book


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    make_book(github_double)
    return github_double


@pytest.fixture
def bot(double: GitHubDouble, tmp_path: Path) -> Bot:
    return Bot(double, tmp_path / "cache")
