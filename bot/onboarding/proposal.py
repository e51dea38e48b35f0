"""The proposed configuration: the text of amts.yaml, commented for its readers, and the pull request that adds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.book.edition import Source
from bot.book.package_data import known_language
from bot.book.project import Project, commit_signature, read_config
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

    def text(self, folder: Path | None) -> str:
        """The text of amts.yaml in `folder`; without a folder (for a bare repository), paths are absolute."""
        return "\n".join([*self._head(folder), *self._languages(folder), *self._tail()]) + "\n"

    @property
    def _include(self) -> tuple[str, ...]:
        """The file patterns that all languages share; empty if they differ."""
        first, *others = [target.layout.include for target in self.targets]
        return first if all(include == first for include in others) else ()

    def _head(self, folder: Path | None) -> Iterator[str]:
        yield "# AMTS: keeps the translations in step with their source. Proposed by `amts init`; change what you like."
        yield "# `amts check` validates this file, `amts status` and `amts sync --dry-run` show what it would do."
        yield "version: 1"
        yield ""
        yield "source:"
        yield f"  repo: {_scalar(_location(self.source.place, folder))}"
        yield f"  branch: {_scalar(self.source.branch)}"
        yield f"  language: {_scalar(self.source.language.code)}"
        yield ""
        yield "# Which files of the source are translated. Patterns follow .gitignore."
        yield "files:"
        yield f"  include: {_list(self._include)}"
        if self.exclude:
            yield "  # About the repository, not part of the book. Remove an entry to have that file translated."
            yield f"  exclude: {_list(self.exclude)}"

    def _languages(self, folder: Path | None) -> Iterator[str]:
        yield ""
        yield "languages:"
        for number, target in enumerate(self.targets):
            if number:
                yield ""
            yield f"  {_scalar(target.language.code)}:"
            yield from (f"    {line}" for line in self._language(target, folder))

    def _language(self, target: TargetRepository, folder: Path | None) -> Iterator[str]:
        layout = target.layout
        yield f"repo: {_scalar(_location(target.place, folder))}"
        yield f"branch: {_scalar(target.branch)}    # pull requests go into it"
        yield from _baseline(target)
        if paths := layout.paths:
            yield "# Source paths and the paths of their translations, if they differ (the * carries over)."
            yield "paths:"
            for source, path in paths.items():
                note = "    # its name differs: matched by its content" if layout.renamed.get(path) == source else ""
                yield f"  {_scalar(source)}: {_scalar(path)}{note}"
        if not self._include:
            yield f"include: {_list(layout.include)}"
        if layout.exclude:
            yield "# Not translated yet: the repository holds copies of the source text, which would be taken for"
            yield "# translations. To have a file translated, delete its copy there and its entry here."
            yield "exclude:"
            yield from (f"  - {_scalar(pattern)}" for pattern in layout.exclude)
        yield from _engine(self.engine.kind)

    def _tail(self) -> Iterator[str]:
        if self.engine.kind == "amazon":
            yield ""
            yield "engines:"
            yield "  translate:"
            yield "    kind: amazon"
            yield from (f"    {key}: {_scalar(value)}" for key, value in self.engine.settings.items())
            yield "    # Caps for each language: dollars per run and per month."
            yield "    # max_dollars_per_run: 50"
            yield "    # max_dollars_per_month: 200"
        yield ""
        yield "forge:"
        settings = self.targets[0].forge
        if settings is None:
            yield "  kind: local    # pull requests are branches (amts/…), and files in this folder"
            yield "  folder: .amts/pull-requests"
            return
        yield "  kind: github    # the token is read from GITHUB_TOKEN, never from this file"
        for key, value in settings.model_dump(exclude={"kind"}, exclude_unset=True).items():
            yield f"  {key}: {_scalar(value) if isinstance(value, str) else _list(value)}"


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
    exclude = sorted({pattern for target in targets for pattern in excluded(snapshot, target.layout.include)})
    return ConfigProposal(discovery.source, targets, tuple(exclude), discovery.request.engine)


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


def _baseline(target: TargetRepository) -> Iterator[str]:
    suffixes = target.layout.suffixes
    if target.baseline == "lock-file":
        yield "baseline: lock-file    # .amts/lock.yaml records the source text of each translation"
    elif target.baseline == "origin-file":
        yield f"# The source text of a translation X.md is in a file beside it (X{next(iter(suffixes))}.md)."
        yield "baseline: origin-file"
        yield f"origin_suffixes: {_list(list(suffixes))}"
    else:
        yield "# Nothing records the source text of each translation: the revision that fits best is used, and the"
        yield "# first pull request records it in .amts/lock.yaml."
        yield "baseline: infer"


def _engine(kind: str) -> Iterator[str]:
    if kind == "amazon":
        yield "engine: translate"
    elif kind == "copy":
        yield "engine: copy    # new text stays in the source language, for a person to translate"
    else:
        yield "# `memory` reuses earlier human translations and leaves the rest for a person. It costs nothing."
        yield "# For machine translation see docs/guides/aws.md, then `amts init --engine amazon`."
        yield "engine: memory"
    yield "# glossary: terms.md    # terms and their translations: a Markdown list, CSV, TSV, TBX or TMX"
    yield "# reviewers: []         # who is asked to review the pull requests"


def _location(place: RepositoryPlace, folder: Path | None) -> str:
    return place.seen_from(folder) if folder is not None else place.location


def _scalar(text: str) -> str:
    """The text as a YAML scalar that every reader of YAML takes for a string."""
    return yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=1_000_000).strip()[1:-1]


def _list(texts: Sequence[str]) -> str:
    return yaml.safe_dump(list(texts), default_flow_style=True, allow_unicode=True, width=1_000_000).strip()
