"""Translation engines: sentences to translations. One module each, one registry."""

from collections.abc import Mapping
from importlib import import_module

from bot.engines.base import Engine, EngineOptions
from bot.errors import ConfigError

ENGINES: Mapping[str, str] = {
    "amazon": "bot.engines.amazon.engine",
    "copy": "bot.engines.copy",
    "memory": "bot.engines.memory",
}
"""The module of each kind, imported when such an engine is made by its `create(options, settings)`."""

__all__ = ["ENGINES", "Engine", "EngineOptions", "create_engine"]


def create_engine(kind: str, options: EngineOptions, settings: Mapping[str, object] | None = None) -> Engine:
    """The engine of this kind. Raises ConfigError for an unknown kind or settings it can't use."""
    if kind not in ENGINES:
        raise ConfigError(f"unknown engine {kind!r}; known are {', '.join(sorted(ENGINES))}")
    engine: Engine = import_module(ENGINES[kind]).create(options, settings or {})
    return engine
