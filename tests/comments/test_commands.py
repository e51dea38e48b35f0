"""The table of all commands: complete, and the same in the docs and in the answer to `/amts help`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import bot.comments
from bot.comments.answers import guarded
from bot.comments.commands import COMMANDS
from bot.comments.help import help_answer
from bot.comments.parsing import Form


def test_every_form_of_the_room_is_registered() -> None:
    folder = Path(bot.comments.__file__).parent
    modules = [import_module(f"bot.comments.{path.stem}") for path in folder.glob("*.py")]
    forms = [value for module in modules for value in vars(module).values() if isinstance(value, Form)]
    assert {form.usage for form in forms} == {form.usage for form in COMMANDS.values()}


def test_the_docs_have_the_table_of_all_commands() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "comments.md").read_text("utf-8").replace("\\|", "|")
    table = "".join(f"| `/amts {form.usage}` | {form.help} |\n" for form in COMMANDS.values())
    assert f"|---|---|\n{table}\n" in page


def test_every_usage_is_listed_and_none_is_a_command_itself() -> None:
    answer = guarded(help_answer(COMMANDS.values()))
    for form in COMMANDS.values():
        assert f"`/amts {form.usage}`" in answer
    assert not any(line.startswith("/amts") for line in answer.split("\n"))
