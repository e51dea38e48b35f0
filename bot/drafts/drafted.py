"""The machine's drafts of the latest merged pull requests. Each request is read once, and then known."""

from __future__ import annotations

from typing import Any

from bot.book.cache import Cache, cache_key
from bot.book.opening import LanguageEdition
from bot.drafts.merged import fetch_merged
from bot.drafts.reading import Drafted, read_drafted
from bot.forge.base import MergedPullRequest
from bot.model import Draft

# To read one takes seconds: its plans are made again.
_MOST = 20


def merged_drafts(edition: LanguageEdition) -> frozenset[Draft]:
    """The drafts of the latest twenty merged pull requests of a language, corrected or not; none where it is not
    measured. Raises RepositoryError where the host can't be asked."""
    if not edition.settings.measure:
        return frozenset()
    cache = Cache(edition.project.cache / "corrections")
    merged = fetch_merged(edition.project, edition.name, edition.repository, _MOST)
    return frozenset(
        (one.path, one.source, one.draft) for each in merged for one in cached_drafted(edition, each, cache)
    )


def cached_drafted(edition: LanguageEdition, merged: MergedPullRequest, cache: Cache) -> list[Drafted]:
    """As `read_drafted`, which is called where the cache has nothing."""
    files = edition.project.config.files_of(edition.name)
    settings = edition.settings.model_dump_json(), files.model_dump_json()
    key = cache_key("drafted", edition.direction, *settings, merged.pull.head, merged.result, merged.earlier)
    known: Any = cache.get(key)
    if known is not None:
        return [Drafted(*row) for row in known]
    found = read_drafted(edition, merged)
    cache.put(key, [[one.path, one.source, one.draft, one.final] for one in found])
    return found
