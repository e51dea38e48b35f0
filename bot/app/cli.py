"""The command `amts`: options in, exit code out; every error a user can meet is caught here, once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.app import checking, demo, documents, statuses, syncs
from bot.app.output import Output
from bot.errors import AmtsError

app = typer.Typer(
    name="amts",
    help="Keeps the translations of a book in step with its source, sentence by sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

ConfigOption = Annotated[Path, typer.Option("--config", help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Languages = Annotated[list[str] | None, typer.Option("--language", "-l", help="Only this language (repeatable).")]
LanguageCode = Annotated[str, typer.Option("--language", "-l", help="Language code of the translation, such as zh.")]
SourceCode = Annotated[str, typer.Option("--source-language", help="Language code of the source.")]
DEFAULT_CONFIG = Path("amts.yaml")


@app.command("demo")
def demo_command(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where to put the sample book (default: a new folder).")
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
    path: Annotated[list[str] | None, typer.Option("--path", help="Only files that match (repeatable).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring the translations in step with the source and open one pull request per language."""
    syncs.run(config, language or [], path or [], Output(quiet, as_json), dry_run=dry_run)


@app.command("status")
def status_command(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show, per language and file, what is current, stale or missing, and how much there is to translate."""
    statuses.run(config, language or [], Output(quiet, as_json))


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
    checking.run(config, Output(quiet, as_json or schema), schema=schema)


@app.command("merge")
def merge_command(
    base: Annotated[Path, typer.Option(help="The English that the translation was made from.")],
    source: Annotated[Path, typer.Option(help="The English of today.")],
    target: Annotated[Path, typer.Option(help="The translation.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    engine: Annotated[str, typer.Option(help="copy or memory.")] = "memory",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write (default: standard output).")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a JSON report of every edit to this file.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Merge one document, without git: the new translation, with every sentence kept whose English did not change."""
    inputs = documents.MergeInputs(base, source, target, language, source_language, engine)
    documents.merge(inputs, output, report, Output(quiet, as_json))


@app.command("align")
def align_command(
    source: Annotated[Path, typer.Argument(help="The source document.")],
    target: Annotated[Path, typer.Argument(help="Its translation.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    level: Annotated[documents.Level, typer.Option(help="What is linked.")] = documents.Level.SENTENCE,
    output_format: Annotated[
        documents.Format, typer.Option("--format", help="How the links are written.")
    ] = documents.Format.JSONL,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write (default: standard output).")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find which sentence of a translation translates which, with character offsets and a score."""
    options = documents.AlignOptions(language, source_language, level, output_format)
    documents.align_files(source, target, options, output, Output(quiet, as_json))


def main() -> None:
    """Runs the command line. Exit codes: those of bot.errors, 2 for wrong usage, 130 for an interrupt."""
    try:
        app()
    except AmtsError as error:
        sys.stdout.flush()
        sys.stderr.write(f"amts: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("amts: interrupted; nothing half-done was published\n")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has closed it; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
