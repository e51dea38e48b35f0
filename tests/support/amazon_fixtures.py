"""The pytest fixtures that give a `World`: how the Amazon engine sees an emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.amazon_run import StartWorld, Time, World, make_world
from tests.support.emulator_fixture import Cloud, StartCloud


@pytest.fixture
def world(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> World:
    """The session's emulator, where everything is done at the first look."""
    return make_world(cloud, monkeypatch)


@pytest.fixture
def start_world(start_cloud: StartCloud, monkeypatch: pytest.MonkeyPatch) -> StartWorld:
    """`start_world(job_seconds=60)` is an emulator of its own, whose time passes while somebody sleeps."""

    def start(**settings: Any) -> World:
        passing = Time()
        return make_world(start_cloud(clock=passing, **settings), monkeypatch, passing)

    return start


@pytest.fixture
def slow(start_world: StartWorld) -> World:
    """Jobs take a hundred seconds."""
    return start_world(job_seconds=100)


@pytest.fixture
def importing(start_world: StartWorld) -> World:
    """Imports of parallel data take ten seconds."""
    return start_world(parallel_data_seconds=10.0)
