"""Pushes the book's pairs to the engine as parallel data when they changed, as often as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.edition import LanguageEdition
from bot.drafts.corrections import merged_drafts
from bot.engines import Engine
from bot.engines.teaching import ParallelDataContent, PushResult
from bot.errors import InputError, UsageError
from bot.memory.formats import to_csv
from bot.memory.pairs import PairStatus
from bot.parallel_data.book_pairs import ParallelData, build_parallel_data, default_rules
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class PushedPairs:
    """The parallel data built for one language, and the result of its push."""

    data: ParallelData
    content: ParallelDataContent
    pushed: PushResult


def refresh_parallel_data(edition: LanguageEdition) -> PushedPairs | None:
    """Pushes the parallel data of a language before its translation, if that is due. None if the engine takes none,
    none is due, or there is no pair to teach. Raises EngineError if the service refuses."""
    engine = edition.project.engine(edition.name)
    if not engine.training_level or engine.parallel_data is None or not engine.parallel_data.is_due():
        return None
    data, content = build_content(edition, engine)
    return PushedPairs(data, content, engine.parallel_data.push(content)) if content.pairs else None


def teach(edition: LanguageEdition) -> str:
    """Refreshes the parallel data; the result in words, "" if nothing was imported."""
    refreshed = refresh_parallel_data(edition)
    if refreshed is None or not refreshed.pushed.changed:
        return ""
    state = refreshed.pushed.state
    counts = f"{state.imported:,} pairs imported, {state.skipped:,} skipped, {state.failed:,} failed"
    return f"parallel data {state.name}: {counts}"


def push_parallel_data(edition: LanguageEdition, *, force: bool = False) -> PushedPairs:
    """Pushes the parallel data of a language now, whatever the settings say. `force` imports it even if it is in force
    already. Raises UsageError if the language's engine takes none, InputError if there is no pair."""
    engine = edition.project.engine(edition.name)
    service = engine.parallel_data
    if service is None:
        raise UsageError(f"the engine of {edition.name} takes no parallel data")
    if not engine.training_level:
        advice = "choose sentence or paragraph in amts.yaml"
        raise UsageError(f'the engine of {edition.name} has "parallel_data: none"; {advice}')
    data, content = build_content(edition, engine)
    if not content.pairs:
        raise InputError(f"{edition.name}: has no pair to teach; `amts parallel-data build` shows why")
    return PushedPairs(data, content, service.push(content, force=force))


def build_content(edition: LanguageEdition, engine: Engine) -> tuple[ParallelData, ParallelDataContent]:
    """The pairs of the published translation at the level that the engine learns from, and the CSV file of them."""
    level = Level(engine.training_level)
    data = build_parallel_data(edition, level, default_rules(edition.direction), drafts=merged_drafts(edition))
    units = data.units(PairStatus.KEPT)
    text = to_csv(units, *engine.codes(edition.direction))
    return data, ParallelDataContent(text.encode("utf-8"), "csv", level.value, len(units))
