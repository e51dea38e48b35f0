"""The BLEU summary of one pull request: what its body says, and what it carries along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.book.opening import LanguageEdition, SyncOptions
from bot.forge.base import PullRequest
from bot.forge.book import TranslatedFile
from bot.quality.file_texts import file_texts
from bot.quality.history import read_history
from bot.quality.measuring import score_language
from bot.report.scores import hide_scores, scores_section, with_scores

# Of a body of 50,000 characters.
_ROOM = 8_000


@dataclass(frozen=True, slots=True)
class Summary:
    """`section` is Markdown; `marker` the hidden measurements, "" where there are none."""

    section: str = ""
    marker: str = ""


def summarize_scores(
    edition: LanguageEdition,
    pull: PullRequest | None,
    contents: Mapping[TranslatedFile, bytes | None],
    options: SyncOptions,
) -> Summary:
    """For the pull request that writes `contents`; `pull` is the open one. Raises PendingError where the measurement
    needs time that nobody waits for, RepositoryError where the host can't be asked for earlier pull requests."""
    history = read_history(edition.project, edition.name, edition.repository, pull)
    scores = score_language(edition, options.tell, history=history, dry_run=options.dry_run, wait=options.wait)
    files = file_texts({file.new_path: data for file, data in contents.items()}, edition.direction.target)
    return Summary(scores_section(scores, history, _ROOM, files), hide_scores(with_scores(history, scores)))
