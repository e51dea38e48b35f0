"""The command `amts`. Each subcommand is loaded when it is asked for; every error becomes an exit code here."""

from __future__ import annotations

import io
import logging
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from traceback import format_exception
from types import FrameType, TracebackType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot.cli.failures import foreseen
from bot.errors import AmtsError
from bot.markup.visible import visible
from bot.network.processes import end_processes

COMMANDS: Mapping[str, str] = {
    "demo": "Sync a sample book into two languages, offline, and show the pull requests.",
    "init": "Propose a configuration for a source and its translations, as a pull request or as a file.",
    "engines": "List the kinds of translation engines: what the book can teach each, and what it needs.",
    "check": "Validate the configuration, and the repositories, engines and files that it names.",
    "status": "Show which files of each language are current, stale or missing, and how much is left to translate.",
    "habits": "Show what people carry over when the English changes, learned from each translation's history.",
    "sync": "Bring the translations in step with the source: one pull request per language.",
    "accept": "Accept translations that stand although their English changed, or list them.",
    "run": "Run as a service that syncs by schedule and by webhook, and answers commands in comments.",
    "action": "Run as a step of a GitHub Actions workflow: sync, or follow a command in a comment.",
    "merge": "Merge one document without git: sentences whose English did not change keep their translation.",
    "align": "Find which sentence of a translation translates which, with character offsets and scores.",
    "term": "Work with the translators' glossary: check it, push it to the translation service, propose terms.",
    "parallel-data": "Extract sentence pairs that people translated, and teach them to a translation service.",
    "corpus": "Extract general parallel data from documents, web pages and memories other than the book.",
    "evaluate": "Score how well an engine translates articles of the book, with and without parallel data.",
    "emulator": "Run a local stand-in for Amazon Translate and S3: no account, no cost.",
}
"""The subcommands with their help. `bot.cli.NAME` holds each as `command`: a function, or an app of several."""


# The class of all errors of usage, which Typer has from Click or in a copy of its own.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


class LazyGroup(TyperGroup):
    """Commands of which each is loaded when it is run or asked for its help."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and name in COMMANDS else command, rest

    def make_context(self, *args: Any, **extra: Any) -> Any:
        with _visible_refusals():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _visible_refusals():
            return super().invoke(ctx)


@contextmanager
def _visible_refusals() -> Iterator[None]:
    """Wrong usage is explained with the words of the command line, which may be file names."""
    try:
        yield
    except _UsageError as error:
        error.message = visible(error.message)  # type: ignore[attr-defined]  # what is shown of it
        raise


def load(name: str) -> Any:
    """The command itself, as Typer made it."""
    command = import_module(f"bot.cli.{name.replace('-', '_')}").command
    holder = typer.Typer(rich_markup_mode="markdown")
    if isinstance(command, typer.Typer):
        holder.add_typer(command, name=name, help=COMMANDS[name])
    else:
        holder.command(name, help=COMMANDS[name])(command)
    return get_group(holder).commands[name]


app = typer.Typer(
    name="amts",
    cls=LazyGroup,
    help="Keeps the translations of a book in step with its source, sentence by sentence.",
    epilog="Start with `amts demo`. It needs no network and no account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _never_run() -> None:
    """Stands for a command in the list."""


for _name, _help in COMMANDS.items():
    app.command(_name, help=_help)(_never_run)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"amts {version('amts')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, instead of interrupting: for a command that serves until it is stopped."""
    stopped = threading.Event()
    handlers = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class _InterruptedError(BaseException):
    """Control-C or SIGTERM. Not an Exception: no library may catch it."""


def main() -> None:
    """Runs the command line. Exit codes: see bot.errors; 2 for wrong usage, 130 for an interrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a letter gets an escape, not a crash.
            stream.reconfigure(errors="backslashreplace")
    sys.excepthook = _show_crash
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_VisibleFormatter())
    try:
        with foreseen():
            app()
    except AmtsError as error:
        sys.stderr.write(f"amts: {visible(str(error))}\n")
        sys.exit(error.exit_code)
    except _InterruptedError:
        sys.stderr.write("amts: interrupted; nothing half-done was published, so run again when you like\n")
        sys.exit(130)


class _VisibleFormatter(logging.Formatter):
    """For what is logged outside the service, which has a formatter of its own."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _show_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(visible("".join(format_exception(kind, error, trace))))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    end_processes(0)  # other threads wait for them
    raise _InterruptedError
