"""`amts init`: a configuration for a source and its translations, as a file or as a pull request that proposes it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.book.files import check_outputs
from bot.book.workers import Runner
from bot.cli.options import Jobs, given
from bot.cli.output import Output, by_folder, make_output, number, pull_request_data
from bot.errors import UsageError
from bot.forge.base import Outcome, Published
from bot.forge.failures import storage_errors
from bot.onboarding.discovery import (
    Discovery,
    EngineChoice,
    InitForge,
    OnboardingRequest,
    TargetRepository,
    discover,
)
from bot.onboarding.first_run import describe, describe_edited
from bot.onboarding.places import read_place, refuse_unreachable, work_tree
from bot.onboarding.proposal import make_project, open_pull_request, propose
from bot.report.onboarding import Onboarding, cost_words, files_words, first_sentences

InitEngine = Literal["memory", "copy", "amazon"]
NewFilesChoice = Literal["add", "ignore", "list"]


@given(make_output)
def command(
    out: Output,
    source: Annotated[str, typer.Argument(help="Path or URL of the repository that holds the source text.")],
    target: Annotated[list[str], typer.Argument(help="Path or URL of the repository of a translation (one or more).")],
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", help="Language code of the translation, one for each target."),
    ] = None,
    source_language: Annotated[str, typer.Option(help="Language code of the source.")] = "en",
    source_branch: Annotated[str, typer.Option(help="Branch of the source (default: its main one).")] = "",
    branch: Annotated[str, typer.Option(help="Branch of the translations (default: their main one).")] = "",
    engine: Annotated[InitEngine, typer.Option(help="The engine for new sentences.")] = "memory",
    region: Annotated[str, typer.Option(help="With --engine amazon: the region.")] = "",
    bucket: Annotated[str, typer.Option(help="With --engine amazon: the S3 bucket.")] = "",
    role: Annotated[str, typer.Option(help="With --engine amazon: the role's ARN (docs/guides/aws.md).")] = "",
    forge: Annotated[
        InitForge | None,
        typer.Option(help="The forge for the pull request; dry-run only shows it (default: from the target's URL)."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the configuration to this new file instead of opening pull requests.")
    ] = None,
    new_files: Annotated[
        NewFilesChoice,
        typer.Option(help="Files that the translators never had: add, list in the pull request, or ignore them."),
    ] = "add",
    jobs: Jobs = None,
) -> None:
    choice = _engine(engine, {"region": region, "bucket": bucket, "role": role})
    request = OnboardingRequest(
        source, target, language or [], source_language, source_branch, branch, choice, forge, new_files
    )
    if write is None:
        refuse_unreachable(read_place(source), list(map(read_place, target)))
    elif write.exists():
        raise UsageError(f"{write}: exists already, and is not overwritten; name another file with --write")
    check_outputs(write)
    with out.progress() as advance:
        runner = Runner(jobs, advance)
        discovery = discover(request, os.environ, runner)
        if write is None:
            open_pull_requests(discovery, runner, out)
        else:
            write_file(discovery, write, runner, out)


def write_file(discovery: Discovery, file: Path, runner: Runner, out: Output) -> None:
    """Writes one configuration for all languages. Raises StorageError if the disk refuses."""
    folder = file.parent.resolve()
    text = propose(discovery, discovery.targets).text(folder)
    project = make_project(text, folder, discovery.cache)
    proposed = [describe(discovery, project, target, runner) for target in discovery.targets]
    with storage_errors(file), file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
    for onboarding in proposed:
        _show(onboarding, out)
    out.data({"file": str(file), "config": text, "languages": [_data(onboarding) for onboarding in proposed]})
    out.say("")
    out.say(f"{file}: written; check it, then run: amts sync --dry-run --config {file}")


def open_pull_requests(discovery: Discovery, runner: Runner, out: Output) -> None:
    """Opens a pull request in each target's repository, with the configuration of the languages in it."""
    groups: dict[str, list[TargetRepository]] = {}
    for target in discovery.targets:
        groups.setdefault(target.place.location, []).append(target)
    out.data({"pull_requests": [_propose(discovery, targets, runner, out) for targets in groups.values()]})


def _propose(
    discovery: Discovery, targets: Sequence[TargetRepository], runner: Runner, out: Output
) -> dict[str, object]:
    repository, base = targets[0].snapshot.repository, targets[0].branch
    is_dry = discovery.request.forge == "dry-run"
    # Paths are relative to the root of a checkout. A bare repository has no checkout, so its paths must be absolute.
    root = None if targets[0].place.is_url else work_tree(repository)
    folder = root or Path.cwd()
    text = propose(discovery, targets).text(root)
    project = make_project(text, folder, discovery.cache)
    proposal = open_pull_request(project, discovery.source.book, repository, base, dry_run=is_dry)
    if proposal.edited is not None:
        text, project = proposal.edited, make_project(proposal.edited, folder, discovery.cache)
        proposed = describe_edited(project, runner)
    else:
        proposed = [describe(discovery, project, target, runner) for target in targets]
    published, draft = proposal.publish(text, proposed)
    for onboarding in proposed:
        _show(onboarding, out)
    if is_dry:
        out.heading(f"{draft.title}: the file")
        out.say(text)
        out.heading(f"{draft.title}: the body of the pull request")
        out.say(draft.body)
    out.say("")
    out.say(_outcome(published, repository.name, base, is_dry=is_dry, is_edited=proposal.edited is not None))
    return {
        "outcome": published.outcome.value,
        "pull_request": pull_request_data(published.pull_request) if published.pull_request else None,
        "title": draft.title,
        "body": draft.body,
        "config": text,
        "languages": [_data(onboarding) for onboarding in proposed],
    }


