"""A configuration, and what it points to: repositories, languages, engines, forges."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.book.baselines import Paths
from bot.book.files import read_bytes
from bot.book.package_data import known_language
from bot.config import matches, source_path, target_path
from bot.config.schema import Adapters, Config, built_in_engine, parse_config, unknown_engine
from bot.engines import ENGINES, Engine, EngineOptions, EngineSettings
from bot.errors import ConfigError, InputError, UsageError
from bot.forge.base import ForgeSettings, Host
from bot.forge.git import Repository
from bot.forge.guarded import GuardedHost
from bot.forge.locations import is_url
from bot.forge.registry import FORGES
from bot.model import Direction, Language, Signature
from bot.network.deadline import time_limit

ADAPTERS = Adapters[EngineSettings, ForgeSettings](ENGINES, FORGES)


def read_text(path: Path) -> str:
    """The text of a file that the user named, every line end as a line feed. Raises InputError if it can't be read."""
    try:
        return read_bytes(path).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; convert it to UTF-8 first") from None


@dataclass(frozen=True)
class Project:
    """Everything that one configuration file sets up; paths in it are relative to its folder. `glossaries` are texts
    that take the place of the configured files, by language; `styles` are the style files of the languages' people."""

    config: Config[EngineSettings, ForgeSettings]
    folder: Path
    cache: Path
    source_language: Language
    glossaries: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> Host:
        """The forge that its pull requests are opened on."""
        return GuardedHost(self.config.forge.create(self.folder, os.environ, self.config.network))

    def sync_limit(self, name: str) -> AbstractContextManager[None]:
        """Bounds the time of the calls in its block, one sync of the language `name` or one command about it."""
        hours = self.config.network.sync_hours
        message = (
            f"{name}: the limit for one sync, {hours:g} hours (network.sync_hours), is used up; nothing is half done,"
            " and the next run goes on; see what was slow, or raise the limit"
        )
        return time_limit(hours * 3600, message)

    def open_source(self) -> Repository:
        return self._open(self.config.source.repo)

    def open_target(self, name: str) -> Repository:
        return self._open(self.config.languages[name].repo)

    def direction(self, name: str) -> Direction:
        return Direction(self.source_language, known_language(self.config.languages[name].language))

    def select(self, names: Sequence[str]) -> list[str]:
        """The requested languages; all if none is requested. Raises UsageError for a language that is not
        configured."""
        for name in names:
            if name not in self.config.languages:
                known = ", ".join(self.config.languages)
                raise UsageError(f'language "{name}" is not in the configuration; it has {known}')
        return list(names) or list(self.config.languages)

    def paths(self, name: str) -> Paths:
        settings = self.config.languages[name]
        mapping, files = settings.paths, self.config.files_of(name)
        places = (settings.repo, settings.branch)
        others = [
            other.paths
            for code, other in self.config.languages.items()
            if code != name and (other.repo, other.branch) == places
        ]
        return Paths(
            target_of=lambda path: target_path(path, mapping),
            source_of=lambda path: source_path(path, mapping),
            wanted=lambda path: matches(path, files.include, files.exclude),
            new=files.new,
            is_of_other=lambda path, source: (
                target_path(source, mapping) != path and any(target_path(source, other) == path for other in others)
            ),
        )

    def engine(
        self,
        name: str,
        engine: str = "",
        *,
        wait: bool = True,
        tell: Callable[[str], None] | None = None,
        pairs: int | None = None,
        taught: bool = True,
    ) -> Engine:
        """The engine of the language `name`; or the engine called `engine`, for that language. `pairs` and `taught` are
        as in EngineOptions."""
        given = {f"the glossary of {name}": self.glossaries[name]} if name in self.glossaries else {}
        options = EngineOptions(
            read_text=lambda file: given[file] if file in given else read_text(self.folder / file),
            language=name,
            glossary=next(iter(given), self.config.languages[name].glossary),
            wait=wait,
            tell=tell or (lambda _: None),
            pairs=pairs,
            taught=taught,
            environment=os.environ,
            network=self.config.network,
            folder=self.folder,
            paid_folder=self.cache / "paid",
            book=self._location(self.config.source.repo),
            style=self.styles.get(name, ""),
        )
        return self.engine_settings(name, engine).create(options)

    def engine_settings(self, name: str, engine: str = "") -> EngineSettings:
        """Raises UsageError for an engine that does not exist."""
        if not engine:
            return self.config.engine_of(name)
        engines = self.config.engines
        settings = engines.get(engine) or built_in_engine(engine, ENGINES)
        if settings is None:
            raise UsageError(unknown_engine(engine, engines, ENGINES))
        return settings

    def _open(self, repo: str) -> Repository:
        return self.host.open_repository(self._location(repo), self.cache)

    def _location(self, repo: str) -> str:
        return repo if is_url(repo) else str(self.folder / Path(repo).expanduser())


def read_config(text: str, *, name: str = "amts.yaml") -> Config[EngineSettings, ForgeSettings]:
    """As parse_config, with all adapters that there are."""
    return parse_config(text, ADAPTERS, name=name)


def load_project(path: Path) -> Project:
    """Raises ConfigError or InputError, with the file and the line."""
    if not path.exists():
        raise ConfigError(
            f"{path}: does not exist; write one (see config/amts.yaml for an example) or name it with --config"
        )
    config = read_config(read_text(path), name=path.name)
    return Project(config, path.resolve().parent, cache_folder(os.environ), known_language(config.source.language))


def cache_folder(environment: Mapping[str, str]) -> Path:
    """The folder for repositories and results that can be made again (XDG Base Directory Specification)."""
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amts"


def commit_signature(project: Project, source: Repository, commit: str) -> Signature:
    """The bot's signature. The date of the English commit makes a repeated run produce the same commit."""
    author = project.host.profile.author
    seconds = int(source.run("show", "-s", "--format=%ct", commit))
    return Signature(author.name, author.email, datetime.fromtimestamp(seconds, UTC))
