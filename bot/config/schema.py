"""The shape of amts.yaml, and the JSON Schema that editors check it by."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field, field_validator

from bot.config.languages import check_code
from bot.config.network import NetworkSettings
from bot.config.paths import check_pattern
from bot.config.reading import Path, Problem
from bot.config.service import ServiceSettings
from bot.config.validation import AdapterSettings, Section, parse, suggestion, validate_adapter

Baseline = Literal["origin-file", "lock-file", "infer"]
"""How a language repository records the English that each translated file was made from."""

NewFiles = Literal["add", "ignore", "list"]
"""What becomes of English files that the translators never had: added to the translation, left alone without a word,
or named and left alone."""


Changed = Literal["repair", "retranslate", "keep"]
"""What becomes of a translated sentence whose English got other words."""


def _check_repository(value: str) -> str:
    if not value.strip() or value.startswith("-"):
        raise ValueError("must be the path or the URL of a repository")
    if re.match(r"[a-z+]+://[^/]*@", value, re.IGNORECASE) and not value.startswith("ssh://"):
        # Not quoted: a token must not get into a log.
        raise ValueError("must not hold a user name or a token; leave out what stands before the @")
    return value


def _check_branch(value: str) -> str:
    """The common errors by git-check-ref-format(1); git itself has the last word."""
    if not re.fullmatch(r"[^\s~^:?*\[\\\x00-\x1f\x7f]+", value) or value.startswith(("-", "/")) or ".." in value:
        raise ValueError("is not a branch name that git accepts")
    return value


def _check_relative(value: str) -> str:
    if not value or value.startswith("/") or "\\" in value or ".." in value.split("/"):
        raise ValueError(f'must stay inside its repository, with slashes between folders; "{value}" does not')
    return value


def _check_mapping(mapping: Mapping[str, str]) -> Mapping[str, str]:
    owner: dict[str, str] = {}
    for source, target in mapping.items():
        _check_relative(source), _check_relative(target)
        if source.count("*") > 1 or source.count("*") != target.count("*"):
            raise ValueError(f'must have one * on both sides or none; "{source}: {target}" does not')
        if owner.setdefault(target, source) != source:
            raise ValueError(f'puts both "{owner[target]}" and "{source}" at "{target}"')
    return mapping


Repository = Annotated[str, AfterValidator(_check_repository)]
Branch = Annotated[str, AfterValidator(_check_branch)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
Patterns = tuple[Pattern, ...]
Suffix = Annotated[str, Field(min_length=1, pattern=r"^[^/\\]+$")]


class SourceSettings(Section):
    """The book that is translated."""

    repo: Repository
    """Path (relative to this file) or URL of the repository that holds the source text."""
    branch: Branch = "main"
    """The branch that translations follow."""
    language: Annotated[str, AfterValidator(check_code)] = "en"
    """Language code of the source text."""


class FilePatterns(Section):
    """Which files of the source are translated. Patterns follow .gitignore."""

    include: Patterns = ("**/*.md",)
    """A file that matches one of these is translated…"""
    exclude: Patterns = ()
    """…unless it matches one of these."""
    new: NewFiles = "add"
    """What becomes of a file that the translators never had: `add` it to the translation, `list` it in the pull request
    and in the status, or `ignore` it. A file that is asked for by its path is added in any case."""


class LanguageFiles(Section):
    """What is different for the files of one language."""

    new: NewFiles | None = None
    """As `new` of `files`, which counts if this is left out."""


class LanguageSettings(Section):
    """One language that the book is translated into."""

    repo: Repository
    """Path (relative to this file) or URL of the repository that holds the translation."""
    branch: Branch = "main"
    """The branch that pull requests are made against."""
    language: str = ""
    """Language code of the translation; the name of the entry if left out."""
    baseline: Baseline = "origin-file"
    """The record of the source text of each translated file: in a file beside it, in .amts/lock.yaml, or nowhere yet
    (`infer`: takes the revision that fits best, and records it in .amts/lock.yaml by the first pull request)."""
    origin_suffixes: Annotated[tuple[Suffix, ...], Field(min_length=1)] = ("_origin",)
    """With `baseline: origin-file`, the source text of X.md is in X_origin.md. New files get the first suffix."""
    paths: Annotated[Mapping[str, str], AfterValidator(_check_mapping)] = {}
    """Source path to translated path, if they differ: a file, or a pattern whose single * carries over."""
    include: Patterns = ()
    """Patterns in addition to those of `files`."""
    exclude: Patterns = ()
    """Patterns in addition to those of `files`."""
    files: LanguageFiles = LanguageFiles()
    """What becomes of files that the translators never had."""
    engine: str = "memory"
    """The engine that translates: an entry of `engines`, or a kind that needs no settings, such as `memory`."""
    retranslate_below: Annotated[int, Field(ge=0, le=90)] | None = None
    """How alike (per cent) the source text of a sentence must stay for people's translation to stand, with the change
    carried over or marked as stale; sentences less alike are translated anew by an engine that can. Left out: what the
    book's history shows, or 75."""
    changed: Changed | None = None
    """What becomes of a translated sentence whose source text got other words, with an engine that can translate:
    `repair` exchanges what changed and keeps people's other words, `retranslate` has it translated anew (unless more
    than 90 per cent are alike) and offers people's sentence, `keep` asks no engine. Left out: as `repair`, but no
    engine is asked where the book's history shows that people mostly leave such sentences."""
    glossary: str = ""
    """A file of terms and their translations (Markdown list, CSV, TSV, TBX or TMX), relative to this file."""
    measure: bool | None = None
    """Left out: each pull request reports the machine's BLEU on held-out sentences (which costs a little whenever the
    parallel data changed), if sacreBLEU is installed and the book has enough sentences that people translated. `true`
    adds the terms that people correct, and to each merged one a comment on what people changed in its drafts; `false`
    reports nothing."""
    chapters_above: Annotated[int, Field(ge=0)] | None = None
    """If more files than this are to change, each chapter (a folder at the top of the translation) gets a pull request
    of its own; never if left out."""
    reviewers: tuple[str, ...] = ()
    """User names of people to ask for a review of the pull request."""


