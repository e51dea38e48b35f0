"""Pushes the book's pairs to the engine as parallel data when they changed, as often as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.edition import LanguageEdition
from bot.drafts.machine_drafts import known_drafts
from bot.engines import Engine
from bot.engines.teaching import ParallelDataContent, ParallelDataService, PushResult
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


def refresh_parallel_data(edition: LanguageEdition) -> PushResult | None:
    """Pushes the parallel data of a language before its translation, if that is due. None if the engine takes none,
    none is due, or there are too few pairs to teach. Raises EngineError if the service refuses."""
    due = due_content(edition)
    return due.push() if due else None


@dataclass(frozen=True)
class DueContent:
    """What an engine is to be taught before a translation, however little; below `floor` pairs it is not."""

    content: ParallelDataContent
    service: ParallelDataService
    floor: int

    def push(self) -> PushResult | None:
        """None if there are too few pairs, or none. Raises EngineError if the service refuses."""
        return self.service.push(self.content) if self.content.pairs >= max(1, self.floor) else None


def due_content(edition: LanguageEdition) -> DueContent | None:
    """None if the engine takes no parallel data, or none is due."""
    engine = edition.project.engine(edition.name)
    service = engine.parallel_data if engine.training_level else None
    if service is None or not service.is_due():
        return None
    return DueContent(build_content(edition, engine)[1], service, engine.training_floor)


def describe_push(pushed: PushResult | None) -> str:
    """In words, "" if nothing was imported."""
    if pushed is None or not pushed.changed:
        return ""
    state = pushed.state
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
    data = build_parallel_data(edition, level, default_rules(edition.direction), drafts=known_drafts(edition))
    units = data.units(PairStatus.KEPT)
    text = to_csv(units, *engine.codes(edition.direction))
    return data, ParallelDataContent(text.encode("utf-8"), "csv", level.value, len(units))
