"""The command `amts`: options in, exit code out; every error a user can meet is caught here, once.

What a command needs is imported when it is called, so that `amts --help` and the small commands start fast.
"""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot.cli.loading import LazyGroup, register
from bot.cli.options import (
    DEFAULT_CONFIG,
    AlignFormat,
    ConfigOption,
    Jobs,
    Json,
    Languages,
    MergeEngine,
    Quiet,
)
from bot.emulator import EmulatorSettings, Fallback
from bot.errors import AmtsError, UsageError
from bot.parallel_data.options import Level

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

QuietDocument = Annotated[bool, typer.Option("--quiet", "-q", help="Print the document and errors only.")]
LanguageCode = Annotated[str, typer.Option("--language", "-l", help="Language of the translation, such as zh.")]
SourceCode = Annotated[str, typer.Option("--source-language", help="Language of the source.")]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write (default: standard output).")]


def _print_version(wanted: bool) -> None:
    if wanted:
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


@app.command("demo")
def demo_command(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A new folder for the sample book (default: a temporary one).")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Sync a sample book in two languages, offline, and show its pull requests."""
    from bot.cli import demo
    from bot.cli.output import Output

    demo.run(folder, Output(quiet, as_json))


@app.command("sync")
def sync_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="Only files that match this pattern (repeatable).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for batch jobs, or leave them to a later run (exit code 10).")
    ] = True,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring the translations in step with the source and open one pull request per language."""
    from bot.cli import sync
    from bot.cli.output import Output

    sync.run(config, sync.Wanted(language or [], path or [], dry_run, wait, jobs), Output(quiet, as_json))


@app.command("status")
def status_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what is current, stale or missing in each language, and how much there is to translate."""
    from bot.cli import status
    from bot.cli.output import Output

    status.run(config, language or [], jobs, Output(quiet, as_json))


@app.command("check")
def check_command(
    config: ConfigOption = DEFAULT_CONFIG,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration instead.")
    ] = False,
    aws: Annotated[
        bool, typer.Option("--aws", help="Look at identity, region, bucket and role in AWS as well.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Validate the configuration and what it points to."""
    from bot.cli import check
    from bot.cli.output import Output

    if schema:
        check.print_schema(Output(quiet, as_json=True))
    else:
        check.run(config, Output(quiet, as_json), aws=aws)


@app.command("merge")
def merge_command(
    base: Annotated[Path, typer.Option(help="The English that the translation was made from.")],
    source: Annotated[Path, typer.Option(help="The English of today.")],
    target: Annotated[Path, typer.Option(help="The translation.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    engine: Annotated[
        MergeEngine, typer.Option(help="What to do with new sentences: copy the English, or ask the memory.")
    ] = MergeEngine.MEMORY,
    output: OutputFile = None,
    report: Annotated[Path | None, typer.Option(help="Write a list of all edits to this file, as JSON.")] = None,
    as_json: Json = False,
    quiet: QuietDocument = False,
) -> None:
    """Merge one document, without git: what did not change in the English keeps its translation."""
    from bot.cli import merge
    from bot.cli.output import Output

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
    level: Annotated[Level, typer.Option(help="What is linked.")] = Level.SENTENCE,
    output_format: Annotated[
        AlignFormat, typer.Option("--format", help="Offsets as JSON lines, or texts as TMX or CSV.")
    ] = AlignFormat.JSONL,
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
    from bot.cli import align, align_pairs
    from bot.cli.output import Output

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


@app.command("emulator")
def emulator_command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port (0: a free one).")] = 0,
    memory: Annotated[
        list[Path] | None,
        typer.Option(help="Recorded translations to answer from: TMX, CSV, TSV or XLIFF (repeatable)."),
    ] = None,
    fallback: Annotated[
        Fallback, typer.Option(help="What is said of any other text: accented letters, or the text itself.")
    ] = Fallback.PSEUDO,
    bucket: Annotated[
        list[str] | None, typer.Option(help="A bucket that is there from the start (repeatable).")
    ] = None,
    job_seconds: Annotated[float, typer.Option(min=0, help="How long a batch job takes.")] = 5.0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a local stand-in for Amazon Translate and S3: for trying things out, with no account and no cost."""
    from bot.cli import emulator
    from bot.cli.output import Output

    settings = EmulatorSettings(
        port=port, memory=tuple(memory or []), buckets=tuple(bucket or []), fallback=fallback, job_seconds=job_seconds
    )
    emulator.run(settings, Output(quiet, as_json))


register(app)


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
