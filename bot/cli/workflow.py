"""The protocol between a step and its GitHub Actions runner: files for summary and outputs, commands for annotations.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from bot.forge.failures import storage_errors
from bot.markup.sending import fitting_body, safe_body
from bot.markup.visible import visible

# The runner refuses more than 1 MiB, and a character has up to four bytes.
_MAX_SUMMARY = 250_000


@dataclass
class Workflow:
    """A context in which the runner takes no printed text for a command; texts of a book or a comment may look like
    one. The files are None outside a runner; then nothing is written."""

    summary_file: Path | None
    output_file: Path | None
    _token: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        files = (environment.get(name, "") for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"))
        summary, output = (Path(file) if file else None for file in files)
        return cls(summary, output)

    def __enter__(self) -> Self:
        self._stop()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        # After an error, its message is still to be printed.
        if error is None:
            self._go_on()

    def annotate(self, kind: str, text: str) -> None:
        """Shows an annotation of this kind: notice, warning or error."""
        escaped = visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        self._go_on()
        _print(f"::{kind} title=AMTS::{escaped}")
        self._stop()

    def summary(self, markdown: str, pages: Collection[str] = ()) -> None:
        """Adds to the job's summary; its links lead to these `pages` of repositories. Raises StorageError."""
        _append(self.summary_file, f"{safe_body(fitting_body(markdown, _MAX_SUMMARY), pages).rstrip()}\n\n")

    def output(self, name: str, value: str) -> None:
        """Sets an output of the step; the value may hold any text. Raises StorageError."""
        end = f"end_{uuid4().hex}"
        _append(self.output_file, f"{name}<<{end}\n{value}\n{end}\n")

    def _stop(self) -> None:
        self._token = uuid4().hex
        _print(f"::stop-commands::{self._token}")

    def _go_on(self) -> None:
        _print(f"::{self._token}::")


def _print(line: str) -> None:
    # Keeps the order of annotations and other output.
    sys.stderr.flush()
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _append(file: Path | None, text: str) -> None:
    if file is not None:
        with storage_errors(file), file.open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
