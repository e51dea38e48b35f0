"""The configuration: YAML text to frozen, validated values. It reads no file; it is handed the text."""

from bot.config.languages import language, parse_languages
from bot.config.paths import matches, source_path, target_path, target_paths
from bot.config.schema import (
    Baseline,
    Config,
    CopyEngine,
    DryRunForge,
    Engine,
    Files,
    Forge,
    LocalForge,
    MemoryEngine,
    PhrasebookEngine,
    Source,
    Target,
    json_schema,
    parse_config,
)

__all__ = [
    "Baseline",
    "Config",
    "CopyEngine",
    "DryRunForge",
    "Engine",
    "Files",
    "Forge",
    "LocalForge",
    "MemoryEngine",
    "PhrasebookEngine",
    "Source",
    "Target",
    "json_schema",
    "language",
    "matches",
    "parse_config",
    "parse_languages",
    "source_path",
    "target_path",
    "target_paths",
]
