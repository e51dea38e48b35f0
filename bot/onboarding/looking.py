"""From what the user named to what is there: the repositories opened, and each looked at beside the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from bot.book.languages import known_language
from bot.book.opening import LanguageEdition, Source, open_edition, open_source
from bot.book.project import Project, cache_folder
from bot.book.workers import Runner
from bot.errors import UsageError
from bot.forge.base import ForgeSettings
from bot.forge.git import Repository
from bot.forge.history import read_history
from bot.forge.registry import forge_at
from bot.model import Language
from bot.onboarding.finding import Found, find, source_doubt
from bot.onboarding.inspecting import inspect
from bot.onboarding.places import Place, default_branch, open_place, read_place, refuse_same
from bot.onboarding.proposing import EngineChoice, Proposal, propose
from bot.report.onboarding import Onboarding


class InitForge(StrEnum):
    """Where the configuration is proposed; `dry-run` only shows."""

    LOCAL = "local"
    GITHUB = "github"
    DRY_RUN = "dry-run"


@dataclass(frozen=True)
class Wanted:
    """What the user asked for. `languages` are codes in the order of the targets, or none; empty branches are found
    out; `forge` None means GitHub for a URL on github.com, and local otherwise."""

    source: str
    targets: Sequence[str]
    languages: Sequence[str] = ()
    source_language: str = "en"
    source_branch: str = ""
    branch: str = ""
    engine: EngineChoice = field(default_factory=EngineChoice)
    forge: InitForge | None = None


@dataclass(frozen=True)
class Target:
    """A language repository that was looked at; `github` are the settings of its host, None for another place."""

    repository: Repository
    github: ForgeSettings | None
    found: Found


@dataclass(frozen=True)
class Looked:
    """The source and its translations. `cache` holds the clones; `doubt` speaks against the source's language."""

    wanted: Wanted
    place: Place
    source: Source
    english: Language
    targets: Sequence[Target]
    cache: Path
    doubt: str

    def propose(self, targets: Sequence[Target]) -> Proposal:
        """A configuration for some of the targets. Raises UsageError where two are in the same language."""
        return propose(
            self.source,
            self.place,
            self.wanted.source_branch or default_branch(self.source.repository),
            self.wanted.source_language,
            [target.found for target in targets],
            self.wanted.engine,
            targets[0].github,
        )


def look(wanted: Wanted, environment: Mapping[str, str], runner: Runner) -> Looked:
    """Opens and looks at everything. Raises UsageError, InputError or RepositoryError."""
    codes = _codes(wanted)
    place, places = read_place(wanted.source), [read_place(given) for given in wanted.targets]
    refuse_same(place, places)
    is_asked = wanted.forge is InitForge.GITHUB
    hosts = [forge_at(one.location, environment, asked=is_asked) for one in places]
    cache = cache_folder(environment)
    reading = forge_at(place.location, environment) or hosts[0]
    source = _open_source(open_place(place, cache, reading, environment), wanted.source_branch)
    english = known_language(wanted.source_language)
    targets = []
    for one, host, code in zip(places, hosts, codes, strict=True):
        repository = open_place(one, cache, host, environment)
        branch = wanted.branch or default_branch(repository)
        found = find(one, repository.snapshot(repository.head(branch)), branch, source, english, code, runner)
        targets.append(Target(repository, None if wanted.forge is InitForge.LOCAL else host, found))
    return Looked(wanted, place, source, english, targets, cache, source_doubt(source, english))


def describe(project: Project, looked: Looked, targets: Sequence[Target], runner: Runner) -> list[Onboarding]:
    """What the proposed configuration would do, language by language."""
    described = []
    for target in targets:
        found = target.found
        code, snapshot = found.language.code, found.snapshot
        one = inspect(LanguageEdition(project, looked.source, code, target.repository, snapshot, runner))
        doubts = [looked.doubt] if looked.doubt else []
        remarks = (*doubts, *found.remarks)
        described.append(replace(one, language_reason=found.language.reason, remarks=remarks, own=found.unpaired))
    return described


def describe_edited(project: Project, runner: Runner) -> list[Onboarding]:
    """The same for a configuration that people changed: what it names is opened anew."""
    source = open_source(project)
    return [inspect(open_edition(project, source, name, runner)) for name in project.config.languages]


def _codes(wanted: Wanted) -> list[str]:
    if wanted.languages and len(wanted.languages) != len(wanted.targets):
        raise UsageError(
            f"--language is given {len(wanted.languages)} times for {len(wanted.targets)} targets; give it once for"
            " each, in their order, or not at all"
        )
    # A code that is no language code is refused before anything is cloned.
    return [known_language(code).code for code in wanted.languages] or [""] * len(wanted.targets)


def _open_source(repository: Repository, branch: str) -> Source:
    snapshot = repository.snapshot(repository.head(branch or default_branch(repository)))
    return Source(repository, snapshot, read_history(repository, snapshot.commit))
