"""`amts parallel-data`: the pairs of the book that can teach a translation service, as files and in Amazon Translate.

What the commands do is in `parallel_data_build` and `parallel_data_remote`, which are slow to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, NamedLanguages, Quiet
from bot.cli.output import Output
from bot.parallel_data.options import HELD_OUT, MIN_SCORE, Format, Level

app = typer.Typer(help="Parallel data: sentence pairs that people translated, to teach a translation service.")


@app.callback()
def root() -> None:
    """A command of its own for each thing to do with parallel data."""


@app.command("build")
def build_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    level: Annotated[Level, typer.Option(help="What a pair is.")] = Level.SENTENCE,
    output_format: Annotated[Format, typer.Option("--format", help="The format of the pairs.")] = Format.CSV,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path("parallel-data"),
    held_out: Annotated[
        int, typer.Option(min=0, help="Hold out about one source text in this many, for scoring (0: none).")
    ] = HELD_OUT,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="The least alignment score of a pair.")] = MIN_SCORE,
    imports: Annotated[
        list[Path] | None, typer.Option("--import", help="Add the pairs of a TMX, CSV, TSV or XLIFF file (repeatable).")
    ] = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the pairs of every language, a held-out set, and where each pair comes from."""
    from bot.cli.parallel_data_build import Options, run

    options = Options(language or [], level, output_format, held_out, min_score, imports or [], jobs)
    run(config, options, output, Output(quiet, as_json))


@app.command("push")
def push_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    force: Annotated[bool, typer.Option("--force", help="Import the pairs even where they are in force.")] = False,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Teach Amazon Translate the pairs of the book, and wait until it has learnt them."""
    from bot.cli.parallel_data_remote import push

    push(config, language or [], jobs, Output(quiet, as_json), force=force)


@app.command("list")
def list_command(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> None:
    """List all parallel data of the account, in the regions of the configuration."""
    from bot.cli.parallel_data_remote import list_states

    list_states(config, Output(quiet, as_json))


@app.command("show")
def show_command(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show the parallel data of each language: its state, its counts, and why records were left out."""
    from bot.cli.parallel_data_remote import show

    show(config, language or [], Output(quiet, as_json))


@app.command("download")
def download_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path("parallel-data"),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Download the pairs that are in force."""
    from bot.cli.parallel_data_remote import download_content

    download_content(config, language or [], output, Output(quiet, as_json))


@app.command("delete")
def delete_command(
    language: NamedLanguages, config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Delete the parallel data of the languages named, its files in the bucket included."""
    from bot.cli.parallel_data_remote import delete

    delete(config, language, Output(quiet, as_json))
