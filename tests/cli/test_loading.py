"""What a command imports: nothing that it does not use, so that small ones start fast."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.cli.loading import COMMANDS, load

_LIST = "import sys; print(*sys.modules)"


def _loaded(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}; {_LIST}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_in_the_list_is_what_the_command_says_of_itself(name: str) -> None:
    assert load(name).help == COMMANDS[name].help


def test_the_list_of_commands_needs_no_library_that_is_slow_to_load() -> None:
    assert not {"git", "numpy", "pydantic", "yaml"} & _loaded("import bot.cli")


@pytest.mark.parametrize("name", ["evaluate", "parallel-data", "term"])
def test_the_options_of_a_command_load_nothing_of_what_it_does(name: str) -> None:
    loaded = _loaded(f"from bot.cli.loading import load; load({name!r})")
    assert COMMANDS[name].module in loaded
    assert (
        not {"boto3", "git", "numpy", "pydantic", "yaml", "bot.book.project", "bot.documents", "bot.engines"} & loaded
    )


def test_aligning_loads_neither_git_nor_the_schema_nor_an_engine() -> None:
    loaded = _loaded("import bot.cli.align_pairs")
    assert "bot.alignment" in loaded
    assert not {"git", "bot.config.schema", "bot.engines", "bot.pipeline"} & loaded


def test_an_engine_is_loaded_when_it_is_made() -> None:
    loaded = _loaded(
        "from bot.engines import EngineOptions, create_engine; create_engine('copy', EngineOptions(read_text=str))"
    )
    assert "bot.engines.copy" in loaded
    assert not {"bot.engines.amazon.engine", "bot.engines.memory"} & loaded
