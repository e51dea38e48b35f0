"""The data files that ship with the package: in a checkout the folder `config`, in a wheel a copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from bot.config.languages import language, parse_languages
from bot.errors import InputError
from bot.model import Language


def languages_text() -> str:
    """The text of languages.yaml. Raises InputError if the installation lacks it."""
    return _text("languages.yaml")


def sentences_text() -> str:
    """The text of sentences.yaml. Raises InputError if the installation lacks it."""
    return _text("sentences.yaml")


def example_config_text() -> str:
    """The text of the commented example, amts.yaml. Raises InputError if the installation lacks it."""
    return _text("amts.yaml")


def known_languages() -> Mapping[str, Language]:
    """The languages of the data files by their codes."""
    return parse_languages(languages_text(), sentences_text())


def known_language(code: str) -> Language:
    """The language of this code, with defaults if the data file does not list it. Raises ConfigError."""
    return language(code, known_languages())


def _text(name: str) -> str:
    checkout = Path(__file__).parents[2] / "config"
    for candidate in (resources.files("bot") / "_data" / name, checkout / name):
        if candidate.is_file():
            return candidate.read_text(encoding="utf-8")
    raise InputError(f"the installation lacks its data file {name}; install amts again")
