"""The book's pairs on their way to Amazon Translate: built, pushed where they changed, as often as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book.cache import Cache
from bot.book.opening import LanguageEdition
from bot.book.project import Project
from bot.drafts.drafted import merged_drafts
from bot.engines.amazon.clients import Clients, connect
from bot.engines.amazon.parallel_data import Content, Pushed, due, push
from bot.engines.amazon.parallel_data_state import find
from bot.engines.amazon.settings import AmazonSettings, Settings, read_settings, service_code
from bot.errors import InputError, UsageError
from bot.memory.filters import Rules
from bot.memory.formats import to_csv
from bot.memory.pairs import PairStatus
from bot.parallel_data import options
from bot.parallel_data.book_pairs import ParallelData, build_parallel_data
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was built for one language, and what its push came to."""

    data: ParallelData
    content: Content
    pushed: Pushed


def amazon_settings(project: Project, name: str) -> Settings | None:
    """The settings of a language that Amazon Translate translates; None for another engine."""
    section = project.config.engine_of(name)
    return read_settings(section, name) if isinstance(section, AmazonSettings) else None


def teachable_settings(project: Project, name: str) -> Settings:
    """The settings of a language whose engine takes parallel data. Raises UsageError for any other."""
    settings = amazon_settings(project, name)
    if settings is None:
        raise UsageError(f'the engine of {name} is not of kind "amazon", which alone takes parallel data')
    if settings.parallel_data == "none":
        raise UsageError(f'the engine of {name} has "parallel_data: none"; choose sentence or paragraph in amts.yaml')
    return settings


def refresh_parallel_data(edition: LanguageEdition, clients: Clients | None = None) -> Refreshed | None:
    """Brings the parallel data of a language up to date before its translation, if it is due; None where nothing had
    to be looked at: another engine, no parallel data wanted, not due, or no pair to teach.

    Built from the published translation: the human text that the language's branch holds. Raises EngineError where the
    service refuses.
    """
    settings = amazon_settings(edition.project, edition.name)
    if settings is None or settings.parallel_data == "none" or settings.mode == "real-time":
        return None
    clients = clients or connect(settings)
    if settings.refresh != "every-run":
        state = find(clients, settings)
        if not due(settings.refresh, state.updated or state.created if state else None, clients.clock()):
            return None
    data, content = build_content(edition, settings)
    if not content.pairs:
        return None
    return Refreshed(data, content, push(clients, settings, content))


def teach(edition: LanguageEdition) -> str:
    """Brings the parallel data up to date where it is due; what came of it, in words."""
    refreshed = refresh_parallel_data(edition)
    if refreshed is None or not refreshed.pushed.changed:
        return ""
    state = refreshed.pushed.state
    counts = f"{state.imported:,} pairs imported, {state.skipped:,} skipped, {state.failed:,} failed"
    return f"parallel data {state.name}: {counts}"


def push_parallel_data(
    edition: LanguageEdition,
    clients: Clients | None = None,
    *,
    force: bool = False,
) -> Refreshed:
    """Pushes the parallel data of a language now, whatever the settings say of when. `force` imports it even where it
    is in force already. Raises UsageError where the language's engine takes none, InputError where there is no pair."""
    settings = teachable_settings(edition.project, edition.name)
    data, content = build_content(edition, settings)
    if not content.pairs:
        raise InputError(f"{edition.name}: has no pair to teach; `amts parallel-data build` shows why")
    return Refreshed(data, content, push(clients or connect(settings), settings, content, force=force))


def build_content(edition: LanguageEdition, settings: Settings) -> tuple[ParallelData, Content]:
    """The pairs at the level of the settings, and the CSV file that teaches the service."""
    direction = edition.direction
    codes = service_code(direction.source), service_code(direction.target)
    level = Level(settings.parallel_data)
    cache = Cache(edition.project.cache / "alignments")
    rules = Rules(options.MIN_SCORE, direction.target.length_ratio, options.HELD_OUT, refuse_signs=True)
    data = build_parallel_data(edition, level, rules, (), cache, merged_drafts(edition))
    cache.trim()
    units = data.units(PairStatus.KEPT)
    return data, Content(to_csv(units, *codes).encode("utf-8"), "csv", level.value, len(units))
