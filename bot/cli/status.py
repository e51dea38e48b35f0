"""`amts status`: per language and file, how far the translation is behind, and how much there is to translate."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Jobs, Json, Languages, Quiet
from bot.cli.output import Output, by_folder, number, pull_request_data

if TYPE_CHECKING:
    from bot.sync.status import LanguageStatus


def command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    from bot.book.edition import open_edition, open_source
    from bot.book.project import load_project
    from bot.book.workers import Runner
    from bot.drafts import sum_corrections
    from bot.sync.status import language_status

    out = Output(quiet, as_json)
    project = load_project(config)
    names = project.select(language or [])
    source = open_source(project)
    data: dict[str, object] = {}
    for name in names:
        with out.progress() as advance:
            edition = open_edition(project, source, name, Runner(jobs, advance))
            status = language_status(edition)
        pulls = [{"chapter": scope.chapter, **pull_request_data(pull)} for scope, pull in status.pull_requests.items()]
        data[name] = {"files": [asdict(file) for file in status.files], "pull_requests": pulls}
        _show(name, status, out)
        if edition.settings.measure and (line := sum_corrections(edition).line):
            out.say(f"{name}: {line}")
    out.data({"source": source.snapshot.commit, "languages": data})


def _show(name: str, status: LanguageStatus, out: Output) -> None:
    from bot.book.state import FileStatus

    out.heading(name)
    behind = [file for file in status.files if file.status != FileStatus.CURRENT.value or file.note]
    rows = [(file.path, file.status, [number(file.sentences), number(file.characters)]) for file in behind]
    if rows:
        sentences, characters = sum(file.sentences for file in behind), sum(file.characters for file in behind)
        total = ["to translate", f"{sentences:,}", f"{characters:,}"]
        out.table(["file", "sentences", "characters"], by_folder(rows), total)
    for file in behind:
        if file.note:
            out.say(f"{file.path}: {file.note}")
    statuses = [file.status for file in status.files]
    counts = [f"{statuses.count(kind.value)} {kind.value}" for kind in FileStatus if kind.value in statuses]
    out.say(f"{name}: {', '.join(counts) or 'no file matches the configuration'}")
    for scope, pull in status.pull_requests.items():
        out.say(f"{scope.label}: a pull request is open: {pull.location}")
