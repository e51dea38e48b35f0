"""What a configuration would make of a language: the state of each file, and the first run without its consequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.book.book_merge import merge_files, prepare_files
from bot.book.chapters import Scope
from bot.book.loading import LoadedFiles, file_result, load_files, select_files
from bot.book.opening import LanguageEdition, SyncOptions
from bot.book.project import Project
from bot.engines.base import Quote
from bot.errors import AmtsError
from bot.forge.book import Book, Status, TranslatedFile
from bot.model import FileChange, FileResult, Merge
from bot.report.files import sentence_totals
from bot.report.onboarding import FirstRun, Onboarding, OnboardingRow
from bot.sync.translate import translate_requests


def inspect(edition: LanguageEdition) -> Onboarding:
    """Goes through the whole first run of a language, but asks the engine for nothing more than its price. Takes as
    long as a sync. Raises AmtsError where that would fail."""
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
        first_run=_first_run(edition),
    )


def _first_run(edition: LanguageEdition) -> FirstRun:
    book, scope = edition.published_book, Scope(edition.name)
    loaded = load_files(book, select_files(book, ()))
    prepared = prepare_files(edition, book, loaded.texts)
    asked = prepared.requests
    dry_run = SyncOptions(dry_run=True)
    translated = translate_requests(edition, {scope: asked}, prepared.memory, dry_run, lambda: "")[scope]
    results = _results(loaded, merge_files(edition, prepared, translated.answers))
    characters = {file: sum(len(request.text) for request in requests) for file, requests in asked.items()}
    return FirstRun(
        changes=Counter(result.change for result in results),
        sentences=sentence_totals(results),
        requests=sum(map(len, asked.values())),
        characters=sum(characters.values()),
        untranslated=sum(number for file, number in characters.items() if file.status is Status.MISSING),
        quote=translated.quote.describe(),
        problem=_over_cap(edition.project, edition.name, translated.quote),
        engine=translated.engine,
        spends=edition.project.engine(edition.name).spends,
        failed=tuple((result.path, result.problem) for result in results if result.change is FileChange.FAILED),
    )


def _over_cap(project: Project, name: str, quote: Quote) -> str:
    """What speaks against the price of the first run."""
    reason = project.engine(name).over_cap(quote)
    return (
        f"the first run {reason}: raise that, exclude what need not be translated, or begin with some files"
        " (amts sync --path)"
        if reason
        else ""
    )


def _results(loaded: LoadedFiles, merges: Mapping[TranslatedFile, Merge | AmtsError]) -> list[FileResult]:
    results = list(loaded.settled.values())
    for file, merge in merges.items():
        if isinstance(merge, AmtsError):
            results.append(file_result(file, FileChange.FAILED, problem=str(merge)))
        else:
            results.append(replace(file_result(file, _change(file)), merge=merge))
    return results


def _change(file: TranslatedFile) -> FileChange:
    if file.status is Status.MISSING:
        return FileChange.ADDED
    return FileChange.RENAMED if file.moves else FileChange.UPDATED


def _row(book: Book, file: TranslatedFile) -> OnboardingRow:
    certainty = book.baselines.certainties.get(file.path)
    return OnboardingRow(
        path=file.path,
        source_path=file.source_path,
        status=file.status.value,
        base=file.base.commit if file.base else None,
        sure=certainty.sure if certainty else None,
        linked=certainty.linked if certainty else None,
        note=file.reason if file.status is not Status.MISSING else "",
    )
