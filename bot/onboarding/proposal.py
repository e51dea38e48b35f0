"""The proposed configuration: the text of amts.yaml, commented for its readers, and the pull request that adds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from textwrap import indent

import yaml

from bot.book.edition import Source
from bot.book.package_data import known_language
from bot.book.project import Project, commit_signature, read_config
from bot.config.schema import NewFiles
from bot.errors import ConfigError, InputError, UsageError
from bot.forge.base import Forge, Published
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import continued_from
from bot.model import PullRequestDraft, Signature
from bot.onboarding.discovery import Discovery, EngineChoice, SourceRepository, TargetRepository
from bot.onboarding.layout import excluded
from bot.onboarding.places import RepositoryPlace
from bot.report.onboarding import CONFIG_PATH, Onboarding, onboarding_body, onboarding_message, onboarding_title

_NAME = "init"
_BRANCH = f"amts/{_NAME}"


@dataclass(frozen=True)
class ConfigProposal:
    """A configuration for one source and some languages. Its text stays the same while the books change: people who
    declined it are not asked again."""

    source: SourceRepository
    targets: Sequence[TargetRepository]
    exclude: tuple[str, ...]
    engine: EngineChoice
    new_files: NewFiles = "add"

    def text(self, folder: Path | None) -> str:
        """The text of amts.yaml in `folder`; without a folder (for a bare repository), paths are absolute."""
        head = _part(
            "head",
            repo=_scalar(_location(self.source.place, folder)),
            branch=_scalar(self.source.branch),
            language=_scalar(self.source.language.code),
            include=_list(self._include),
            exclude=_part(self._excludes, exclude=_list(self.exclude)) if self.exclude else "",
            new=self.new_files,
        )
        languages = "\n".join(indent("".join(self._language(target, folder)), "  ") for target in self.targets)
        settings = "".join(f"    {key}: {_scalar(value)}\n" for key, value in self.engine.settings.items())
        engines = _part("amazon", settings=settings) if self.engine.kind == "amazon" else ""
        return f"{head}{languages}{engines}{self._forge()}"

    @property
    def _include(self) -> tuple[str, ...]:
        """The file patterns that all languages share; empty if they differ."""
        first, *others = [target.layout.include for target in self.targets]
        return first if all(include == first for include in others) else ()

    @property
    def _excludes(self) -> str:
        """The part of the text that says why files are excluded."""
        return "exclude translations" if any(target.layout.foreign for target in self.targets) else "exclude"

    def _language(self, target: TargetRepository, folder: Path | None) -> Iterator[str]:
        layout, suffixes = target.layout, list(target.layout.suffixes)
        repo = _scalar(_location(target.place, folder))
        yield _part("language", code=_scalar(target.language.code), repo=repo, branch=_scalar(target.branch))
        yield _part(f"baseline {target.baseline}", first=next(iter(suffixes), ""), all=_list(suffixes))
        if paths := layout.paths:
            yield _part("paths")
            for source, path in paths.items():
                note = "    # its name differs: matched by its content" if layout.renamed.get(path) == source else ""
                yield f"    {_scalar(source)}: {_scalar(path)}{note}\n"
        if not self._include:
            yield f"  include: {_list(layout.include)}\n"
        if layout.exclude:
            yield _part("copies")
            yield from (f"    - {_scalar(pattern)}\n" for pattern in layout.exclude)
        yield _part(f"engine {self.engine.kind}")
        yield _part("optional")

    def _forge(self) -> str:
        settings = self.targets[0].forge
        if settings is None:
            return _part("local")
        given = settings.model_dump(exclude={"kind"}, exclude_unset=True).items()
        lines = (f"  {key}: {_scalar(value) if isinstance(value, str) else _list(value)}\n" for key, value in given)
        return _part("github") + "".join(lines)


def propose(discovery: Discovery, targets: Sequence[TargetRepository]) -> ConfigProposal:
    """A configuration for some of the targets. Raises UsageError if two of them are in the same language."""
    owners: dict[str, str] = {}
    for target in targets:
        code = target.language.code
        if code in owners:
            raise UsageError(
                f"{target.place.given}: is in {code}, as {owners[code]} is, and a configuration has one repository for"
                " each language; tell them apart with --language, or leave one out"
            )
        owners[code] = target.place.given
    snapshot = discovery.source.book.snapshot
    exclude = {pattern for target in targets for pattern in excluded(snapshot, target.layout.include)}
    exclude |= {pattern for target in targets for pattern in target.layout.foreign}
    request = discovery.request
    return ConfigProposal(discovery.source, targets, tuple(sorted(exclude)), request.engine, request.new_files)


def make_project(text: str, folder: Path, cache: Path) -> Project:
    """The project of a proposed configuration, as if its file stood in `folder`. Raises ConfigError."""
    config = read_config(text, name=CONFIG_PATH)
    return Project(config, folder, cache, known_language(config.source.language))


@dataclass(frozen=True)
class ProposalPullRequest:
    """The pull request that proposes the configuration in one language repository: opened once, updated in place, and
    never against people who changed or closed it. `start` is the commit that it continues; `edited` is the text if
    people changed it, None otherwise."""

    forge: Forge
    base: str
    start: str
    signature: Signature
    edited: str | None

    def publish(self, text: str, proposed: Sequence[Onboarding]) -> tuple[Published, PullRequestDraft]:
        """Proposes `text`; if people edited the file, `text` must be the edited text."""
        draft = PullRequestDraft(
            language=_NAME,
            branch=_BRANCH,
            base=self.base,
            title=onboarding_title(proposed),
            body=onboarding_body(proposed, edited=self.edited is not None),
            message=onboarding_message(proposed, self.start),
            files={CONFIG_PATH: text.encode()},
            expected_head=self.start,
            signature=self.signature,
        )
        return self.forge.publish(draft), draft


def open_pull_request(
    project: Project, source: Source, repository: Repository, base: str, *, dry_run: bool
) -> ProposalPullRequest:
    """Raises ConfigError if the repository is configured already."""
    published = repository.snapshot(repository.head(base))
    if CONFIG_PATH in published.entries:
        raise ConfigError(
            f"{repository.name}: has an {CONFIG_PATH} on {base} already; `amts status` shows what it does, and"
            " `amts init --write FILE` writes another proposal to compare it with"
        )
    forge = project.host.open_forge(repository, dry_run=dry_run)
    pull = forge.fetch_open(_NAME, _BRANCH, base)
    start = pull.head if pull else published.commit
    signature = commit_signature(project, source.repository, source.snapshot.commit)
    edited = _edited(repository.snapshot(start)) if pull else None
    return ProposalPullRequest(forge, base, start, signature, edited)


def _edited(branch: Snapshot) -> str | None:
    if CONFIG_PATH not in branch.entries or continued_from(branch.repository, branch.commit) is not None:
        return None
    try:
        return branch.read(CONFIG_PATH).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            f"{CONFIG_PATH} on {_BRANCH}: is not UTF-8; correct it there, or close the pull request"
        ) from None


def _part(name: str, **values: str) -> str:
    """A part of the text, from proposal.yaml beside this module."""
    return _parts()[name].format(**values)


@cache
def _parts() -> Mapping[str, str]:
    text = (resources.files("bot.onboarding") / "proposal.yaml").read_text("utf-8")
    parts: Mapping[str, str] = yaml.safe_load(text)
    return parts


def _location(place: RepositoryPlace, folder: Path | None) -> str:
    return place.seen_from(folder) if folder is not None else place.location


def _scalar(text: str) -> str:
    """The text as a YAML scalar that every reader of YAML takes for a string."""
    return yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=1_000_000).strip()[1:-1]


def _list(texts: Sequence[str]) -> str:
    return yaml.safe_dump(list(texts), default_flow_style=True, allow_unicode=True, width=1_000_000).strip()
