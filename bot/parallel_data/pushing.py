"""The book's pairs as parallel data: built, and pushed when they changed, as often as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.cache import Cache
from bot.book.opening import LanguageEdition
from bot.drafts.drafted import merged_drafts
from bot.engines import Engine
from bot.engines.teaching import ParallelDataContent, ParallelDataService, PushResult
from bot.errors import InputError, UsageError
from bot.memory.filters import Rules
from bot.memory.formats import to_csv
from bot.memory.pairs import PairStatus
from bot.parallel_data import options
from bot.parallel_data.book_pairs import ParallelData, build_parallel_data
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The parallel data built for one language, and the result of its push."""

    data: ParallelData
    content: ParallelDataContent
    pushed: PushResult


def teachable(engine: Engine, name: str) -> ParallelDataService:
    """The parallel data of the language `name`. Raises UsageError where its engine takes none."""
    if engine.parallel_data is None:
        raise UsageError(f"the engine of {name} takes no parallel data")
    if not engine.training_level:
        raise UsageError(f'the engine of {name} has "parallel_data: none"; choose sentence or paragraph in amts.yaml')
    return engine.parallel_data


def refresh_parallel_data(edition: LanguageEdition) -> Refreshed | None:
    """Brings the parallel data of a language up to date before its translation, if it is due; None where the engine
    takes none, none is due, or there is no pair to teach.

    Built from the published translation: the human text that the language's branch holds. Raises EngineError where the
    service refuses.
    """
    engine = edition.project.engine(edition.name)
    if not engine.training_level or engine.parallel_data is None or not engine.parallel_data.is_due():
        return None
    data, content = build_content(edition, engine)
    return Refreshed(data, content, engine.parallel_data.push(content)) if content.pairs else None


def teach(edition: LanguageEdition) -> str:
    """Brings the parallel data up to date where it is due; what came of it, in words."""
    refreshed = refresh_parallel_data(edition)
    if refreshed is None or not refreshed.pushed.changed:
        return ""
    state = refreshed.pushed.state
    counts = f"{state.imported:,} pairs imported, {state.skipped:,} skipped, {state.failed:,} failed"
    return f"parallel data {state.name}: {counts}"


def push_parallel_data(edition: LanguageEdition, *, force: bool = False) -> Refreshed:
    """Pushes the parallel data of a language now, whatever the settings say of when. `force` imports it even where it
    is in force already. Raises UsageError where the language's engine takes none, InputError where there is no pair."""
    engine = edition.project.engine(edition.name)
    service = teachable(engine, edition.name)
    data, content = build_content(edition, engine)
    if not content.pairs:
        raise InputError(f"{edition.name}: has no pair to teach; `amts parallel-data build` shows why")
    return Refreshed(data, content, service.push(content, force=force))


def build_content(edition: LanguageEdition, engine: Engine) -> tuple[ParallelData, ParallelDataContent]:
    """The pairs at the level that the engine learns from, and the CSV file that teaches it."""
    direction = edition.direction
    codes = engine.codes(direction)
    level = Level(engine.training_level)
    cache = Cache(edition.project.cache / "alignments")
    rules = Rules(options.MIN_SCORE, direction.target.length_ratio, options.HELD_OUT, refuse_signs=True)
    data = build_parallel_data(edition, level, rules, (), cache, merged_drafts(edition))
    cache.trim()
    units = data.units(PairStatus.KEPT)
    content = ParallelDataContent(to_csv(units, *codes).encode("utf-8"), "csv", level.value, len(units))
    return data, content
