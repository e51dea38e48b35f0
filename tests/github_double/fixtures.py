"""The pytest fixtures `github_double` and `github_description`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github_double.double import GitHubDouble
from tests.github_double.openapi import DESCRIPTION, Description, description


@pytest.fixture(scope="session")
def github_description() -> Description:
    """GitHub's API description. Skips where it is not installed; in CI (CI=true) that is a failure."""
    if not DESCRIPTION.is_file():
        reason = "GitHub's API description is not installed; run: python -m tests.github_double.install (needs npm)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return description()


@pytest.fixture
def github_double(tmp_path: Path, github_description: Description) -> Iterator[GitHubDouble]:
    """A double of GitHub, started. Fails the test that sent or got a message which the description does not allow."""
    with GitHubDouble(tmp_path / "github", github_description) as double:
        yield double
    assert double.violations == []
