"""The real books: bundles beside the project, cloned bare once a session; tests skip where they are missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.gitrepo import git


def shared_path() -> Path:
    """The folder `shared` beside the project, or AMTS_SHARED. Skips the test where there is none, or fails it where
    AMTS_REQUIRE_SHARED=1 asks for the real books."""
    folder = Path(os.environ.get("AMTS_SHARED") or Path(__file__).parents[3] / "shared")
    if not (folder / "d2l").is_dir():
        reason = f"the real books are not at {folder}/d2l; set AMTS_SHARED to the folder that holds them"
        if os.environ.get("AMTS_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real books and gold data beside the project."""
    return shared_path()


@pytest.fixture(scope="session")
def real_book(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`real_book("zh")` is a bare clone that the session's tests share; clone it again to write to it."""
    folder = shared_path()

    @cache
    def clone(language: str) -> Path:
        place = tmp_path_factory.mktemp("d2l")
        git(place, "clone", "--quiet", "--bare", str(folder / "d2l" / f"{language}.bundle"), f"{language}.git")
        return place / f"{language}.git"

    return clone
