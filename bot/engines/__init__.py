"""Translation engines: sentences to translations. One module or package each, registered by its settings class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from bot.engines.base import About, Engine, EngineOptions, EngineSettings, Lesson
from bot.errors import ConfigError

__all__ = [
    "BUILT_IN",
    "ENGINES",
    "About",
    "Engine",
    "EngineKinds",
    "EngineOptions",
    "EngineSettings",
    "Lesson",
    "create_engine",
]

_GROUP = "amts.engines"


class EngineKinds(Mapping[str, type[EngineSettings]]):
    """The settings class of each kind of engine, imported at its first use. Kinds come from a table and from installed
    packages, by their entry points `amts.engines`; a package can't replace a kind of the table."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __getitem__(self, kind: str) -> type[EngineSettings]:
        """Raises ConfigError if an installed package lacks what its entry point names."""
        point = EntryPoint(kind, self._table[kind], _GROUP) if kind in self._table else _entry_points()[kind]
        try:
            settings = point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigError(f'the engine "{kind}" ({point.value}) can\'t be loaded: {error}') from error
        if not (isinstance(settings, type) and issubclass(settings, EngineSettings)):
            raise ConfigError(f'the engine "{kind}" ({point.value}) is not a subclass of EngineSettings')
        return settings

    def __iter__(self) -> Iterator[str]:
        yield from self._table
        yield from sorted(_entry_points().keys() - self._table.keys())

    def package(self, kind: str) -> str:
        """The installed package that offers this kind; "" for AMTS itself."""
        point = None if kind in self._table else _entry_points()[kind]
        return point.dist.name if point is not None and point.dist is not None else ""

    def __len__(self) -> int:
        return len(list(iter(self)))


def _entry_points() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=_GROUP)}


BUILT_IN: dict[str, str] = {
    "copy": "bot.engines.copy:CopySettings",
    "memory": "bot.engines.memory:MemorySettings",
    "amazon": "bot.engines.amazon.settings:AmazonSettings",
    "command": "bot.engines.command.settings:CommandSettings",
    "deepl": "bot.engines.deepl.settings:DeepLSettings",
    "libretranslate": "bot.engines.libretranslate:LibreTranslateSettings",
    "openai": "bot.engines.openai.settings:OpenAISettings",
}
ENGINES = EngineKinds(BUILT_IN)


def create_engine(kind: str, options: EngineOptions, **settings: object) -> Engine:
    """An engine of this kind; a setting that is not given has its default."""
    return ENGINES[kind].model_validate({"kind": kind, **settings}).create(options)
