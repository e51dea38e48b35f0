"""A program keeps the contract of every engine, in each markup."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.engines.command.settings import CommandSettings
from tests.support import translating_program
from tests.support.engine_contract import EngineContract

PROGRAM = (sys.executable, "-I", str(Path(translating_program.__file__)))


class TestCommand(EngineContract):
    settings = CommandSettings(kind="command", command=(*PROGRAM, "knows a few"))


class TestCommandWithMarkdown(EngineContract):
    settings = CommandSettings(kind="command", command=(*PROGRAM, "knows a few"), markup="markdown")


class TestRevisingCommand(EngineContract):
    settings = CommandSettings(
        kind="command", command=(*PROGRAM, "knows a few"), markup="markdown", revises=True, examples=3, terms=True
    )
