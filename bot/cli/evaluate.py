"""`amts evaluate`: how well an engine translates articles of the book, without and with what it can be taught.

What the command does is in `evaluate_articles`, which is slow to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, Quiet
from bot.cli.output import Output
from bot.model import Placeables
from bot.parallel_data.options import Level
from bot.quality.design import Design, EvaluatedDirection


def evaluate_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="Only articles that match this pattern (repeatable).")
    ] = None,
    direction: Annotated[
        list[EvaluatedDirection] | None, typer.Option(help="Which way to translate (repeatable; default: both).")
    ] = None,
    unit: Annotated[
        list[Level] | None, typer.Option(help="What is translated and scored (repeatable; default: sentence).")
    ] = None,
    pairs: Annotated[
        list[Level] | None, typer.Option(help="What the engine is taught (repeatable; default: each of both).")
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Leave all articles out of what is taught at once: fewer resources.")
    ] = False,
    engine: Annotated[str, typer.Option(help="Another engine of the configuration, or copy or memory.")] = "",
    placeables: Annotated[
        Placeables, typer.Option(help="What formulas, code and references count in the scores.")
    ] = Placeables.TOKENS,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path("evaluation"),
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the quote says.")] = False,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Translate articles anew without and with parallel data, and score the answers against the human translation."""
    from bot.cli.evaluate_articles import Wanted, run

    design = Design(
        tuple(dict.fromkeys(direction or EvaluatedDirection)),
        tuple(dict.fromkeys(unit or [Level.SENTENCE])),
        tuple(dict.fromkeys(pairs or [Level.PARAGRAPH, Level.SENTENCE])),
        together,
    )
    wanted = Wanted(language or [], path or [], design, engine, placeables, yes, jobs)
    run(config, wanted, output, Output(quiet, as_json))
