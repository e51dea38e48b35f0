"""The pytest fixtures `init` and `book`: the command where a small book and its translation are."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bot.cli.init import command as init_command
from bot.errors import AmtsError
from tests.support.cli_run import BOOK_ZH, CUPS, ENGLISH, HABITS, HABITS_ZH, WAIT, Ran
from tests.support.gitrepo import add_commits, make_repo
from tests.support.init_run import WASH, Init


@pytest.fixture
def init(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Init:
    """The command in this process, run where the books are."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(init_command)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code, said = 0, ""
        try:
            app([*map(str, arguments), "--jobs", "1"], standalone_mode=False)
        except AmtsError as error:
            code, said = error.exit_code, str(error)
        out, err = capsys.readouterr()
        return Ran(code, out, err + said)

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book in English, one chapter ahead of its Chinese translation, which is a checkout."""
    make_repo(tmp_path / "tea", {"tea.md": ENGLISH, "cups.md": CUPS, "README.md": "The book.\n", **HABITS})
    make_repo(tmp_path / "tea-zh", {**BOOK_ZH, **HABITS_ZH, "README.md": "这本书。\n"}, bare=False)
    add_commits(
        tmp_path / "tea", {"tea.md": ENGLISH + "\n" + WAIT + WASH, "pots/clay.md": "# Clay\n\nA pot of clay.\n"}
    )
    return tmp_path
