"""`amts status`: per language and file, how far the translation is behind, and how much there is to translate."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.failures import Failures
from bot.cli.opened import OpenedProject, open_project
from bot.cli.options import given
from bot.cli.output import Output, by_folder, number, pull_request_data
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.sync.status import LanguageStatus


@given(open_project)
def command(opened: OpenedProject) -> None:
    from bot.drafts.announcements import sum_corrections
    from bot.sync.status import language_status

    out, source = opened.out, opened.source.snapshot.commit
    data: dict[str, object] = {}
    failures = Failures()
    for name in opened.names:
        with failures.of(name):
            with opened.edition(name) as edition:
                status = language_status(edition)
            pulls = [
                {"chapter": scope.chapter, **pull_request_data(pull)} for scope, pull in status.pull_requests.items()
            ]
            files = [asdict(file) for file in status.files]
            data[name] = {"files": files, "pull_requests": pulls, "states": status.states}
            _show(name, status, out)
            if edition.settings.measure and (line := sum_corrections(edition).line):
                out.say(f"{name}: {line}")
    out.data({"source": source, "languages": data, "errors": failures.reasons})
    failures.raise_all("read")


def _show(name: str, status: LanguageStatus, out: Output) -> None:
    from bot.book.state import FileStatus
    from bot.drafts.states import State

    out.heading(name)
    behind = [
        file
        for file in status.files
        if file.status != FileStatus.CURRENT.value or file.note or file.stale_sentences or file.untranslated
    ]
    rows = [
        (
            file.path,
            file.status,
            [
                *map(number, (file.sentences, file.characters, file.stale_sentences)),
                number(file.states.get(State.UNTRANSLATED.value, 0)),
            ],
        )
        for file in behind
    ]
    stale = sum(file.stale_sentences for file in behind)
    untranslated = sum(file.states.get(State.UNTRANSLATED.value, 0) for file in behind)
    if rows:
        sentences, characters = sum(file.sentences for file in behind), sum(file.characters for file in behind)
        total = ["in all", f"{sentences:,}", f"{characters:,}", number(stale), number(untranslated)]
        header = ["file", "to translate", "characters", "stale sentences", "not translated"]
        out.table(header, by_folder(rows), total)
    for file in behind:
        if file.note and file.status != FileStatus.NEW.value:
            out.say(f"{file.path}: {file.note}")
    if new := sum(file.status == FileStatus.NEW.value for file in behind):
        out.say(f"{name}: {counted(new, 'file')} without a translation: `amts sync --path FILE` adds one")
    statuses = [file.status for file in status.files]
    counts = [f"{statuses.count(kind.value)} {kind.value}" for kind in FileStatus if kind.value in statuses]
    out.say(f"{name}: {', '.join(counts) or 'no file matches the configuration'}")
    if line := status.describe():
        out.say(f"{name}: {line}")
    if stale:
        out.say(f"{name}: {counted(stale, 'sentence')} stale: `amts accept {name}` lists them")
    for scope, pull in status.pull_requests.items():
        out.say(f"{scope.label}: a pull request is open: {pull.location}")
