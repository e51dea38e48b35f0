"""From what the user named to what is there: the repositories opened, and each translation compared with the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from bot.book.edition import Source
from bot.book.history import read_history
from bot.book.lock_file import LOCK_PATH
from bot.book.package_data import known_language
from bot.book.project import cache_folder
from bot.book.workers import Runner
from bot.config.schema import Baseline, NewFiles
from bot.documents import decode
from bot.errors import InputError, UsageError
from bot.forge.base import ForgeSettings
from bot.forge.git import Snapshot
from bot.forge.registry import forge_at
from bot.model import Direction, Language
from bot.onboarding.language import IdentifiedLanguage, are_same, contradiction, detect, identify_language
from bot.onboarding.layout import Layout, find_layout, find_layout_within
from bot.onboarding.matching import match_contents
from bot.onboarding.places import RepositoryPlace, are_same_place, default_branch, open_place, read_place
from bot.onboarding.rules import codes_of

# A few documents show the language of a book.
_MAX_SAMPLE = 8


InitForge = Literal["local", "github", "dry-run"]
"""The forge that gets the proposed configuration; `dry-run` only shows it."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine that translates. `settings` are what Amazon Translate needs: region, bucket and role."""

    kind: str = "memory"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OnboardingRequest:
    """The user's request. `languages` are codes in the order of the targets, those that a single target holds, or none.
    An empty branch means the repository's main branch; `forge` None means GitHub for a URL on github.com, and local
    otherwise. A target may be the source itself, which then holds its own translations. `new_files`: see `files.new` of
    the configuration."""

    source: str
    targets: Sequence[str]
    languages: Sequence[str] = ()
    source_language: str = "en"
    source_branch: str = ""
    branch: str = ""
    engine: EngineChoice = field(default_factory=EngineChoice)
    forge: InitForge | None = None
    new_files: NewFiles = "add"


@dataclass(frozen=True)
class SourceRepository:
    """The source of the book, opened at `branch`."""

    place: RepositoryPlace
    branch: str
    book: Source
    language: Language

    @cached_property
    def doubt(self) -> str:
        """Evidence that the source is in another language; "" for none."""
        entries = self.book.snapshot.entries
        documents = [path for path, entry in entries.items() if entry.is_file and path.endswith(".md")]
        # It may hold translations as well.
        own = [path for path in documents if all(are_same(code, self.language.code) for code in codes_of(path))]
        detected = detect(dict(_sample(self.book.snapshot, own)))
        return contradiction(detected, self.language.code, "the words of the source")


@dataclass(frozen=True)
class TargetRepository:
    """The facts about one language repository. `remarks` are sentences for a person: doubts, and points to check;
    `forge` are the settings of its host, None for another place."""

    place: RepositoryPlace
    branch: str
    snapshot: Snapshot
    language: IdentifiedLanguage
    layout: Layout
    baseline: Baseline
    remarks: tuple[str, ...]
    forge: ForgeSettings | None = None


@dataclass(frozen=True)
class Discovery:
    """The source and its translations. `cache` holds the clones."""

    request: OnboardingRequest
    source: SourceRepository
    targets: Sequence[TargetRepository]
    cache: Path


def discover(request: OnboardingRequest, environment: Mapping[str, str], runner: Runner) -> Discovery:
    """Opens and examines all repositories. Raises UsageError, InputError or RepositoryError."""
    # One repository may hold several languages.
    given = [*request.targets] * max(1, len(request.languages)) if len(request.targets) == 1 else [*request.targets]
    if request.languages and len(request.languages) != len(given):
        raise UsageError(
            f"--language is given {len(request.languages)} times for {len(given)} targets; give it once for each, in"
            " their order, or not at all"
        )
    # An invalid code is refused before anything is cloned.
    codes = [known_language(code).code for code in request.languages] or [""] * len(given)
    source_place, places = read_place(request.source), [read_place(one) for one in given]
    hosts = [forge_at(place.location, environment, asked=request.forge == "github") for place in places]
    cache = cache_folder(environment)
    source_host = forge_at(source_place.location, environment) or hosts[0]
    repository = open_place(source_place, cache, source_host, environment)
    source_branch = request.source_branch or default_branch(repository)
    snapshot = repository.snapshot(repository.head(source_branch))
    book = Source(repository, snapshot, read_history(repository, snapshot.commit))
    source = SourceRepository(source_place, source_branch, book, known_language(request.source_language))
    targets = []
    for place, host, code in zip(places, hosts, codes, strict=True):
        repository = open_place(place, cache, host, environment)
        branch = request.branch or default_branch(repository)
        target = examine(source, place, branch, repository.snapshot(repository.head(branch)), code, runner)
        targets.append(replace(target, forge=None if request.forge == "local" else host))
    if len(request.targets) < len(given):
        _refuse_shared(targets)
    return Discovery(request, source, targets, cache)


