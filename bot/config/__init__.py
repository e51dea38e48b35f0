"""The configuration: YAML text to frozen, validated values. It reads no file; it is handed the text.

The schema, `bot.config.schema`, is not imported here: who only asks for a language or a path does without it.
"""

from bot.config.languages import language, parse_languages
from bot.config.paths import matches, source_path, target_path, target_paths

__all__ = ["language", "matches", "parse_languages", "source_path", "target_path", "target_paths"]
