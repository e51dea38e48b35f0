"""The proposed configuration, as the text of amts.yaml with comments for the people who will live with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.book.opening import Source
from bot.errors import UsageError
from bot.forge.base import ForgeSettings
from bot.onboarding.finding import Found
from bot.onboarding.layout import excluded
from bot.onboarding.places import Place


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What is to translate. `settings` are what Amazon Translate needs: region, bucket and role."""

    kind: str = "memory"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A configuration for one source and some languages. Nothing in its text changes with every change of the books:
    people who refused it are not asked again."""

    source: Place
    source_branch: str
    source_language: str
    found: Sequence[Found]
    exclude: tuple[str, ...]
    engine: EngineChoice
    github: ForgeSettings | None

    def text(self, folder: Path | None) -> str:
        """The text of amts.yaml in `folder`; where there is none (in a bare repository), paths are absolute."""
        return "\n".join([*self._head(folder), *self._languages(folder), *self._tail()]) + "\n"

    @property
    def _include(self) -> tuple[str, ...]:
        """What all languages translate; empty where they differ."""
        first, *others = [found.include for found in self.found]
        return first if all(one == first for one in others) else ()

    def _head(self, folder: Path | None) -> Iterator[str]:
        yield "# AMTS: keeps the translations in step with their source. Proposed by `amts init`; change what you like."
        yield "# `amts check` validates this file, `amts status` and `amts sync --dry-run` show what it would do."
        yield "version: 1"
        yield ""
        yield "source:"
        yield f"  repo: {_scalar(_seen(self.source, folder))}"
        yield f"  branch: {_scalar(self.source_branch)}"
        yield f"  language: {_scalar(self.source_language)}"
        yield ""
        yield "# Which files of the source are translated. Patterns are those of .gitignore."
        yield "files:"
        yield f"  include: {_list(self._include)}"
        if self.exclude:
            yield "  # About the repository, not part of the book; take out of this list what is to be translated."
            yield f"  exclude: {_list(self.exclude)}"

    def _languages(self, folder: Path | None) -> Iterator[str]:
        yield ""
        yield "languages:"
        for number, found in enumerate(self.found):
            if number:
                yield ""
            yield f"  {_scalar(found.language.code)}:"
            yield from (f"    {line}" for line in self._language(found, folder))

    def _language(self, found: Found, folder: Path | None) -> Iterator[str]:
        yield f"repo: {_scalar(_seen(found.place, folder))}"
        yield f"branch: {_scalar(found.branch)}    # pull requests go into it"
        yield from _baseline(found)
        if found.paths:
            yield "# Where a translation does not lie at the path of its source (the * carries over)."
            yield "paths:"
            for source, target in found.paths.items():
                note = "    # its name differs: matched by its content" if found.renamed.get(target) == source else ""
                yield f"  {_scalar(source)}: {_scalar(target)}{note}"
        if not self._include:
            yield f"include: {_list(found.include)}"
        if found.exclude:
            yield "# Not translated yet: what lies at their place is the source's text itself, which would pass for a"
            yield "# translation. Delete it there, and take the file out of this list, to have it translated."
            yield "exclude:"
            yield from (f"  - {_scalar(pattern)}" for pattern in found.exclude)
        yield from _engine(self.engine.kind)

    def _tail(self) -> Iterator[str]:
        if self.engine.kind == "amazon":
            yield ""
            yield "engines:"
            yield "  translate:"
            yield "    kind: amazon"
            yield from (f"    {key}: {_scalar(value)}" for key, value in self.engine.settings.items())
            yield "    # No run spends more for one language; and no language costs more in a month."
            yield "    # max_dollars_per_run: 50"
            yield "    # max_dollars_per_month: 200"
        yield ""
        yield "forge:"
        if self.github is None:
            yield "  kind: local    # pull requests are branches (amts/…), and files in this folder"
            yield "  folder: .amts/pull-requests"
            return
        yield "  kind: github    # the token is read from GITHUB_TOKEN and never stands here"
        for key, value in self.github.model_dump(exclude={"kind"}, exclude_unset=True).items():
            yield f"  {key}: {_scalar(value) if isinstance(value, str) else _list(value)}"


def propose(
    source: Source,
    place: Place,
    branch: str,
    language: str,
    found: Sequence[Found],
    engine: EngineChoice,
    github: ForgeSettings | None,
) -> Proposal:
    """Raises UsageError where two repositories hold the same language."""
    owners: dict[str, str] = {}
    for one in found:
        code = one.language.code
        if code in owners:
            raise UsageError(
                f"{one.place.given}: is in {code}, as {owners[code]} is, and a configuration has one repository for"
                " each language; tell them apart with --language, or leave one out"
            )
        owners[code] = one.place.given
    exclude = sorted({pattern for one in found for pattern in excluded(source.snapshot, one.include)})
    return Proposal(place, branch, language, found, tuple(exclude), engine, github)


def _baseline(found: Found) -> Iterator[str]:
    suffixes = found.layout.suffixes
    if found.baseline == "lock-file":
        yield "baseline: lock-file    # .amts/lock.yaml names the text that each file was made from"
    elif found.baseline == "origin-file":
        yield f"# The text that X.md was made from lies in a file beside it (X{next(iter(suffixes))}.md)."
        yield "baseline: origin-file"
        yield f"origin_suffixes: {_list(list(suffixes))}"
    else:
        yield "# Nothing records which text each file was made from: the revision that fits best is taken, and the"
        yield "# first pull request writes it down in .amts/lock.yaml."
        yield "baseline: infer"


def _engine(kind: str) -> Iterator[str]:
    if kind == "amazon":
        yield "engine: translate"
    elif kind == "copy":
        yield "engine: copy    # what is new stays in the source's language, for a person to translate"
    else:
        yield "# `memory` reuses what people translated before, and leaves the rest for a person. It costs nothing."
        yield "# For machine translation see docs/guides/aws.md, then `amts init --engine amazon`."
        yield "engine: memory"
    yield "# glossary: terms.md    # terms and their translations: a Markdown list, CSV, TSV, TBX or TMX"
    yield "# reviewers: []         # who is asked to review the pull requests"


def _seen(place: Place, folder: Path | None) -> str:
    return place.seen_from(folder) if folder is not None else place.location


def _scalar(text: str) -> str:
    """The text as a YAML scalar that is a string in every reader of YAML."""
    return yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=1_000_000).strip()[1:-1]


def _list(texts: Sequence[str]) -> str:
    return yaml.safe_dump(list(texts), default_flow_style=True, allow_unicode=True, width=1_000_000).strip()
