"""A book whose engine is a machine that people correct."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engines import BUILT_IN
from tests.support.cli_run import BOOK_ZH, Book, Cli
from tests.support.commented import NEW, Machine


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Cli]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(BUILT_IN, "memory", "tests.support.commented:MachineSettings")
    Machine.round, Machine.refuses = 1, frozenset()
    yield Cli(monkeypatch, capsys)
    Machine.round, Machine.refuses = 1, frozenset()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Three sentences of tea.md are new or changed, each alone in its paragraph."""
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.english({"tea.md": NEW})
    book.configure({}, languages={"zh": {"repo": "zh", "retranslate_below": 90}})
    return book
