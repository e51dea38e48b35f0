"""What is known of each language, from the data file that ships with the package."""

from __future__ import annotations

from bot.book.resources import languages_text
from bot.config.languages import language, parse_languages
from bot.model import Language


def known_language(code: str) -> Language:
    """The language of this code, with defaults where the data file does not list it. Raises ConfigError."""
    return language(code, parse_languages(languages_text()))
