"""The BLEU summary of one pull request: what its body says, and what it carries along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.opening import Source
from bot.app.parallel import Runner
from bot.app.project import Project
from bot.app.scoring.history import read_history
from bot.app.scoring.measuring import score_language
from bot.app.scoring.texts import file_texts
from bot.app.translating import Options
from bot.forge.base import PullRequest
from bot.forge.book import TranslatedFile
from bot.forge.git import Repository
from bot.report.scores import hide_scores, scores_section, with_scores

# Of a body of 50,000 characters.
_ROOM = 8_000


@dataclass(frozen=True, slots=True)
class Summary:
    """`section` is Markdown; `marker` the hidden measurements, "" where there are none."""

    section: str = ""
    marker: str = ""


def summarize_scores(
    project: Project,
    source: Source,
    name: str,
    repository: Repository,
    pull: PullRequest | None,
    contents: Mapping[TranslatedFile, bytes | None],
    options: Options,
    runner: Runner,
) -> Summary:
    """For the pull request that writes `contents`; `pull` is the open one. Raises PendingError where the measurement
    needs time that nobody waits for, RepositoryError where the host can't be asked for earlier pull requests."""
    history = read_history(project, name, repository, pull)
    scores = score_language(
        project, source, name, runner, options.tell, history=history, dry_run=options.dry_run, wait=options.wait
    )
    files = file_texts({file.new_path: data for file, data in contents.items()}, project.languages(name)[1])
    return Summary(scores_section(scores, history, _ROOM, files), hide_scores(with_scores(history, scores)))
