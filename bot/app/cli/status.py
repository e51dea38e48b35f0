"""`amts status`: per language and file, how far the translation is behind and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.app.cli.output import Output, by_folder, number
from bot.app.corrections import sum_corrections
from bot.app.loading import load_files, prepare_loaded, select_files
from bot.app.opening import Source, branch_name, open_book, open_forge, open_source
from bot.app.parallel import Runner
from bot.app.project import Project, load_project
from bot.errors import AmtsError
from bot.forge.base import PullRequest
from bot.forge.book import Status, TranslatedFile
from bot.model import FileResult, Request


@dataclass(frozen=True, slots=True)
class FileStatus:
    """`sentences` and `characters` are what an engine would be sent for the file."""

    path: str
    source_path: str | None
    status: str
    base: str | None
    sentences: int
    characters: int
    note: str


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """The published book against the source, and the pull request that is open."""

    files: tuple[FileStatus, ...]
    pull_request: PullRequest | None


def run(config: Path, names: Sequence[str], jobs: int | None, out: Output) -> None:
    project = load_project(config)
    selected = project.select(names)
    source = open_source(project)
    data: dict[str, object] = {}
    for name in selected:
        with out.progress() as advance:
            status = language_status(project, source, name, Runner(jobs, advance))
        pull = status.pull_request
        data[name] = {
            "files": [asdict(file) for file in status.files],
            "pull_request": {"number": pull.number, "location": pull.location, "head": pull.head} if pull else None,
        }
        _show(name, status, out)
        if project.config.languages[name].measure:
            told = sum_corrections(project, name)
            if told.line:
                out.say(f"{name}: {told.line}")
    out.data({"source": source.snapshot.commit, "languages": data})


def language_status(project: Project, source: Source, name: str, runner: Runner) -> LanguageStatus:
    settings = project.config.languages[name]
    repository = project.open_target(name)
    pull = open_forge(project, source, repository, dry_run=True).find(name, branch_name(name), settings.branch)
    book = open_book(project, source, name, repository.snapshot(repository.head(settings.branch)))
    loaded = load_files(book, select_files(book, ()))
    prepared = prepare_loaded(book, loaded, project.languages(name), runner)
    requests = dict(zip(loaded.texts, prepared.requests, strict=True))
    files = tuple(_file_status(file, loaded.settled.get(file), requests.get(file, ())) for file in book.files)
    return LanguageStatus(files, pull)


def _file_status(
    file: TranslatedFile, settled: FileResult | None, requests: tuple[Request, ...] | AmtsError
) -> FileStatus:
    asked = () if isinstance(requests, AmtsError) else requests
    problem = str(requests) if isinstance(requests, AmtsError) else settled.problem if settled else ""
    return FileStatus(
        path=file.path,
        source_path=file.source_path,
        status=file.status.value,
        base=file.base.commit if file.base else None,
        sentences=len(asked),
        characters=sum(len(request.text) for request in asked),
        note=problem or (file.reason if file.status is not Status.MISSING else ""),
    )


def _show(name: str, status: LanguageStatus, out: Output) -> None:
    out.heading(name)
    behind = [file for file in status.files if file.status != Status.CURRENT.value or file.note]
    rows = [(file.path, file.status, [number(file.sentences), number(file.characters)]) for file in behind]
    sentences, characters = sum(file.sentences for file in behind), sum(file.characters for file in behind)
    if rows:
        total = ["to translate", f"{sentences:,}", f"{characters:,}"]
        out.table(["file", "sentences", "characters"], by_folder(rows), total)
    for file in behind:
        if file.note:
            out.say(f"{file.path}: {file.note}")
    counts = ", ".join(
        f"{found} {one.value}" for one in Status if (found := sum(file.status == one.value for file in status.files))
    )
    out.say(f"{name}: {counts or 'no file matches the configuration'}")
    if status.pull_request:
        out.say(f"{name}: a pull request is open: {status.pull_request.location}")
