"""The syncs of a service, in this process: one at a time where that must be, stopped where that is safe."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.service.base import AbandonedError, LanguageId, WorkOutcome
from bot.service.projects import Projects
from tests.support.cli_run import BOOK_ZH, Book, Cli

pytest_plugins = ["tests.support.service_process_fixtures"]


@pytest.mark.sweep
def test_many_syncs_leave_no_process_behind(projects: Projects) -> None:
    (language,) = [each.language for each in projects.subscriptions()]
    before = _children()
    results = [projects.sync(language, lambda: None) for _ in range(3)]
    assert [result.outcome for result in results] == [WorkOutcome.SYNCED] * 3
    assert results[0].message.startswith("created")
    assert not _children() - before


def _children() -> set[str]:
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        pytest.skip("needs /proc")
    return {child for each in tasks.iterdir() for child in (each / "children").read_text().split()}


def test_a_sync_that_is_to_stop_ends_at_the_next_safe_point_and_writes_nothing(
    projects: Projects, tmp_path: Path
) -> None:
    (language,) = [each.language for each in projects.subscriptions()]
    points = 0

    def count() -> None:
        nonlocal points
        points += 1

    def stop_later() -> None:
        count()
        if points == 2:
            raise AbandonedError

    with pytest.raises(AbandonedError):
        projects.sync(language, stop_later)
    assert not (tmp_path / "book" / "pulls").exists()
    assert projects.sync(language, count).outcome is WorkOutcome.SYNCED
    assert points > 2


@pytest.mark.sweep
def test_languages_that_share_a_repository_are_synced_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.configure({}, languages={"zh": {"repo": "zh"}, "zh-TW": {"repo": "./zh"}, "es": {"repo": "es"}})
    projects = Projects([book.config])
    active: list[str] = []
    most: dict[str, int] = {}

    def open_edition(_project: object, _source: object, name: str, *_: object) -> None:
        active.append(name)
        time.sleep(0.02)
        most["shared"] = max(most.get("shared", 0), len({"zh", "zh-TW"} & set(active)))
        active.remove(name)
        raise AbandonedError

    monkeypatch.setattr("bot.service.projects.open_edition", open_edition)
    config = str(book.config)

    def work(name: str) -> None:
        with pytest.raises(AbandonedError):
            projects.sync(LanguageId(config, name), lambda: None)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("zh", "zh-TW", "es") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most["shared"] == 1


def test_what_is_wrong_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(monkeypatch, capsys)
    book = Book(tmp_path, {"zh": BOOK_ZH})
    assert cli("run", "--config", tmp_path / "none.yaml").code == ConfigError.exit_code
    assert "named twice" in cli("run", "--config", book.config, "--config", book.config).err
    book.configure(["zh"], service={"windows": {"fr": ["22:00-06:00"]}})  # type: ignore[arg-type]
    assert 'service.windows: "fr" is not one of the languages, zh' in cli("run", "--config", book.config).err
    book.configure(["zh"], service={"windows": {"zh": ["22-6"]}, "timezone": "Mars", "cron": "hourly"})  # type: ignore[arg-type]
    said = cli("run", "--config", book.config).err
    assert 'must look like "22:00-06:00"; "22-6" does not' in said
    assert 'service.timezone must be a time zone such as "Europe/Madrid"; "Mars" is none' in said
    assert "service.cron must have five fields" in said
    book.configure(["zh"], service={"cron": "99 * * * *"})  # type: ignore[arg-type]
    assert f'{book.config}: service.cron: "99 * * * *" is no time of a crontab' in cli("run", "-c", book.config).err
