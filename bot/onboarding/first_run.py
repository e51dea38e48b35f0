"""Preview of a configuration: the state of each file of a language, and a first run that changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot.book.book_merge import merge_files, prepare_scopes
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions, open_edition, open_source
from bot.book.loading import collect, load_files, select_files
from bot.book.project import Project
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.book.workers import Runner
from bot.engines.base import FREE
from bot.model import FileChange
from bot.onboarding.discovery import Discovery, TargetRepository
from bot.report.files import sentence_totals
from bot.report.onboarding import FirstRun, Onboarding, OnboardingRow
from bot.sync.translation import translate_requests

_ADVICE = "raise that, exclude what need not be translated, or begin with some files (amts sync --path)"


def inspect(edition: LanguageEdition) -> Onboarding:
    """Runs the whole first sync of a language, but asks the engine for its price only. Takes as long as a sync. Raises
    AmtsError if the sync would fail."""
    settings, direction, book = edition.settings, edition.direction, edition.published_book
    return Onboarding(
        language=direction.target,
        source_language=direction.source,
        source=edition.project.config.source.repo,
        source_branch=edition.project.config.source.branch,
        branch=settings.branch,
        baseline=settings.baseline,
        suffixes=settings.origin_suffixes,
        paths=settings.paths,
        rows=tuple(_row(book, file) for file in book.files),
        own=book.unmatched,
        new_files=edition.project.config.files_of(edition.name).new,
        untranslated=tuple(file.source_path or file.path for file in (*book.files, *book.ignored) if not file.exists),
        first_run=_first_run(edition),
    )


def _first_run(edition: LanguageEdition) -> FirstRun:
    book, scope = edition.published_book, Scope(edition.name)
    loaded = load_files(book, select_files(book, ()))
    prepared = prepare_scopes(edition, {scope: (book, loaded.texts)}, ())
    asked = prepared.requests
    translated = translate_requests(edition, prepared, SyncOptions(dry_run=True))
    quote = translated.quotes.get(scope, FREE)
    merges = merge_files(edition, prepared, translated.answers)
    by_file, _ = collect(loaded, {file: merge for (_, file), merge in merges.items()})
    results = list(by_file.values())
    characters = {file: sum(len(request.text) for request in requests) for (_, file), requests in asked.items()}
    engine = edition.project.engine(edition.name)
    too_expensive = engine.over_cap(quote)
    return FirstRun(
        changes=Counter(result.change for result in results),
        sentences=sentence_totals(results),
        requests=sum(map(len, asked.values())),
        characters=sum(characters.values()),
        untranslated=sum(number for file, number in characters.items() if file.status is FileStatus.MISSING),
        left_in_added=sentence_totals(result for result in results if result.change is FileChange.ADDED)["left"],
        quote=quote.describe(),
        problem=f"the first run {too_expensive}: {_ADVICE}" if too_expensive else "",
        engine=translated.engine,
        spends=engine.spends,
        failed=tuple((result.path, result.problem) for result in results if result.change is FileChange.FAILED),
    )


def describe(discovery: Discovery, project: Project, target: TargetRepository, runner: Runner) -> Onboarding:
    """Preview of the proposed configuration for one target."""
    source, code = discovery.source, target.language.code
    edition = LanguageEdition(project, source.book, code, target.snapshot.repository, target.snapshot, runner)
    return replace(
        inspect(edition),
        language_reason=target.language.reason,
        remarks=(*([source.doubt] if source.doubt else []), *target.remarks),
        own=target.layout.unpaired,
    )


def describe_edited(project: Project, runner: Runner) -> list[Onboarding]:
    """The same for a configuration that people changed: the repositories that it names are opened again."""
    source = open_source(project)
    return [inspect(open_edition(project, source, name, runner)) for name in project.config.languages]


def _row(book: Book, file: TranslatedFile) -> OnboardingRow:
    certainty = book.baselines.certainties.get(file.path)
    return OnboardingRow(
        path=file.path,
        source_path=file.source_path,
        status=file.status.value,
        base=file.base.commit if file.base else None,
        sure=certainty.sure if certainty else None,
        linked=certainty.linked if certainty else None,
        note=file.reason if file.status is not FileStatus.MISSING else "",
    )
