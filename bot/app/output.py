"""What the terminal shows: tables and progress on standard error, results and JSON on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.app.parallel import Advance, no_progress


@dataclass(frozen=True)
class Output:
    """How much is said: `quiet` says errors only, `json` results as data only."""

    quiet: bool = False
    as_json: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    @property
    def is_silent(self) -> bool:
        return self.quiet or self.as_json

    def say(self, text: str) -> None:
        """A line for a person; `text` is shown as it is."""
        if not self.is_silent:
            self.out.print(escape(text), soft_wrap=True)

    def heading(self, text: str) -> None:
        if not self.is_silent:
            self.out.print(f"\n[bold]{escape(text)}[/bold]", soft_wrap=True)

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int = 1) -> None:
        if self.is_silent:
            return
        table = Table(title=escape(title), title_justify="left", header_style="bold", pad_edge=False)
        for index, name in enumerate(header):
            table.add_column(name, justify="left" if index < numbers_from else "right", overflow="fold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self.out.print(table)

    def data(self, value: object) -> None:
        """The result as JSON, where that was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def progress(self) -> Iterator[Advance]:
        """A bar for each stage while it runs, on a terminal."""
        if self.is_silent or not self.err.is_terminal:
            yield no_progress
            return
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=self.err, transient=True) as bars:
            tasks: dict[str, TaskID] = {}

            def advance(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total)
                bars.update(tasks[stage], completed=done, total=total)

            yield advance
