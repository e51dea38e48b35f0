"""`/amts sync`: the same sync as every other, of the languages and files that are named."""

from __future__ import annotations

from dataclasses import replace

from bot.book.loading import select_files
from bot.book.opening import open_edition
from bot.comments.base import Place
from bot.comments.case import Case, Reply
from bot.comments.sync import Sync
from bot.errors import UsageError
from bot.report.sync_results import results_told
from bot.sync.language import sync_language
from bot.sync.results import told_of


def sync(command: Sync, case: Case) -> Reply:
    """Raises UsageError for a name that is neither a language of this repository nor in the book."""
    direction = [name for name in command.names if name in case.names]
    paths = [_checked(case, name) for name in command.names if name not in case.names]
    # Without a name it is about the pull request at hand.
    options = replace(case.options, patterns=paths, scopes=() if command.names else [case.scope])
    edition = case.edition
    synced = [
        one
        for name in direction or [case.name]
        for one in sync_language(open_edition(edition.project, edition.source, name, edition.runner), options)
    ]
    return Reply(results_told([told_of(one) for one in synced]), done=not any(one.failed for one in synced))


def _checked(case: Case, name: str) -> str:
    """A path or a folder of the book, as a pattern that matches nothing else."""
    pattern = "/" + "".join(f"\\{letter}" if letter in "*?[!# " else letter for letter in name)
    try:
        select_files(case.book, [pattern])
    except UsageError:
        case.file(Place(name))
    return pattern
