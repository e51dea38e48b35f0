"""`amts status`: per language and file, how far the translation is behind and what it would take."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from bot.app.output import Output
from bot.app.parallel import Runner
from bot.app.project import Project, load_project
from bot.app.syncing import Source, open_book, open_source, prepare_language, select_files
from bot.forge.book import Status


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


def run(config: Path, names: list[str], out: Output) -> None:
    project = load_project(config)
    source = open_source(project)
    data: dict[str, object] = {}
    for name in project.select(names):
        with out.progress() as advance:
            files = language_status(project, source, name, Runner(advance=advance))
        data[name] = [asdict(file) for file in files]
        _show(name, files, out)
    out.data({"source": source.snapshot.commit, "languages": data})


def language_status(project: Project, source: Source, name: str, runner: Runner) -> list[FileStatus]:
    repository = project.open_target(name)
    target = repository.snapshot(repository.head(project.config.languages[name].branch))
    book = open_book(project, source, name, target)
    prepared = prepare_language(project, book, name, select_files(book, ()), runner)
    requests = {texts.path: found for texts, found in zip(prepared.work, prepared.requests, strict=True)}
    files: list[FileStatus] = []
    for file in book.files:
        found = requests.get(file.new_path, ())
        asked = found if isinstance(found, tuple) else ()
        note = file.reason if isinstance(found, tuple) else str(found)
        base = file.base.commit if file.base else None
        characters = sum(len(request.text) for request in asked)
        files.append(FileStatus(file.path, file.source_path, file.status.value, base, len(asked), characters, note))
    return files


def _show(name: str, files: list[FileStatus], out: Output) -> None:
    rows = [
        [file.path, file.status, str(file.sentences), f"{file.characters:,}", file.note]
        for file in files
        if file.status != Status.CURRENT.value
    ]
    counts = ", ".join(f"{sum(file.status == status for file in files)} {status.value}" for status in Status)
    if rows:
        out.table(f"\n{name}", ["file", "status", "sentences", "characters", "note"], rows, numbers_from=2)
    sentences, characters = sum(file.sentences for file in files), sum(file.characters for file in files)
    out.say(f"{name}: {counts}; to translate: {sentences:,} sentences, {characters:,} characters")
