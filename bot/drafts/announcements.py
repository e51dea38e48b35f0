"""Comments once on each merged pull request, on what people did with its drafts; and adds up these comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.drafts.comment import corrections_comment, describe_sum, read_comment
from bot.drafts.corrections import read_figures
from bot.errors import ConfigError
from bot.evaluation.corrections import Figures
from bot.forge.base import MergedPullRequest

# Only the latest merged pull requests are read: each costs a request, and few are merged between two runs.
_RECENT_PULL_REQUESTS = 5
_RECENT_PULL_REQUESTS_OF_CHAPTERS = 30
_SUMMED_PULL_REQUESTS = 50


@dataclass(frozen=True, slots=True)
class CorrectionsSum:
    """The sum over merged pull requests that have such a comment. `line` is for a person, "" if there are none."""

    pulls: int
    figures: Figures
    line: str


def announce_corrections(edition: LanguageEdition, tell: Callable[[str], None], *, dry_run: bool = False) -> int:
    """Comments on the latest merged pull requests that have no such comment yet. Returns how many got one (in a dry
    run: would get one). Raises RepositoryError if the host can't be reached."""
    name, cache = edition.name, Cache(edition.project.cache / "corrections")
    forge = edition.open_forge(dry_run=dry_run)
    count = 0
    most = _RECENT_PULL_REQUESTS_OF_CHAPTERS if edition.has_chapters else _RECENT_PULL_REQUESTS
    for merged in reversed(edition.fetch_merged(most)):
        # A pull request without drafts gets no comment; the cache knows that it was read.
        key = cache_key("corrections", merged.pull.head, merged.result)
        if cache.get(key) is not None or _announced(merged) is not None:
            continue
        try:
            figures, files = read_figures(edition, merged)
        except ConfigError as error:
            tell(f"{name}: what people did with the drafts was not measured: {error}")
            return count
        if not figures.asked:
            cache.put(key, True)
            continue
        if not dry_run:
            forge.comment(merged.pull, corrections_comment(merged.pull.number, figures, files))
        tell(f"{name}: pull request {merged.pull.number}: {describe_sum(figures, 1)}")
        count += 1
    return count


def sum_corrections(edition: LanguageEdition) -> CorrectionsSum:
    """Adds up the comments on the latest merged pull requests. Takes no new measurement."""
    announced = map(_announced, edition.fetch_merged(_SUMMED_PULL_REQUESTS))
    known = [figures for figures in announced if figures is not None]
    total = sum(known, Figures())
    return CorrectionsSum(len(known), total, describe_sum(total, len(known)) if known else "")


def _announced(merged: MergedPullRequest) -> Figures | None:
    """The figures in a comment of its thread that is about this very pull request."""
    comments = filter(None, map(read_comment, merged.fetch_comments()))
    return next((figures for number, figures in comments if number == merged.pull.number), None)
