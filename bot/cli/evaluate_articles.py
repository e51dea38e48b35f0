"""What `amts evaluate` does: translates articles of the book, and scores the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.book.files import write_files
from bot.book.opening import Source, open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.cli.output import Output
from bot.engines.base import Quote
from bot.errors import UsageError
from bot.evaluation.scores import Metric, require_scorers
from bot.forge.failures import storage_errors
from bot.model import Placeables
from bot.quality.answers import AnswerStore
from bot.quality.articles import read_evaluation_data
from bot.quality.design import Design
from bot.quality.evaluation_report import EvaluationReport, as_data, markdown, report_files
from bot.quality.experiment import (
    Experiment,
    open_experiment_engine,
    plan_experiment,
    quote_experiment,
    run_experiment,
)
from bot.quality.scoring import score_experiment


@dataclass(frozen=True, slots=True)
class Wanted:
    """`engine` is "" for that of each language. Without `yes`, nothing is asked that costs something."""

    languages: Sequence[str]
    paths: Sequence[str]
    design: Design
    engine: str
    placeables: Placeables
    yes: bool
    jobs: int | None


def run(config: Path, wanted: Wanted, folder: Path, out: Output) -> None:
    """Raises VerificationError where a leak is found, and ConfigError where scores can't be had: before any cost."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with --output")
    project = load_project(config)
    names = project.select(wanted.languages)
    for name in names:
        for direction in wanted.design.directions:
            require_scorers(direction.languages(project.direction(name)).target)
    source = open_source(project)
    data = {name: _evaluate(project, source, name, wanted, folder, out) for name in names}
    out.data({"output": str(folder), "languages": data})


def _evaluate(
    project: Project, source: Source, name: str, wanted: Wanted, folder: Path, out: Output
) -> dict[str, object]:
    engine = open_experiment_engine(project, name, wanted.engine, out.say)
    with out.progress() as advance:
        edition = open_edition(project, source, name, Runner(wanted.jobs, advance))
        design = wanted.design
        data = read_evaluation_data(edition, wanted.paths, design)
    out.heading(f"{name}: {engine.label}")
    experiment = plan_experiment(data, edition.direction, design, engine, out.say)
    store = AnswerStore(folder / f"{name}-answers", write_files)
    quote = quote_experiment(experiment, engine, store)
    _tell_quote(experiment, quote, store, out)
    if quote.characters and not wanted.yes:
        out.say("nothing was asked; --yes spends this")
        leaks = [report.describe() for report in experiment.leaks]
        return {"quote": _quote(quote), "asked": False, "leak_checks": leaks}
    engine.check(quote)
    answers = run_experiment(experiment, engine, store, out.say)
    with out.progress() as advance:
        scored = score_experiment(experiment, answers, design, wanted.placeables, list(Metric), advance)
    report = EvaluationReport(name, engine.label, data, experiment.leaks, tuple(scored), wanted.placeables, quote)
    files = report_files(report)
    for path in {(folder / path).parent for path in files}:
        with storage_errors(path):
            path.mkdir(parents=True, exist_ok=True)
    write_files({folder / path: data for path, data in files.items()})
    out.say(markdown(report))
    out.say(f"{folder}: written")
    return {"quote": _quote(quote), "asked": True, **as_data(report)}


def _tell_quote(experiment: Experiment, quote: Quote, store: AnswerStore, out: Output) -> None:
    answered = sum(store.get(run.key) is not None for run in experiment.runs)
    out.say(
        f"{len(experiment.runs):,} runs (article, direction, unit, what was taught), {answered:,} of them answered; "
        f"to translate: {quote.describe() or 'nothing that costs'}"
    )


def _quote(quote: Quote) -> dict[str, object]:
    return {"characters": quote.characters, "dollars": str(quote.dollars), "basis": quote.basis}
