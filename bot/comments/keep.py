"""`/amts keep` and `/amts unkeep`: the protection of a file or a sentence from the bot."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.loading import text_at
from bot.book.state import TranslatedFile
from bot.comments.answers import quoted
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, read_place
from bot.drafts.authorship import on_line
from bot.errors import UsageError
from bot.pipeline import parse
from bot.report.markdown import code_span, counted


@dataclass(frozen=True, slots=True)
class Keep(PullRequestCommand):
    """Protects a file, or the sentences on a line of it, from the bot."""

    place: FilePlace

    def run(self, case: Case) -> Reply:
        """Raises UsageError if there is no such sentence."""
        file, texts = _resolve(self.place, case)
        commit = case.record(case.decisions.keep(file.path, texts), "Keep a translation as it is")
        recorded = f"Recorded in {case.commit_link(commit)}." if commit else "This was recorded already."
        if not texts:
            return Reply(f"I leave {code_span(file.path)} as it is until `/amts unkeep`. {recorded}")
        shown = "\n\n".join(quoted(text) for text in texts)
        promise = f"I leave this in {code_span(file.path)} as it is until `/amts unkeep`, even if its source changes"
        return Reply(f"{promise}. {recorded}\n\n{shown}")


@dataclass(frozen=True, slots=True)
class Unkeep(PullRequestCommand):
    """Ends the protection of the sentences on a line, or of a file with all its sentences."""

    place: FilePlace

    def run(self, case: Case) -> Reply:
        """Raises UsageError if there is no such sentence."""
        file, texts = _resolve(self.place, case)
        commit = case.record(case.decisions.unkeep(file.path, texts), "No longer keep a translation as it is")
        subject = f"{counted(len(texts), 'sentence')} of {code_span(file.path)}" if texts else code_span(file.path)
        if not commit:
            return Reply(f"{subject} was not protected; nothing changed.")
        return Reply(f"Syncs update {subject} again. Recorded in {case.commit_link(commit)}.")


KEEP = Form(
    "keep <path>[:line]",
    "leave this file, or the sentences on this line, in English too, as they are until `unkeep`",
    lambda words: Keep(read_place(words)),
)
UNKEEP = Form(
    "unkeep <path>[:line]",
    "let syncs update this file, or the sentences on this line, again",
    lambda words: Unkeep(read_place(words)),
)


def _resolve(place: FilePlace, case: Case) -> tuple[TranslatedFile, tuple[str, ...]]:
    """The file, and the sentences on the line; no sentences for the whole file."""
    file = case.file(place)
    if not file.exists:
        raise UsageError(f'there is no translation at "{file.path}" yet')
    if place.line is None:
        return file, ()
    document = parse(text_at(case.head, file.path), case.direction.target, file.path)
    texts = tuple(segment.text for segment in document.segments if on_line(document, segment, place.line))
    if not texts:
        raise UsageError(f'there is no sentence on line {place.line} of "{file.path}"')
    return file, texts