_DEFAULT_FORGE = {"kind": "local"}

EngineT = TypeVar("EngineT", bound=AdapterSettings)
ForgeT = TypeVar("ForgeT", bound=AdapterSettings)


class Config(Section, Generic[EngineT, ForgeT]):
    """AMTS: one source, many languages."""

    version: Literal[1]
    """The version of this file's format."""
    source: SourceSettings
    files: FilePatterns = FilePatterns()
    languages: Annotated[Mapping[str, LanguageSettings], Field(min_length=1)]
    """One entry for each language; its name is used in branch names and reports."""
    engines: Mapping[str, EngineT] = {}
    """The engines that translate, under names of your choice."""
    forge: ForgeT
    """The forge that pull requests are opened on."""
    service: ServiceSettings = ServiceSettings()
    """The schedule and the limits of `amts run`."""
    network: NetworkSettings = NetworkSettings()
    """How long AMTS waits for other machines."""

    @field_validator("languages")
    @classmethod
    def _named_by_their_keys(cls, languages: Mapping[str, LanguageSettings]) -> Mapping[str, LanguageSettings]:
        return {
            name: target if target.language else target.model_copy(update={"language": name})
            for name, target in languages.items()
        }

    def files_of(self, name: str) -> FilePatterns:
        """The files of language `name`: the general patterns and its own, and its own choice about new files."""
        target = self.languages[name]
        return FilePatterns(
            include=self.files.include + target.include,
            exclude=self.files.exclude + target.exclude,
            new=target.files.new or self.files.new,
        )

    def engine_of(self, name: str) -> EngineT:
        """The engine that language `name` uses."""
        return self.engines[self.languages[name].engine]


@dataclass(frozen=True)
class Adapters(Generic[EngineT, ForgeT]):
    """The settings of each kind of engine and of forge."""

    engines: Mapping[str, type[EngineT]]
    forges: Mapping[str, type[ForgeT]]


