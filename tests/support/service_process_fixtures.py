"""The pytest fixtures `start` (services, killed in the end) and `projects` (a book that is synced in this process)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service.projects import Projects
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book
from tests.support.service_process import SECRET, Process, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    processes: list[Process] = []

    def begin(*arguments: str | Path, **environment: str) -> Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        settings = {
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "AMTS_WEBHOOK_SECRET": f"{SECRET}\nolder-secret-of-the-tests",
        }
        processes.append(Process(kept | settings | environment, arguments))
        return processes[-1]

    yield begin
    for each in processes:
        if each.is_running:
            each.end(signal.SIGKILL)


@pytest.fixture
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Projects:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    book = Book(tmp_path / "book", {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    return Projects([book.config], jobs=1)
