"""Options that several commands have, and what those of one command may be; imports nothing that is slow to load."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("amts.yaml")

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", "-l", help="Only this language of the configuration (repeatable).")
]
NamedLanguages = Annotated[
    list[str], typer.Option("--language", "-l", help="A language of the configuration (repeatable).")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Processes at work (default: one for each processor).")
]


class AlignFormat(StrEnum):
    """How `amts align` writes the links."""

    JSONL = "jsonl"
    TMX = "tmx"
    CSV = "csv"


class MergeEngine(StrEnum):
    """The engines that need no configuration."""

    COPY = "copy"
    MEMORY = "memory"


class ListFormat(StrEnum):
    """How `amts term mine` writes the terms that it proposes."""

    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
