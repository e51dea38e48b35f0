"""`amts evaluate`: how well an engine translates articles of the book, with and without what it can be taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.files import check_folder, write_files
from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, OutputFolder, Quiet
from bot.cli.output import Output
from bot.model import Placeables
from bot.parallel_data.options import Level
from bot.quality.design import Design, EvaluatedDirection

if TYPE_CHECKING:
    from bot.book.edition import Source
    from bot.book.project import Project


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """`engine` is "" for the engine of each language. Without `yes`, nothing is asked that costs money."""

    languages: Sequence[str]
    paths: Sequence[str]
    design: Design
    engine: str
    placeables: Placeables
    yes: bool
    jobs: int | None


def command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="Only articles that match this pattern (repeatable).")
    ] = None,
    direction: Annotated[
        list[EvaluatedDirection] | None, typer.Option(help="The direction to translate in (repeatable; default: both).")
    ] = None,
    unit: Annotated[
        list[Level] | None, typer.Option(help="The unit to translate and score (repeatable; default: sentence).")
    ] = None,
    pairs: Annotated[
        list[Level] | None, typer.Option(help="The pairs to teach the engine (repeatable; default: both kinds).")
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Leave all articles out of one training set: fewer resources.")
    ] = False,
    engine: Annotated[str, typer.Option(help="Another engine of the configuration, or copy or memory.")] = "",
    placeables: Annotated[
        Placeables, typer.Option(help="How formulas, code and references count in the scores.")
    ] = Placeables.TOKENS,
    output: OutputFolder = Path("evaluation"),
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the quote says.")] = False,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    design = Design(
        tuple(dict.fromkeys(direction or EvaluatedDirection)),
        tuple(dict.fromkeys(unit or [Level.SENTENCE])),
        tuple(dict.fromkeys(pairs or [Level.PARAGRAPH, Level.SENTENCE])),
        together,
    )
    request = EvaluationRequest(language or [], path or [], design, engine, placeables, yes, jobs)
    evaluate(config, request, output, Output(quiet, as_json))


def evaluate(config: Path, request: EvaluationRequest, folder: Path, out: Output) -> None:
    """Raises VerificationError for a leak and ConfigError if scores can't be computed, both before any cost."""
    from bot.book.edition import open_source
    from bot.book.project import load_project
    from bot.evaluation.scores import require_scorers

    check_folder(folder)
    project = load_project(config)
    names = project.select(request.languages)
    for name in names:
        for direction in request.design.directions:
            require_scorers(direction.languages(project.direction(name)).target)
    source = open_source(project)
    data = {name: _evaluate(project, source, name, request, folder, out) for name in names}
    out.data({"output": str(folder), "languages": data})


def _evaluate(
    project: Project, source: Source, name: str, request: EvaluationRequest, folder: Path, out: Output
) -> dict[str, object]:
    from bot.book.edition import open_edition
    from bot.book.workers import Runner
    from bot.evaluation.scores import Metric
    from bot.quality.answers import AnswerStore
    from bot.quality.articles import read_evaluation_data
    from bot.quality.evaluation_report import EvaluationReport, as_data, markdown, report_files
    from bot.quality.experiment import open_experiment_engine, plan_experiment, quote_experiment, run_experiment
    from bot.quality.scoring import score_experiment

    design, placeables = request.design, request.placeables
    engine = open_experiment_engine(project, name, request.engine, out.say)
    with out.progress() as advance:
        edition = open_edition(project, source, name, Runner(request.jobs, advance))
        texts = read_evaluation_data(edition, request.paths, design)
    out.heading(f"{name}: {engine.label}")
    experiment = plan_experiment(texts, edition.direction, design, engine, out.say)
    store = AnswerStore(folder / f"{name}-answers", write_files)
    quote = quote_experiment(experiment, engine, store)
    answered = sum(store.get(run.key) is not None for run in experiment.runs)
    out.say(
        f"{len(experiment.runs):,} runs (article, direction, unit, what was taught), {answered:,} of them answered; "
        f"to translate: {quote.describe() or 'nothing that costs'}"
    )
    cost = {"characters": quote.characters, "dollars": str(quote.dollars), "basis": quote.basis}
    if quote.characters and not request.yes:
        out.say("nothing was asked; --yes spends this")
        return {"quote": cost, "asked": False, "leak_checks": [report.describe() for report in experiment.leaks]}
    engine.check(quote)
    answers = run_experiment(experiment, engine, store, out.say)
    with out.progress() as advance:
        scored = score_experiment(experiment, answers, design, placeables, list(Metric), advance)
    report = EvaluationReport(name, engine.label, texts, experiment.leaks, tuple(scored), placeables, quote)
    write_files({folder / path: content for path, content in report_files(report).items()})
    out.say(markdown(report))
    out.say(f"{folder}: written")
    return {"quote": cost, "asked": True, **as_data(report)}
