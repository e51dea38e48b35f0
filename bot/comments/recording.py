"""Commands that record a decision in the language repository, by a commit on the pull request's branch."""

from __future__ import annotations

from dataclasses import replace

from bot.comments.accept import Accept, accepted
from bot.comments.authorship import on_line
from bot.comments.case import Case, Reply
from bot.comments.keep import Keep, kept
from bot.comments.unkeep import Unkeep, unkept
from bot.documents import decode
from bot.errors import UsageError
from bot.forge.book import Status, TranslatedFile
from bot.pipeline import parse
from bot.sync.decisions import read_decisions
from bot.sync.recorded import Decisions, serialize_state, state_path


def keep(command: Keep | Unkeep, case: Case) -> Reply:
    """Raises UsageError where there is no such sentence."""
    file = case.file(command.place)
    if not file.exists:
        raise UsageError(f'there is no translation at "{file.path}" yet')
    texts = _sentences(case, file, command.place.line) if command.place.line else ()
    decisions = _decisions(case)
    if isinstance(command, Keep):
        commit = _record(case, decisions.keep(file.path, texts), "Keep a translation as it is")
        return Reply(kept(file.path, texts, commit))
    commit = _record(case, decisions.unkeep(file.path, texts), "No longer keep a translation as it is")
    return Reply(unkept(file.path, texts, commit))


def pause(case: Case, *, paused: bool) -> Reply:
    commit = _record(case, replace(_decisions(case), paused=paused), "Pause syncs" if paused else "Resume syncs")
    state = "paused until `/amts resume`" if paused else "no longer paused"
    recorded = f"recorded in {commit[:10]}" if commit else "nothing had to change"
    return Reply(f"Syncs of {case.direction.target.name} are {state} ({recorded}).")


def accept(command: Accept, case: Case) -> Reply:
    """Raises UsageError for a file without a translation or without a source."""
    file = case.file(command.place)
    if not file.exists:
        raise UsageError(f'there is no translation at "{file.path}" to accept; `/amts sync` adds one')
    if file.source_path is None:
        raise UsageError(f'the source of "{file.path}" is gone; there is nothing to be in step with')
    if file.status is Status.CURRENT:
        return Reply(accepted(file.path, case.edition.source.snapshot.commit, ""))
    files = case.book.files_to_write({file: case.head.read(file.path)})
    commit = case.commit(files, "Accept a translation as it is")
    return Reply(accepted(file.path, case.edition.source.snapshot.commit, commit))


def _sentences(case: Case, file: TranslatedFile, line: int) -> tuple[str, ...]:
    document = parse(decode(case.head.read(file.path), file.path), case.direction.target)
    texts = tuple(segment.text for segment in document.segments if on_line(document, segment, line))
    if not texts:
        raise UsageError(f'there is no sentence on line {line} of "{file.path}"')
    return texts


def _decisions(case: Case) -> Decisions:
    return read_decisions(case.head, case.name)


def _record(case: Case, decisions: Decisions, subject: str) -> str:
    """The commit, "" where it is so already."""
    return case.commit({state_path(case.name): serialize_state(decisions)}, subject)
