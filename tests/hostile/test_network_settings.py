"""The limits of `network` in amts.yaml, as commands keep them against bad servers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config.network import NETWORK
from tests.support.bad_server import MANNERS, BadServer
from tests.support.cli_run import BOOK_ZH, WAIT, Book, Cli

pytest_plugins = ["tests.support.cli_fixtures"]

QUICK = {"connect_seconds": "0.5", "silence_seconds": 1, "request_seconds": "0.5", "retry_seconds": "0.01"}
PATIENCE_SECONDS = 20.0
Attacked = Callable[[str, int], None]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, {"zh": BOOK_ZH})
    made.english({"tea.md": "# Tea\n\nTea is a hot drink from China.\n\n" + WAIT})
    return made


def test_the_defaults_have_an_order() -> None:
    """A call ends before its transfer, a transfer before its sync, and a sync before the service counts as stuck."""
    assert NETWORK.connect_seconds < NETWORK.silence_seconds <= NETWORK.request_seconds
    assert NETWORK.request_seconds < NETWORK.transfer_minutes * 60 < NETWORK.sync_hours * 3600 < 6 * 3600


@pytest.mark.parametrize("manner", ["silent", pytest.param("drips a body", marks=pytest.mark.sweep), "shows a page"])
def test_a_language_with_a_bad_host_ends_in_time_and_the_others_are_synced(
    cli: Cli, book: Book, manner: str, attacked: Attacked
) -> None:
    with BadServer(MANNERS[manner]) as server:
        languages = {"de": {"repo": f"{server.url}/o/de.git"}, "zh": {"repo": "zh"}}
        network = {**QUICK, "transfer_minutes": "0.02"}
        book.configure({}, languages=languages, network=network)
        began = time.monotonic()
        ran = cli("sync", "--config", book.config)
        assert time.monotonic() - began < PATIENCE_SECONDS
    assert ran.code == 5
    assert f"de: {server.url}/o/de.git: " in ran.err
    assert "1 of 2 languages could not be synced" in ran.err
    assert "pull request opened" in ran.out
    assert "<" not in ran.err
    attacked("syncs with a bad host", 1)


def test_the_limit_of_a_sync_ends_it_and_the_next_run_goes_on(cli: Cli, book: Book) -> None:
    with BadServer(MANNERS["silent"]) as server:
        book.configure(
            {}, languages={"zh": {"repo": f"{server.url}/o/zh.git"}}, network={**QUICK, "sync_hours": "0.0002"}
        )
        began = time.monotonic()
        ran = cli("sync", "--config", book.config)
        assert time.monotonic() - began < PATIENCE_SECONDS
    assert ran.code == 5
    assert "zh: the limit for one sync, 0.0002 hours (network.sync_hours), is used up" in ran.err
    book.configure({"zh": {}})
    assert "pull request opened" in cli("sync", "--config", book.config).out


@pytest.mark.parametrize(
    ("setting", "value"),
    [("sync_hours", "0"), ("request_seconds", "-1"), ("list_pages", "0"), ("silence_seconds", "inf")],
)
def test_limits_without_sense_are_refused(cli: Cli, book: Book, setting: str, value: str) -> None:
    book.configure({"zh": {}}, network={setting: value})
    ran = cli("sync", "--config", book.config)
    assert ran.code == 3
    assert f"network.{setting}" in ran.err
