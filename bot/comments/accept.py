"""`/amts accept`: marks a file, or the stale sentences on a line of it, as current without changing the translation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.state import FileStatus, TranslatedFile
from bot.comments.answers import quoted
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, read_place
from bot.errors import UsageError
from bot.report.markdown import code_span, counted
from bot.sync.stale import list_stale, without_stale


@dataclass(frozen=True, slots=True)
class Accept(PullRequestCommand):
    """Records that the current translation of a file, or of the sentences on a line of it, is in step with today's
    source."""

    place: FilePlace

    def run(self, case: Case) -> Reply:
        """Raises UsageError for a file without a translation or without a source, and for a line without a stale
        sentence."""
        file = case.file(self.place)
        if not file.exists:
            raise UsageError(f'there is no translation at "{file.path}" to accept; `/amts sync` adds one')
        if file.source_path is None:
            raise UsageError(f'the source of "{file.path}" is gone; there is nothing to be in step with')
        return _accept_file(case, file) if self.place.line is None else _accept_line(case, file, self.place.line)


FORM = Form(
    "accept <path>[:line]",
    "mark the file, or the stale sentences on this line, as current without changing the translation",
    lambda words: Accept(read_place(words)),
)


def _accept_file(case: Case, file: TranslatedFile) -> Reply:
    path, source = code_span(file.path), code_span(case.edition.source.snapshot.commit[:10])
    effective = case.edition.effective(case.head)
    stale = list_stale(effective, case.book, file)
    files = without_stale(effective, stale)
    if file.status is not FileStatus.CURRENT:
        files |= case.book.files_to_write({file: case.head.read(file.path)})
    elif not stale:
        return Reply(f"{path} was already in step with the source at {source}; nothing changed.")
    commit = case.commit(files, "Accept a translation as it is")
    more = f", with {counted(len(stale), 'stale sentence')}" if stale else ""
    return Reply(
        f"{path}, as it stands{more}, now counts as in step with the source at {source} ({case.commit_link(commit)})."
    )


def _accept_line(case: Case, file: TranslatedFile, line: int) -> Reply:
    effective = case.edition.effective(case.head)
    accepted = [one for one in list_stale(effective, case.book, file) if one.first <= line <= one.last]
    if not accepted:
        raise UsageError(f'there is no stale sentence on line {line} of "{file.path}"')
    commit = case.commit(without_stale(effective, accepted), "Accept a translation as it is")
    shown = "\n\n".join(quoted(" ".join(one.sentence.translation)) for one in accepted)
    return Reply(
        f"This in {code_span(file.path)} now counts as a translation of today's source ({case.commit_link(commit)}):"
        f"\n\n{shown}"
    )
