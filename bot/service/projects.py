"""The projects of the service: configurations as subscriptions, a sync of one of their languages, and its comments."""

from __future__ import annotations

import gc
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from bot.book.chapters import Scope, scope_of
from bot.book.edition import SyncOptions, open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.comments import Allowance, Audience, CommentOutcome
from bot.config.service import ServiceSettings
from bot.errors import AmtsError, ConfigError, PendingError
from bot.forge.base import Discussion
from bot.forge.base import Outcome as Published
from bot.forge.comment import Comment
from bot.service.base import Checkpoint, LanguageId, WorkOutcome, WorkResult
from bot.service.heard import Heard
from bot.service.listening import FairLock, Listener
from bot.service.routing import Subscription
from bot.sync.language import sync_language
from bot.sync.results import Synced

_LOG = logging.getLogger(__name__)
# This process has threads, so a fork could copy a lock that nobody frees.
_START_METHOD = "spawn"
_OUTCOMES = {CommentOutcome.IGNORED: WorkOutcome.IGNORED, CommentOutcome.LIMITED: WorkOutcome.LIMITED}


class Projects:
    """Several configurations. Safe for use by several threads: work on one repository happens one piece at a time."""

    def __init__(
        self, paths: Sequence[Path], jobs: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` never goes back; the hours of budgets are counted by it. Raises ConfigError or InputError for an
        invalid configuration, or if a configuration is named twice."""
        if len({path.resolve() for path in paths}) != len(paths):
            raise ConfigError("a configuration is named twice; name each once with --config")
        self._projects = {str(path): load_project(path) for path in paths}
        self._jobs = jobs
        self._clock = clock
        self._locks: defaultdict[str, FairLock] = defaultdict(FairLock)
        self._discussions: dict[tuple[str, str], Discussion] = {}
        self._listeners: dict[tuple[str, str], Listener] = {}

    @property
    def settings(self) -> Mapping[str, ServiceSettings]:
        """Of each configuration, by its name."""
        return {name: project.config.service for name, project in self._projects.items()}

    def subscriptions(self) -> list[Subscription]:
        """Asks GitHub who the bot is. Without an answer, the bot's own events may cause unnecessary syncs."""
        subscriptions = []
        for config, project in self._projects.items():
            logins = self._own_logins(config, project)
            for name, target in project.config.languages.items():
                subscriptions.append(
                    Subscription(
                        LanguageId(config, name),
                        project.host.repository_name(project.config.source.repo),
                        project.config.source.branch,
                        project.host.repository_name(target.repo),
                        target.branch,
                        Scope(name).branch,
                        logins,
                        frozenset({project.host.profile.author.email}),
                    )
                )
        return subscriptions

    def sync(self, language: LanguageId, checkpoint: Checkpoint) -> WorkResult:
        """One sync, as `amts sync` does it, except that it never waits for a batch job."""

        def tell(text: str) -> None:
            checkpoint()
            _LOG.info("%s", text)

        project, name = self._projects[language.config], language.language
        runner = Runner(self._jobs, lambda *_: checkpoint(), _START_METHOD)
        try:
            with self._lock(project, project.config.source.repo), project.sync_limit(name):
                source = open_source(project)
            repo = project.config.languages[name].repo
            # A wait for the other languages of the repository does not count.
            with source.repository, self._lock(project, repo), project.sync_limit(name):
                checkpoint()
                edition = open_edition(project, source, name, runner)
                with edition.repository:
                    synced = sync_language(edition, SyncOptions(wait=False, tell=tell))
        finally:
            # Each repository that was opened holds a git process until it is collected.
            gc.collect()
        return _summary(synced)

    def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> WorkResult:
        project = self._projects[language.config]
        repo = project.config.languages[language.language].repo
        with self._lock(project, repo), project.sync_limit(language.language):
            listener = self._listener(language)
            runner = Runner(self._jobs, start_method=_START_METHOD)
            handled = listener.handle(project, comment, runner, lasting=lasting)
        if handled.outcome is CommentOutcome.PENDING:
            raise PendingError(handled.reason)
        return WorkResult(_OUTCOMES.get(handled.outcome, WorkOutcome.ANSWERED), handled.reason or "answered")

    def missed(self, language: LanguageId) -> Iterable[Comment]:
        project = self._projects[language.config]
        if not project.host.profile.reads_commands:
            return []
        with self._lock(project, project.config.languages[language.language].repo):
            return self._listener(language).missed(lambda branch: scope_of(branch, language.language) is not None)

    def _listener(self, language: LanguageId) -> Listener:
        """Of the language's repository, which is locked. Who may write there, and who the bot is, is asked once."""
        project = self._projects[language.config]
        repo = project.host.repository_name(project.config.languages[language.language].repo)
        place = language.config, repo
        if place not in self._listeners:
            section = project.config.service
            allowance = Allowance(section.commands_per_author, section.commands_per_hour, section.strangers_per_hour)
            discussion = self._discussion(language.config, project.config.languages[language.language].repo)
            # Configurations may share a repository, but not the languages there.
            names = [
                name for name, to in project.config.languages.items() if project.host.repository_name(to.repo) == repo
            ]
            key = sha256("\0".join([repo, *sorted(names)]).encode()).hexdigest()[:16]
            file = project.cache / "comments" / f"{key}.jsonl"
            self._listeners[place] = Listener(Audience(discussion, allowance, self._clock), Heard(file))
        return self._listeners[place]

    def _discussion(self, config: str, location: str) -> Discussion:
        host = self._projects[config].host
        place = config, host.repository_name(location)
        if place not in self._discussions:
            self._discussions[place] = host.open_discussion(location)
        return self._discussions[place]

    def _lock(self, project: Project, repo: str) -> FairLock:
        """Languages may share a repository, and configurations a source: a clone in the cache is one for all."""
        place = project.folder / Path(repo).expanduser()
        return self._locks[project.host.repository_name(repo) or (str(place.resolve()) if place.exists() else repo)]

    def _own_logins(self, config: str, project: Project) -> frozenset[str]:
        if not project.host.profile.reads_commands:
            return frozenset()
        try:
            return self._discussion(config, next(iter(project.config.languages.values())).repo).fetch_own_logins()
        except AmtsError as error:
            _LOG.warning("%s: GitHub does not say who the bot is: %s", config, error)
            return frozenset()


def _summary(synced: Sequence[Synced]) -> WorkResult:
    is_complete = True
    remarks: list[str] = []
    for result in synced:
        location = result.pull_request.location if result.pull_request else ""
        scope = "" if result.scope.is_whole else f"{result.scope.label}: "
        remarks.append(f"{scope}{result.outcome.value if result.outcome else 'in step'} {location}".rstrip())
        remarks += [*result.remarks, *(f"{file.path}: {file.problem}" for file in result.failed)]
        is_complete = is_complete and not result.failed and result.outcome is not Published.DEFERRED
    return WorkResult(WorkOutcome.SYNCED if is_complete else WorkOutcome.INCOMPLETE, "; ".join(remarks))
