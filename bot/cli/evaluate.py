"""`amts evaluate`: how well an engine translates articles of the book, with and without what it can be taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.book.files import check_folder, write_files
from bot.cli.failures import Failures
from bot.cli.opened import OpenedProject, open_project
from bot.cli.options import OutputFolder, given
from bot.model import Placeables
from bot.parallel_data.options import Level
from bot.quality.design import Design, EvaluatedDirection


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """`engine` is "" for the engine of each language. Results and answers are written to `folder`. Without `yes`,
    nothing is asked that costs money. `chosen` says whether the user named the pairs to teach."""

    paths: Sequence[str]
    design: Design
    engine: str
    placeables: Placeables
    folder: Path
    yes: bool
    chosen: bool


@given(open_project)
def command(
    opened: OpenedProject,
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
        list[Level] | None,
        typer.Option(help="The pairs to teach the engine (repeatable; default: both kinds, if it learns from any)."),
    ] = None,
    together: Annotated[
        bool,
        typer.Option("--together", help="Teach one set of pairs for all articles, instead of one set for each."),
    ] = False,
    engine: Annotated[str, typer.Option(help="Score this engine instead of the language's own.")] = "",
    placeables: Annotated[
        Placeables, typer.Option(help="How formulas, code and references count in the scores.")
    ] = Placeables.TOKENS,
    output: OutputFolder = Path("evaluation"),
    yes: Annotated[
        bool, typer.Option("--yes", help="Pay what the quote says. Without --yes, only the quote is shown.")
    ] = False,
) -> None:
    from bot.evaluation.scores import require_scorers

    design = Design(
        tuple(dict.fromkeys(direction or EvaluatedDirection)),
        tuple(dict.fromkeys(unit or [Level.SENTENCE])),
        tuple(dict.fromkeys(pairs or [Level.PARAGRAPH, Level.SENTENCE])),
        together,
    )
    request = EvaluationRequest(path or [], design, engine, placeables, output, yes, bool(pairs))
    check_folder(output)
    data: dict[str, object] = {}
    failures = Failures()
    # Scores that can't be computed are an error before any cost.
    for name in opened.names:
        with failures.of(name):
            for evaluated in design.directions:
                require_scorers(evaluated.languages(opened.project.direction(name)).target)
    for name in opened.names:
        if name not in failures.errors:
            with failures.of(name):
                data[name] = _evaluate(opened, name, request)
    opened.out.data({"output": str(output), "languages": data, "errors": failures.reasons})
    failures.raise_all("evaluated")


def _evaluate(opened: OpenedProject, name: str, request: EvaluationRequest) -> dict[str, object]:
    from bot.evaluation.scores import Metric
    from bot.quality.answers import AnswerStore
    from bot.quality.articles import read_evaluation_data
    from bot.quality.evaluation_report import EvaluationReport, as_data, markdown, report_files
    from bot.quality.experiment import open_experiment_engine, plan_experiment, quote_experiment, run_experiment
    from bot.quality.scoring import score_experiment

    design, placeables, folder, out = request.design, request.placeables, request.folder, opened.out
    engine = open_experiment_engine(opened.project, name, request.engine, out.say)
    if not request.chosen and not opened.project.engine(name, request.engine).training_level:
        out.say(
            f"{name}: its engine is configured to learn from no pairs, so only what it does without any is measured;"
            " --pairs teaches it for the experiment"
        )
        design = replace(design, taught=())
    with opened.edition(name) as edition:
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
