"""The data files that ship with the package: in a checkout the folder `config`, in a wheel a copy of it."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.errors import InputError


def languages_text() -> str:
    """The text of languages.yaml. Raises InputError where the installation lacks it."""
    return _data("languages.yaml").read_text(encoding="utf-8")


def example_config_text() -> str:
    """The text of the commented example, amts.yaml. Raises InputError where the installation lacks it."""
    return _data("amts.yaml").read_text(encoding="utf-8")


def _data(name: str) -> Traversable:
    package = resources.files("bot")
    checkout = Path(__file__).parents[2] / "config"
    for candidate in (package / "_data" / name, checkout / name):
        if candidate.is_file():
            return candidate
    raise InputError(f"the installation lacks its data file {name}; install amts again")
