"""`/amts sync`: brings translations in step with the source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.book.loading import select_files
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, check_path
from bot.errors import UsageError
from bot.sync.language import sync_language
from bot.sync.results import describe_results


@dataclass(frozen=True, slots=True)
class Sync(PullRequestCommand):
    """Runs the same sync as the schedule does. `names` are languages of the configuration and paths of the book;
    without a name, this pull request is synced."""

    names: tuple[str, ...] = ()

    def run(self, case: Case) -> Reply:
        """Raises UsageError for a name that is neither a language of this repository nor in the book."""
        languages = [name for name in self.names if name in case.names]
        patterns = [_pattern(case, name) for name in self.names if name not in case.names]
        options = replace(case.options, patterns=patterns, scopes=() if self.names else [case.scope])
        synced = [
            result for name in languages or [case.name] for result in sync_language(case.open_edition(name), options)
        ]
        return Reply(describe_results(synced), done=not any(result.failed for result in synced))


FORM = Form(
    "sync [language|path…]",
    "bring this language, or only these files and folders, in step with the source now",
    lambda words: Sync(tuple(check_path(word.text) for word in words)),
)


def _pattern(case: Case, path: str) -> str:
    """A pattern that matches exactly this file or folder of the book."""
    pattern = "/" + "".join(f"\\{letter}" if letter in "*?[!# " else letter for letter in path)
    try:
        select_files(case.book, [pattern])
    except UsageError:
        case.file(FilePlace(path))
    return pattern
