"""The machine's drafts of the latest merged pull requests. Each request is read once, and then known."""

from __future__ import annotations

from typing import Any

from bot.book.cache import Cache, cache_key
from bot.book.opening import Source
from bot.book.project import Project
from bot.book.workers import Runner
from bot.drafts.merged import Merged, merged_pulls
from bot.drafts.reading import Drafted, Thread, read_drafted
from bot.model import Draft

# To read one takes seconds: its plans are made again.
_MOST = 20


def merged_drafts(project: Project, source: Source, name: str, runner: Runner) -> frozenset[Draft]:
    """The drafts of the latest twenty merged pull requests of a language, corrected or not; none where it is not
    measured. Raises RepositoryError where the host can't be asked."""
    if not project.config.languages[name].measure:
        return frozenset()
    repository = project.open_target(name)
    thread = Thread(project, source, name, repository, runner)
    cache = Cache(project.cache / "corrections")
    merged = merged_pulls(project, name, repository, _MOST)
    return frozenset(
        (one.path, one.source, one.draft) for each in merged for one in cached_drafted(thread, each, cache)
    )


def cached_drafted(thread: Thread, merged: Merged, cache: Cache) -> list[Drafted]:
    """As `read_drafted`, which is called where the cache has nothing."""
    config = thread.project.config
    settings = config.languages[thread.name].model_dump_json(), config.files_of(thread.name).model_dump_json()
    key = cache_key("drafted", thread.direction, *settings, merged.pull.head, merged.result, merged.earlier)
    known: Any = cache.get(key)
    if known is not None:
        return [Drafted(*row) for row in known]
    found = read_drafted(thread, merged)
    cache.put(key, [[one.path, one.source, one.draft, one.final] for one in found])
    return found
