"""The output of every command: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.book.files import json_bytes
from bot.book.workers import Advance, no_progress
from bot.cli.options import Json, Quiet, QuietDocument
from bot.forge.failures import storage_failure
from bot.markup.visible import visible, visible_line

if TYPE_CHECKING:
    from bot.forge.base import PullRequest

_MAX_TABLE_WIDTH = 10_000


@dataclass(frozen=True)
class Output:
    """`quiet` prints errors only, `as_json` results as JSON only. What nobody can see in a text or a name is shown as
    an escape: a terminal takes some of it for commands."""

    quiet: bool = False
    as_json: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False, emoji=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, emoji=False))

    @property
    def is_silent(self) -> bool:
        return self.quiet or self.as_json

    def say(self, text: str) -> None:
        """A line for a person, without any markup."""
        if not self.is_silent:
            self.out.print(escape(visible(text)), soft_wrap=True)

    def heading(self, text: str) -> None:
        if not self.is_silent:
            self.out.print(f"\n[bold]{escape(visible(text))}[/bold]", soft_wrap=True)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], total: Sequence[str] = ()) -> None:
        """Names in the first column, numbers in the others. Leaves out a column of numbers that is empty in all rows.
        Never folds or cuts a cell: a terminal that is too narrow wraps the line."""
        if self.is_silent:
            return
        used = [i for i in range(len(header)) if i == 0 or any(row[i] for row in rows)]
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
        for i in used:
            table.add_column(header[i], justify="right" if i else "left", no_wrap=True)
        for row in rows:
            table.add_row(*(escape(visible_line(row[i])) for i in used))
        if total:
            table.add_section()
            table.add_row(*(total[i] for i in used))
        table.width = Measurement.get(self.out, self.out.options.update(max_width=_MAX_TABLE_WIDTH), table).maximum
        self.out.print(table, crop=False, soft_wrap=True)

    def data(self, value: object) -> None:
        """The result as JSON, if `as_json`."""
        if self.as_json:
            self.result(json_bytes(value, indent=2))

    def result(self, data: bytes) -> None:
        """The result on standard output. Raises StorageError if it can't be written."""
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise storage_failure("standard output", error.strerror or type(error).__name__) from error

    @contextmanager
    def progress(self) -> Iterator[Advance]:
        """A bar for each stage while it runs, on a terminal."""
        if self.is_silent or not self.err.is_terminal:
            yield no_progress
            return
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        # Without a thread that redraws: a process with threads must not be forked, and the stages fork.
        with Progress(*columns, console=self.err, transient=True, auto_refresh=False) as bars:
            tasks: dict[str, TaskID] = {}

            def advance(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total)
                bars.update(tasks[stage], completed=done, total=total, refresh=True)

            yield advance


def make_output(as_json: Json = False, quiet: Quiet = False) -> Output:
    """The output that `--json` and `--quiet` ask for."""
    return Output(quiet, as_json)


def make_document_output(as_json: Json = False, quiet: QuietDocument = False) -> Output:
    """The same, for a command whose result is a document."""
    return Output(quiet, as_json)


def pull_request_data(pull: PullRequest) -> dict[str, object]:
    """For `--json`."""
    return {"number": pull.number, "location": pull.location, "head": pull.head}


def number(value: int) -> str:
    """For a table: empty for zero, which lets other numbers stand out."""
    return f"{value:,}" if value else ""


def by_folder(rows: Sequence[tuple[str, str, Sequence[str]]]) -> list[list[str]]:
    """Rows of path, remark and numbers, grouped below a row per folder: names then fit into a narrow terminal."""
    grouped: list[list[str]] = []
    folder = ""
    for path, remark, numbers in sorted(rows, key=lambda row: row[0].rpartition("/")[::2]):
        parent, _, name = path.rpartition("/")
        if parent != folder:
            grouped.append([f"{parent}/", *("" for _ in numbers)])
            folder = parent
        label = f"  {name}" if parent else name
        grouped.append([f"{label} ({remark})" if remark else label, *numbers])
    return grouped
