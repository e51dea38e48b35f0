"""`amts term`: glossaries of translators, read, pushed to Amazon Translate, and compared with translations.

What the commands do is in `term_glossary`, `term_remote` and `term_mine`, which are slow to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, ListFormat, NamedLanguages, Quiet
from bot.cli.output import Output
from bot.errors import UsageError

app = typer.Typer(help="Terms: the translators' glossary, and whether translations follow it.")


@app.callback()
def root() -> None:
    """A command of its own for each thing to do with terms."""


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(help="A glossary: Markdown list or table, CSV, TSV, TBX or TMX.")],
    language: Annotated[str, typer.Option("--language", "-l", help="Language of the translation, such as zh.")],
    source_language: Annotated[str, typer.Option("--source-language", help="Language of the source.")] = "en",
    source: Annotated[Path | None, typer.Option(help="A document of the source…")] = None,
    target: Annotated[Path | None, typer.Option(help="…and its translation, to find terms not followed.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a glossary and say what it holds; with two documents, which of its terms the translation does not follow."""
    from bot.cli.term_glossary import check, compare

    codes, out = (source_language, language), Output(quiet, as_json)
    if source is not None and target is not None:
        compare(file, (source, target), codes, out)
    elif source is None and target is None:
        check(file, codes, out)
    else:
        raise UsageError("name a document with --source and its translation with --target, or none of them")


@app.command("import")
def import_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    force: Annotated[bool, typer.Option("--force", help="Import the terms even where they are there.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Push the glossaries of the configuration to Amazon Translate."""
    from bot.cli.term_remote import import_terms

    import_terms(config, language or [], Output(quiet, as_json), force=force)


@app.command("list")
def list_command(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> None:
    """List all terminologies of the account, in the regions of the configuration."""
    from bot.cli.term_remote import list_states

    list_states(config, Output(quiet, as_json))


@app.command("show")
def show_command(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show the terminology of each language, and whether it is the glossary of today."""
    from bot.cli.term_remote import show

    show(config, language or [], Output(quiet, as_json))


@app.command("delete")
def delete_command(
    language: NamedLanguages, config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Delete the terminology of the languages named from Amazon Translate."""
    from bot.cli.term_remote import delete

    delete(config, language, Output(quiet, as_json))


@app.command("mine")
def mine_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    drafts: Annotated[
        list[Path] | None,
        typer.Option(help="Machine drafts: a memory, or a JSON list of path and commit (repeatable)."),
    ] = None,
    least: Annotated[int, typer.Option("--min-count", min=2, help="In how many sentences a term stands.")] = 5,
    consistency: Annotated[
        float, typer.Option("--min-consistency", min=0, max=1, help="The least share that is translated the same way.")
    ] = 0.6,
    limit: Annotated[int, typer.Option(min=0, help="How many terms to propose (0: all).")] = 100,
    output_format: Annotated[
        ListFormat, typer.Option("--format", help="The format of the list.")
    ] = ListFormat.MARKDOWN,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write (default: standard output).")
    ] = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Propose terms that people translate consistently, and, given its drafts, a machine doesn't."""
    from bot.cli.term_mine import Options, run
    from bot.glossary.mining import Thresholds

    thresholds = Thresholds(least=least, consistency=consistency)
    options = Options(language or [], drafts or [], thresholds, limit, output_format, output, jobs)
    run(config, options, Output(quiet, as_json))
