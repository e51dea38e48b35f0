"""The command `amts`: options in, exit code out; every error a user can meet is caught here, once."""

from __future__ import annotations

import io
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot.app.cli import align, align_pairs, check, demo, merge, parallel_data, status, sync
from bot.app.cli.output import Output
from bot.errors import AmtsError, UsageError

app = typer.Typer(
    name="amts",
    help="Keeps the translations of a book in step with its source, sentence by sentence.",
    epilog="Start with `amts demo`. It needs no network and no account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
QuietDocument = Annotated[bool, typer.Option("--quiet", "-q", help="Print the document and errors only.")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", "-l", help="Only this language of the configuration (repeatable).")
]
LanguageCode = Annotated[str, typer.Option("--language", "-l", help="Language of the translation, such as zh.")]
SourceCode = Annotated[str, typer.Option("--source-language", help="Language of the source.")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Processes at work (default: one for each processor).")
]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write (default: standard output).")]
DEFAULT_CONFIG = Path("amts.yaml")
app.add_typer(parallel_data.app, name="parallel-data")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"amts {version('amts')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("demo")
def demo_command(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A new folder for the sample book (default: a temporary one).")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Sync a sample book in two languages, offline, and show its pull requests."""
    demo.run(folder, Output(quiet, as_json))


@app.command("sync")
def sync_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="Only files that match this pattern (repeatable).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")] = False,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring the translations in step with the source and open one pull request per language."""
    sync.run(config, sync.Wanted(language or [], path or [], dry_run, jobs), Output(quiet, as_json))


@app.command("status")
def status_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what is current, stale or missing in each language, and how much there is to translate."""
    status.run(config, language or [], jobs, Output(quiet, as_json))


@app.command("check")
def check_command(
    config: ConfigOption = DEFAULT_CONFIG,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration instead.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Validate the configuration and what it points to."""
    if schema:
        check.print_schema(Output(quiet, as_json=True))
    else:
        check.run(config, Output(quiet, as_json))


@app.command("merge")
def merge_command(
    base: Annotated[Path, typer.Option(help="The English that the translation was made from.")],
    source: Annotated[Path, typer.Option(help="The English of today.")],
    target: Annotated[Path, typer.Option(help="The translation.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    engine: Annotated[
        merge.Engine, typer.Option(help="What to do with new sentences: copy the English, or ask the memory.")
    ] = merge.Engine.MEMORY,
    output: OutputFile = None,
    report: Annotated[Path | None, typer.Option(help="Write a list of all edits to this file, as JSON.")] = None,
    as_json: Json = False,
    quiet: QuietDocument = False,
) -> None:
    """Merge one document, without git: what did not change in the English keeps its translation."""
    inputs = merge.Inputs(base, source, target, language, source_language, engine)
    merge.run(inputs, output, report, Output(quiet, as_json))


@app.command("align")
def align_command(
    language: LanguageCode,
    source: Annotated[Path | None, typer.Argument(help="The source document.")] = None,
    target: Annotated[Path | None, typer.Argument(help="Its translation.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Align many: a file with a source, a target and an output file a line, with tabs between."),
    ] = None,
    source_language: SourceCode = "en",
    level: Annotated[align.Level, typer.Option(help="What is linked.")] = align.Level.SENTENCE,
    output_format: Annotated[
        align.Format, typer.Option("--format", help="Offsets as JSON lines, or texts as TMX or CSV.")
    ] = align.Format.JSONL,
    embeddings: Annotated[
        Path | None, typer.Option(help="The folder of a sentence-transformers model to ask as well.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the links side by side instead.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the links side by side as a web page to this file.")] = None,
    output: OutputFile = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: QuietDocument = False,
) -> None:
    """Find which sentence of a translation translates which, with character offsets and a score."""
    options = align.Options(language, source_language, level, output_format, embeddings)
    out = Output(quiet, as_json)
    if (explain or html) and (output or pairs or (as_json and html is None)):
        raise UsageError("--explain and --html show the links of two documents to a person; leave out the other output")
    if pairs is None and source is not None and target is not None and (explain or html):
        align.explain_links(source, target, options, html, out)
    elif pairs is None and source is not None and target is not None:
        align.run(source, target, options, output, out)
    elif pairs is not None and source is None and output is None:
        align_pairs.run(pairs, options, jobs, out)
    else:
        raise UsageError("name a source document and its translation, or a list with --pairs and no --output")


class _InterruptedError(BaseException):
    """Control-C or a polite kill; no library on the way mistakes it for an error of its own."""


def main() -> None:
    """Runs the command line. Exit codes: those of bot.errors, 2 for wrong usage, 130 for an interrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a letter gets an escape, not a crash.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except AmtsError as error:
        sys.stderr.write(f"amts: {error}\n")
        sys.exit(error.exit_code)
    except _InterruptedError:
        sys.stderr.write("amts: interrupted; nothing half-done was published, so run again when you like\n")
        sys.exit(130)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _InterruptedError
