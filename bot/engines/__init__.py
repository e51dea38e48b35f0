"""Translation engines: sentences to translations. One module each, one registry."""

from collections.abc import Callable, Mapping

from bot.engines import copy, memory, phrasebook
from bot.engines.base import Engine, EngineOptions
from bot.errors import ConfigError

ENGINES: Mapping[str, Callable[[EngineOptions, Mapping[str, object]], Engine]] = {
    "copy": copy.create,
    "memory": memory.create,
    "phrasebook": phrasebook.create,
}

__all__ = ["ENGINES", "Engine", "EngineOptions", "create_engine"]


def create_engine(kind: str, options: EngineOptions, settings: Mapping[str, object] | None = None) -> Engine:
    """The engine of this kind. Raises ConfigError for an unknown kind or settings it can't use."""
    if kind not in ENGINES:
        raise ConfigError(f"unknown engine {kind!r}; known are {', '.join(sorted(ENGINES))}")
    return ENGINES[kind](options, settings or {})
