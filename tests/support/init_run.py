"""What the tests of `amts init` share: golden files, the report, and the pull requests of the example book."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.book.history import History, read_history
from bot.forge.git import Repository, Snapshot
from tests.support.cli_run import Ran
from tests.support.gitrepo import Content, make_repo

GOLDEN = Path(__file__).parents[1] / "golden" / "init"
Init = Callable[..., Ran]
WASH = "\nWash the cup with hot water afterwards.\n"


def golden(name: str, text: str) -> None:
    if os.environ.get("AMTS_GOLDEN") == "write":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def reports(ran: Ran, key: str) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    found = ran.json()[key]
    assert isinstance(found, list)
    return found


def pull(book: Path, number: int = 1) -> Path:
    return book / "tea-zh" / ".amts" / "pull-requests" / "init" / str(number)


def open_books(
    folder: Path, english: list[Mapping[str, Content]], translation: Mapping[str, Content]
) -> tuple[Snapshot, History, Snapshot]:
    """The source at its head with its history, and the translation, from the files of their commits."""
    snapshots = []
    for name, commits in (("en", english), ("translation", [translation])):
        make_repo(folder / name, *commits)
        repository = Repository.open(folder / name, folder)
        snapshots.append(repository.snapshot(repository.head("main")))
    return snapshots[0], read_history(snapshots[0].repository, snapshots[0].commit), snapshots[1]
