"""The list of commands, and what a command imports: nothing that it does not use, so that small ones start fast."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.commands import COMMANDS, load
from tests.support.cli_run import CHINESE, ENGLISH

_LIST = "import sys; print(*sys.modules, file=sys.stderr)"
_SLOW = {"boto3", "git", "numpy", "pydantic", "yaml", "bot.book.project", "bot.documents", "bot.engines"}


def _loaded(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}; {_LIST}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())


def test_the_list_of_commands_needs_no_library_that_is_slow_to_load() -> None:
    assert not _SLOW & _loaded("import bot.cli")


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"init"}))
def test_the_options_of_a_command_load_nothing_of_what_it_does(name: str) -> None:
    loaded = _loaded(f"from bot.cli.commands import load; load({name!r})")
    assert f"bot.cli.{name.replace('-', '_')}" in loaded
    assert not _SLOW & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_its_line_in_the_list(name: str) -> None:
    assert load(name).help == COMMANDS[name]


def test_aligning_loads_neither_git_nor_the_schema_nor_an_engine(tmp_path: Path) -> None:
    for name, text in (("en.md", ENGLISH), ("zh.md", CHINESE)):
        (tmp_path / name).write_text(text, "utf-8")
    arguments = ["align", f"{tmp_path}/en.md", f"{tmp_path}/zh.md", "--language", "zh"]
    loaded = _loaded(f"from bot.cli.commands import app; app({arguments!r}, standalone_mode=False)")
    assert "bot.alignment" in loaded
    assert not {"git", "bot.config.schema", "bot.engines", "bot.pipeline"} & loaded


def test_an_engine_is_loaded_when_it_is_made() -> None:
    loaded = _loaded(
        "from bot.engines import EngineOptions, create_engine; create_engine('copy', EngineOptions(read_text=str))"
    )
    assert "bot.engines.copy" in loaded
    assert not {"bot.engines.amazon.engine", "bot.engines.memory"} & loaded