def _refuse_shared(targets: Sequence[TargetRepository]) -> None:
    """Raises UsageError if two languages would be one translation."""
    owners: dict[str, str] = {}
    for target in targets:
        for path in target.layout.pairs:
            other = owners.setdefault(path, target.language.code)
            if other != target.language.code:
                raise UsageError(
                    f"--language is given {len(targets)} times for 1 targets, and {path} of {target.place.given} would"
                    f" be in {other} and in {target.language.code}; name the languages that its paths tell apart"
                )


def examine(
    source: SourceRepository, place: RepositoryPlace, branch: str, snapshot: Snapshot, code: str, runner: Runner
) -> TargetRepository:
    """Compares one language repository with the source; `code` is the language that the user named, "" for none.

    Raises InputError if nothing in it is a translation of the source, UsageError if only the user can decide.
    """
    book, english = source.book, source.language
    if are_same_place(place, source.place) and branch == source.branch:
        layout = find_layout_within(
            book.snapshot, book.history, place.given, language=code, source_language=english.code
        )
    else:
        layout = find_layout(book.snapshot, book.history, snapshot, language=code, source_language=english.code)
    texts = dict(_sample(snapshot, [*layout.pairs, *layout.unpaired]))
    source_name = book.repository.name
    if code:
        doubt = contradiction(detect(texts), code)
        language = IdentifiedLanguage(known_language(code).code, "you named it", doubt)
    else:
        language = identify_language(place.given, source_name, layout.code, texts, english)
    direction = Direction(english, known_language(language.code))
    matches = match_contents(book.snapshot, snapshot, layout.free, layout.unpaired, direction, runner)
    if not layout.pairs and not matches:
        reason = (
            "are still in the source's language" if layout.copies else "correspond to none of it, by path or content"
        )
        raise InputError(
            f"{place.given}: no translation was found: its documents {reason}; is {source_name} its source, and"
            f" {branch} the branch with the translations?"
        )
    remarks: list[str] = []
    if language.doubt:
        remarks.append(f"the language may be another: {language.doubt}")
    if layout.copies:
        remarks.append(
            f"files that are English still: {len(layout.copies)} ({_some(layout.copies)}); they are excluded, since"
            " they would pass for translations: delete them there and take them out of exclude to have them translated"
        )
    if layout.left_over:
        remarks.append(
            f"second copies of translations: {len(layout.left_over)} ({_some(layout.left_over)}); they are left alone,"
            " since each file has one translation: take what you need of them by hand"
        )
    return TargetRepository(
        place,
        branch,
        snapshot,
        language,
        layout.with_renamed({match.path: match.source_path for match in matches}),
        "lock-file" if LOCK_PATH in snapshot.entries else "origin-file" if layout.suffixes else "infer",
        tuple(remarks),
    )


def _some(paths: Iterable[str]) -> str:
    first, *others = sorted(paths)
    return ", ".join([first, *others[:2]]) + (", …" if len(others) > 2 else "")


def _sample(snapshot: Snapshot, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The paths and texts of some of the documents, spread over all of them."""
    for path in paths[:: max(1, len(paths) // _MAX_SAMPLE)][:_MAX_SAMPLE]:
        try:
            yield path, decode(snapshot.read(path), path)
        except InputError:
            continue