def _engine(engine: InitEngine, settings: dict[str, str]) -> EngineChoice:
    given = {name: value for name, value in settings.items() if value}
    if engine != "amazon" and given:
        raise UsageError(f"--{next(iter(given))} is a setting of Amazon Translate; add --engine amazon")
    if engine == "amazon" and len(given) < len(settings):
        missing = " and ".join(f"--{name}" for name in settings if name not in given)
        raise UsageError(f"--engine amazon needs {missing} as well; docs/guides/aws.md says how to get them")
    return EngineChoice(engine, given)


def _show(onboarding: Onboarding, out: Output) -> None:
    out.heading(f"{onboarding.language.name} ({onboarding.language.code})")
    out.say(f"source       {onboarding.source}, branch {onboarding.source_branch}, {onboarding.source_language.name}")
    reason = f": {onboarding.language_reason}" if onboarding.language_reason else ""
    out.say(f"language     {onboarding.language.name}{reason}")
    out.say(f"branch       {onboarding.branch}")
    for source, target in onboarding.paths.items():
        out.say(f"path         {source} -> {target}")
    if not onboarding.paths:
        out.say("paths        as in the source")
    out.say(f"baselines    {onboarding.baseline_words()}")
    if sure := [row for row in onboarding.rows if row.sure is not None]:
        rows = [(row.path, "", [f"{row.sure}%", f"{row.linked}%"]) for row in sure]
        out.table(["baseline of", "sure", "sentences score"], by_folder(rows))
    out.table(
        ["folder", *onboarding.statuses],
        _folders(onboarding),
        ["files", *(f"{count:,}" for count in onboarding.statuses.values())],
    )
    for row in onboarding.rows:
        if row.status == "unknown":
            out.say(f"{row.path}: {row.note}")
    if question := onboarding.new_files_words():
        out.say(f"question: {question}")
    if onboarding.own:
        shown = ", ".join(onboarding.own[:3]) + (", …" if len(onboarding.own) > 3 else "")
        out.say(f"documents without a source, left alone: {len(onboarding.own)} ({shown})")
    for remark in onboarding.remarks:
        out.say(f"note: {remark}")
    _show_first_run(onboarding, out)


def _show_first_run(onboarding: Onboarding, out: Output) -> None:
    run = onboarding.first_run
    out.say("")
    if not files_words(run):
        out.say("The first run has nothing to propose: the translation is in step.")
        return
    out.say(f"The first run, files: {files_words(run)}")
    for words, count in first_sentences(run):
        out.say(f"  {count:>8,} sentences {words}")
    for path, problem in run.failed:
        out.say(f"  {path}: {problem}")
    out.say(f"{cost_words(run)}.")
    if run.problem:
        out.say(f"note: {run.problem}")


def _folders(onboarding: Onboarding) -> list[list[str]]:
    counts: dict[str, dict[str, int]] = {}
    for row in onboarding.rows:
        folder = counts.setdefault(row.path.rpartition("/")[0], dict.fromkeys(onboarding.statuses, 0))
        folder[row.status] += 1
    return [
        [f"{folder}/" if folder else "(top)", *map(number, by_status.values())] for folder, by_status in counts.items()
    ]


def _outcome(published: Published, name: str, base: str, *, is_dry: bool, is_edited: bool) -> str:
    place = published.pull_request.location if published.pull_request else ""
    kept = "; the file is as people changed it" if is_edited else ""
    match published.outcome:
        case Outcome.CREATED if is_dry:
            return f"dry run, nothing was written: a pull request into {base} of {name} would be opened"
        case Outcome.UPDATED if is_dry:
            return f"dry run, nothing was written: the pull request would be updated: {place}"
        case Outcome.CREATED:
            return f"pull request opened: {place} (nothing happens until it is merged into {base})"
        case Outcome.UPDATED:
            return f"pull request updated: {place}{kept}"
        case Outcome.DECLINED:
            return (
                f"people closed a pull request with this configuration, so it is not opened again: {place};"
                " reopen it there, or use --write"
            )
        case Outcome.DEFERRED:
            return f"nothing was changed this time: {published.reason}"
        case Outcome.UNCHANGED | Outcome.CLOSED:
            return f"nothing new; the open pull request is up to date: {place}{kept}"


def _data(onboarding: Onboarding) -> dict[str, object]:
    """For `--json`."""
    run = onboarding.first_run
    return {
        "language": onboarding.language.code,
        "language_reason": onboarding.language_reason,
        "branch": onboarding.branch,
        "baseline": onboarding.baseline,
        "origin_suffixes": list(onboarding.suffixes) if onboarding.baseline == "origin-file" else [],
        "paths": dict(onboarding.paths),
        "files": [asdict(row) for row in onboarding.rows],
        "own": list(onboarding.own),
        "new_files": {"choice": onboarding.new_files, "untranslated": list(onboarding.untranslated)},
        "remarks": list(onboarding.remarks),
        "first_run": {
            "files": {change.value: count for change, count in run.changes.items()},
            "sentences": dict(run.sentences),
            "requests": run.requests,
            "untranslated": run.untranslated,
            "characters": run.characters,
            "quote": run.quote,
            "failed": dict(run.failed),
        },
    }
