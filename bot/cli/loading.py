"""Commands that hold their own options: their modules are imported when one of them is asked for, and for no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command, or an app of several, named `name` in `module`; `help` is its line in the list of commands."""

    module: str
    name: str
    help: str


COMMANDS: Mapping[str, Lazy] = {
    "action": Lazy(
        "bot.cli.action",
        "action_command",
        "A step of a GitHub Actions workflow: sync, or follow a command in a comment, as the event says.",
    ),
    "corpus": Lazy(
        "bot.cli.corpus",
        "app",
        "General parallel data: pairs from documents, web pages and memories that are not the book.",
    ),
    "evaluate": Lazy(
        "bot.cli.evaluate",
        "evaluate_command",
        "Translate articles anew without and with parallel data, and score the answers against the human translation.",
    ),
    "init": Lazy(
        "bot.cli.init",
        "init_command",
        "Propose a configuration for a source and its translations: as a pull request, or as a file with --write.",
    ),
    "parallel-data": Lazy(
        "bot.cli.parallel_data",
        "app",
        "Parallel data: sentence pairs that people translated, to teach a translation service.",
    ),
    "run": Lazy(
        "bot.cli.run",
        "run_command",
        "Run as a service: sync by schedule and by webhook, and answer commands in comments.",
    ),
    "term": Lazy("bot.cli.term", "app", "Terms: the translators' glossary, and whether translations follow it."),
}


class LazyGroup(TyperGroup):
    """The commands of an app, of which some are loaded when they are run or asked for help."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and name in COMMANDS else command, rest


def register(app: typer.Typer) -> None:
    """Names the commands to an app whose class is LazyGroup."""
    for name, lazy in COMMANDS.items():
        app.command(name, help=lazy.help)(_never_run)


def load(name: str) -> Any:
    """The command itself, as Typer made it."""
    lazy = COMMANDS[name]
    found = getattr(import_module(lazy.module), lazy.name)
    holder = typer.Typer(rich_markup_mode="markdown")
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return get_group(holder).commands[name]


def _never_run() -> None:
    """Stands for a command in the list."""
