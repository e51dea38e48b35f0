"""Tells in each merged pull request, once, what people did with its drafts; and sums up what was told."""

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

# How many of the latest merged pull requests are looked at: what was merged since the last run is among few, and each
# costs a request to the host.
_RECENT = 5
_RECENT_CHAPTERS = 30
_SUMMED = 50


@dataclass(frozen=True, slots=True)
class Told:
    """The sum over merged pull requests whose figures were told; `line` is for a person, "" where there are none."""

    pulls: int
    figures: Figures
    line: str


def announce_corrections(edition: LanguageEdition, tell: Callable[[str], None], *, dry_run: bool = False) -> int:
    """Comments on the latest merged pull requests that have no such comment yet; how many it (in a dry run: would have)
    commented on. Raises RepositoryError where the host can't be asked or told."""
    name, cache = edition.name, Cache(edition.project.cache / "corrections")
    forge = edition.open_forge(dry_run=dry_run)
    count = 0
    most = _RECENT_CHAPTERS if edition.has_chapters else _RECENT
    for merged in reversed(edition.fetch_merged(most)):
        # One without drafts gets no comment that would tell that it was looked at.
        key = cache_key("corrections", merged.pull.head, merged.result)
        if cache.get(key) is not None or _told(merged) is not None:
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


def sum_corrections(edition: LanguageEdition) -> Told:
    """What the comments on the latest merged pull requests say, added up. Measures nothing anew."""
    found = [_told(merged) for merged in edition.fetch_merged(_SUMMED)]
    known = [figures for figures in found if figures is not None]
    total = sum(known, Figures())
    return Told(len(known), total, describe_sum(total, len(known)) if known else "")


def _told(merged: MergedPullRequest) -> Figures | None:
    """What a comment in its thread says of this very pull request."""
    for body in merged.fetch_comments():
        said = read_comment(body)
        if said is not None and said[0] == merged.pull.number:
            return said[1]
    return None
