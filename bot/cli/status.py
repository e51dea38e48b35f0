"""`amts status`: per language and file, how far the translation is behind and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.book.opening import open_edition, open_source
from bot.book.project import load_project
from bot.book.workers import Runner
from bot.cli.output import Output, by_folder, number
from bot.drafts import sum_corrections
from bot.forge.book import FileStatus
from bot.sync.status import LanguageStatus, language_status


def run(config: Path, names: Sequence[str], jobs: int | None, out: Output) -> None:
    project = load_project(config)
    selected = project.select(names)
    source = open_source(project)
    data: dict[str, object] = {}
    for name in selected:
        with out.progress() as advance:
            edition = open_edition(project, source, name, Runner(jobs, advance))
            status = language_status(edition)
        pulls = [
            {"chapter": scope.chapter, "number": pull.number, "location": pull.location, "head": pull.head}
            for scope, pull in status.pull_requests.items()
        ]
        data[name] = {"files": [asdict(file) for file in status.files], "pull_requests": pulls}
        _show(name, status, out)
        if edition.settings.measure:
            told = sum_corrections(edition)
            if told.line:
                out.say(f"{name}: {told.line}")
    out.data({"source": source.snapshot.commit, "languages": data})


def _show(name: str, status: LanguageStatus, out: Output) -> None:
    out.heading(name)
    behind = [file for file in status.files if file.status != FileStatus.CURRENT.value or file.note]
    rows = [(file.path, file.status, [number(file.sentences), number(file.characters)]) for file in behind]
    sentences, characters = sum(file.sentences for file in behind), sum(file.characters for file in behind)
    if rows:
        total = ["to translate", f"{sentences:,}", f"{characters:,}"]
        out.table(["file", "sentences", "characters"], by_folder(rows), total)
    for file in behind:
        if file.note:
            out.say(f"{file.path}: {file.note}")
    counts = ", ".join(
        f"{found} {one.value}"
        for one in FileStatus
        if (found := sum(file.status == one.value for file in status.files))
    )
    out.say(f"{name}: {counts or 'no file matches the configuration'}")
    for scope, pull in status.pull_requests.items():
        out.say(f"{scope.label}: a pull request is open: {pull.location}")
