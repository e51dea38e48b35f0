"""The pytest fixtures `book` and `clock` of a service in simulated time."""

from __future__ import annotations

import pytest

from tests.support.service_run import Book, Time


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)
