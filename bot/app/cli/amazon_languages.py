"""The languages of a configuration that Amazon Translate translates, for commands that work on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.app.parallel_data.pushing import amazon_settings
from bot.app.project import Project
from bot.engines.amazon.settings import Settings
from bot.errors import AmtsError, UsageError
from bot.report.markdown import counted

Result = TypeVar("Result")


def amazon_languages(project: Project, languages: Sequence[str]) -> dict[str, Settings]:
    """The settings of those named, or of all that Amazon Translate translates. Raises UsageError for one that it does
    not, or for none."""
    names = project.select(languages)
    found = {name: settings for name in names if (settings := amazon_settings(project, name)) is not None}
    if languages and (others := [name for name in names if name not in found]):
        raise UsageError(f'the engine of {others[0]} is not of kind "amazon"; name another language')
    if not found:
        raise UsageError('no language of the configuration has an engine of kind "amazon"')
    return found


def by_region(settings: Mapping[str, Settings]) -> Mapping[str, Mapping[str, str]]:
    """For each region the languages by the names of their resources."""
    found: dict[str, dict[str, str]] = {}
    for name, one in settings.items():
        found.setdefault(one.region, {})[one.resource] = name
    return found


def attempt(names: Sequence[str], action: Callable[[str], Result]) -> tuple[dict[str, Result], dict[str, AmtsError]]:
    """What `action` made of each language, and why it failed for others."""
    done: dict[str, Result] = {}
    errors: dict[str, AmtsError] = {}
    for name in names:
        try:
            done[name] = action(name)
        except AmtsError as error:
            errors[name] = error
    return done, errors


def raise_first(errors: Mapping[str, AmtsError], done: str) -> None:
    """The first failure gives the exit code, all are told."""
    if errors:
        told = "\n".join(f"{name}: {error}" for name, error in errors.items())
        error = AmtsError(f"{counted(len(errors), 'language')} could not be {done}\n{told}")
        error.exit_code = next(iter(errors.values())).exit_code
        raise error
