"""`/amts accept`: marks a file as current without changing its translation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.state import FileStatus
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, read_place
from bot.errors import UsageError
from bot.report.markdown import code_span


@dataclass(frozen=True, slots=True)
class Accept(PullRequestCommand):
    """Records that the current translation of a file is in step with today's source."""

    place: FilePlace

    def run(self, case: Case) -> Reply:
        """Raises UsageError for a file without a translation or without a source."""
        file = case.file(self.place)
        if not file.exists:
            raise UsageError(f'there is no translation at "{file.path}" to accept; `/amts sync` adds one')
        if file.source_path is None:
            raise UsageError(f'the source of "{file.path}" is gone; there is nothing to be in step with')
        path, source = code_span(file.path), case.edition.source.snapshot.commit[:10]
        if file.status is FileStatus.CURRENT:
            return Reply(f"{path} was already in step with the source at {source}; nothing changed.")
        files = case.book.files_to_write({file: case.head.read(file.path)})
        commit = case.commit(files, "Accept a translation as it is")
        return Reply(f"{path}, as it stands, now counts as in step with the source at {source} ({commit[:10]}).")


FORM = Form(
    "accept <path>",
    "mark the file as current without changing its translation",
    lambda words: Accept(read_place(words, line=False)),
)
