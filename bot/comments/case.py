"""The input of a command on a pull request: the pull request, its language, and the book there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from bot.book.chapters import Scope, scope_of
from bot.book.edition import LanguageEdition, SyncOptions, open_edition
from bot.book.loading import text_at
from bot.book.state import Book, TranslatedFile
from bot.comments.parsing import FilePlace
from bot.drafts.authorship import AttributedFile, FileVersion, align_version, attribute
from bot.errors import InputError, UsageError
from bot.forge.base import Forge, PullRequest
from bot.forge.comment import Comment
from bot.forge.commit import write_commit
from bot.forge.git import Snapshot
from bot.forge.trailers import COMMENT, ENGINE, read_commits
from bot.markup.sending import safe_line
from bot.model import Direction
from bot.report.source_changes import SourcePage
from bot.sync.decisions import Decisions, read_decisions, serialize_state, state_path


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer, and whether the command was carried out."""

    text: str
    done: bool = True


@dataclass(frozen=True)
class Case:
    """A command on the bot's pull request of one language. `names` are all languages of the same repository."""

    edition: LanguageEdition
    names: tuple[str, ...]
    forge: Forge
    pull: PullRequest
    comment: Comment
    options: SyncOptions

    @property
    def name(self) -> str:
        return self.edition.name

    def open_edition(self, name: str) -> LanguageEdition:
        """Opens a language of the same configuration in its current state."""
        return open_edition(self.edition.project, self.edition.source, name, self.edition.runner)

    @cached_property
    def head(self) -> Snapshot:
        return self.edition.repository.snapshot(self.pull.head)

    @cached_property
    def book(self) -> Book:
        """As the pull request proposes it, against today's source."""
        return self.edition.read_book(self.head)

    @cached_property
    def decisions(self) -> Decisions:
        """As the pull request records them."""
        return read_decisions(self.head, self.name)

    def commit_link(self, commit: str) -> str:
        """A commit of the pull request, in Markdown."""
        return SourcePage(self.pull.location.rpartition("/pull/")[0]).commit(commit)

    @property
    def scope(self) -> Scope:
        """The chapter of the pull request, or the whole book."""
        return scope_of(self.pull.branch, self.name) or Scope(self.name)

    @property
    def direction(self) -> Direction:
        return self.edition.direction

    def file(self, place: FilePlace) -> TranslatedFile:
        """The file of the book at a path of the language repository or of the source. Raises UsageError for any other
        path: nothing outside the configured files is ever read or written."""
        paths = {
            path: file for file in self.book.files for path in (file.source_path, file.new_path, file.path) if path
        }
        # The path of a translation takes precedence over the same path in the source.
        paths |= {file.path: file for file in self.book.files}
        if place.path in paths:
            return self._of_scope(paths[place.path])
        near = get_close_matches(place.path, paths, 1, 0.6)
        advice = f'did you mean "{near[0]}"?' if near else "`/amts status` lists its files"
        raise UsageError(f'"{place.path}" is no file of the book; {advice}')

    def _of_scope(self, file: TranslatedFile) -> TranslatedFile:
        """The file. Raises UsageError if it belongs to another chapter's pull request."""
        proposed = file.exists and self.head.entries.get(file.path) != self.edition.published.entries.get(file.path)
        if self.scope.holds(file.new_path) or proposed:
            return file
        raise UsageError(
            f'"{file.path}" is in another chapter than this pull request; comment on the pull request of its chapter'
        )

    def english(self, file: TranslatedFile) -> str:
        """The source text that the translation in the pull request was made from. Raises InputError."""
        if file.base is None:
            raise InputError(f"{file.path}: {file.reason or 'nothing says which source text it was made from'}")
        return self.book.baselines.english(file.base)

    def commit(self, files: Mapping[str, bytes | None], subject: str, engine: str = "") -> str:
        """Commits files to the pull request's branch; the commit, "" if nothing changes. `engine` is the engine that
        translated them. Raises MovedError if the branch moved meanwhile."""
        trailers = {COMMENT: str(self.comment.id), **({ENGINE: safe_line(engine)} if engine else {})}
        message = "\n".join([subject, "", *(f"{key}: {value}" for key, value in trailers.items()), ""])
        repository = self.edition.repository
        new = write_commit(repository, [self.pull.head], files, message, self.edition.signature)
        if new == self.pull.head:
            return ""
        self.forge.push(self.pull, new)
        return new

    def record(self, decisions: Decisions, subject: str) -> str:
        """Commits decisions; the commit, "" if they were recorded already."""
        return self.commit({state_path(self.name): serialize_state(decisions)}, subject)

    def earlier_commit(self) -> tuple[str, str] | None:
        """The commit that an earlier run made for this comment, and its subject."""
        commits = read_commits(self.edition.repository, self.pull.head, [self.edition.published.commit])
        own = (commit for commit in reversed(commits) if commit.by_command and commit.comment == str(self.comment.id))
        return next(((commit.id, commit.subject) for commit in own), None)

    def align(self, file: TranslatedFile) -> FileVersion:
        """A file, aligned with its source text. Raises InputError if one of its texts can't be read."""
        return align_version(self.edition, file.path, self.english(file), text_at(self.head, file.path))

    def attribute(self, file: TranslatedFile) -> AttributedFile:
        """Who wrote the sentences of a file. Raises InputError if one of its texts can't be read."""
        return attribute(self.edition, file, self.align(file), self.pull.head)


class PullRequestCommand(ABC):
    """A command for the bot's own pull requests."""

    __slots__ = ()

    @abstractmethod
    def run(self, case: Case) -> Reply:
        """Carries the command out. Raises AmtsError if that fails, MovedError if people pushed meanwhile, PendingError
        while a batch job runs."""
