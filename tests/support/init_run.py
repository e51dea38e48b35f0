"""What the tests of `amts init` share: golden files, the report, and the pull requests of the example book."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.cli_run import Ran

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