def parse_config(text: str, adapters: Adapters[EngineT, ForgeT], *, name: str = "amts.yaml") -> Config[EngineT, ForgeT]:
    """The configuration that a YAML text holds. Raises ConfigError: one line for each problem, `amts.yaml:12: …`."""
    config: Config[EngineT, ForgeT] = parse(
        text,
        Config,
        name=name,
        prepare=lambda data: _read_adapters(data, adapters),
        check=lambda config: _check_references(config, adapters.engines),
    )
    kinds = {target.engine for target in config.languages.values()} - config.engines.keys()
    built_in = {kind: built_in_engine(kind, adapters.engines) for kind in kinds}
    return config.model_copy(update={"engines": {**built_in, **config.engines}})


def built_in_engine(kind: str, engines: Mapping[str, type[EngineT]]) -> EngineT | None:
    """The engine of a kind without required settings, which needs no entry under `engines`; None for another kind."""
    settings = validate_adapter({"kind": kind}, engines, ())
    return None if isinstance(settings, list) else settings


def unknown_engine(engine: str, configured: Iterable[str], kinds: Mapping[str, type[AdapterSettings]]) -> str:
    """The message on an engine that is neither an entry of the configuration nor built in."""
    known = dict.fromkeys([*configured, *(kind for kind in kinds if built_in_engine(kind, kinds))])
    return f'there is no engine "{engine}"; {suggestion(engine, list(known), "there are")}'


def json_schema(adapters: Adapters[EngineT, ForgeT]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of amts.yaml, for editors. Checks between fields are parse_config's alone."""
    engine, forge = (
        Annotated[reduce(operator.or_, models.values()), Field(discriminator="kind")]
        for models in (adapters.engines, adapters.forges)
    )
    schema = Config[engine, forge].model_json_schema()  # type: ignore[valid-type]
    schema["title"], schema["description"] = "Config", Config.__doc__
    schema["properties"]["forge"]["default"] = _DEFAULT_FORGE
    schema["required"].remove("forge")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _read_adapters(data: dict[str, Any], adapters: Adapters[EngineT, ForgeT]) -> list[Problem]:
    """Puts settings in the place of the mappings that describe them."""
    data.setdefault("forge", _DEFAULT_FORGE)
    sections: list[tuple[Path, dict[Any, Any], Mapping[str, type[AdapterSettings]]]] = [
        (("forge",), data, adapters.forges)
    ]
    if isinstance(data.get("engines"), dict):
        data["engines"] = {str(name): settings for name, settings in data["engines"].items()}
        sections += [(("engines", name), data["engines"], adapters.engines) for name in data["engines"]]
    problems = []
    for path, parent, models in sections:
        settings = validate_adapter(parent[path[-1]], models, path)
        if isinstance(settings, list):
            problems += settings
            settings = AdapterSettings(kind="")
        parent[path[-1]] = settings
    return problems


def _plain(repo: str) -> str:
    """Without a suffix or prefix in which two names of the same place may differ."""
    return repo.rstrip("/").removesuffix(".git").removeprefix("./")


def _check_references(config: Config[EngineT, ForgeT], engines: Mapping[str, type[EngineT]]) -> Iterator[Problem]:
    """Problems between fields: names that must exist, and codes that default to their key."""
    for name in config.service.windows:
        if name != "*" and name not in config.languages:
            message = f'service.windows: "{name}" is not one of the languages, {", ".join(config.languages)}'
            yield Problem(("service", "windows", name), message)
    for name, target in config.languages.items():
        try:
            check_code(target.language)
        except ValueError as error:
            yield Problem(("languages", name, "language"), f"languages.{name}.language {error}")
        if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", name) or name.endswith(".lock"):
            message = f'the language name "{name}" can\'t be part of a branch name; use letters, digits and dashes'
            yield Problem(("languages", name), message)
        is_source = _plain(target.repo) == _plain(config.source.repo) and target.branch == config.source.branch
        if is_source and not target.paths:
            message = (
                f"languages.{name}.repo: is source.repo, on the same branch; name the repository of the translation, or"
                " say under paths where it lies"
            )
            yield Problem(("languages", name, "repo"), message)
        if target.engine not in config.engines and built_in_engine(target.engine, engines) is None:
            message = f"languages.{name}.engine: {unknown_engine(target.engine, config.engines, engines)}"
            yield Problem(("languages", name, "engine"), message)
