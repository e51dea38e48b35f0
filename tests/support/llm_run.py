"""The engine `openai` in front of its double."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.config.network import NetworkSettings
from bot.engines.base import EngineOptions
from bot.engines.openai.engine import OpenAIEngine
from bot.engines.openai.settings import OpenAISettings, TokenPrices
from bot.model import Direction, Kind, Language, Request
from tests.support.llm_double import KEY, MODEL, Item, LLMDouble, tags

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish", length_ratio=1.12)
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", length_ratio=0.37, splitter="zh")
DIRECTION = Direction(ENGLISH, SPANISH)
PRICES = TokenPrices(input=1, output=4, as_of="2026-11")
QUICK = NetworkSettings(
    connect_seconds=1.0, silence_seconds=1.0, request_seconds=0.6, answer_megabytes=1.0, retry_seconds=0.0
)

TABLE: Mapping[str, str] = {
    "The stone is grey.": "La piedra es gris.",
    "The stone is gray.": "La piedra es de color gris.",
    "Nobody knows this sentence with <x1>$x$</x1>.": "Nadie conoce esta frase con <x1>$x$</x1>.",
    "The big stone lay in the garden.": "La piedra grande estaba en el jardín.",
    "The river runs slowly through the old town.": "El río corre despacio por la ciudad vieja.",
    "A <strong1>red</strong1> bird sings in the morning.": "Un pájaro <strong1>rojo</strong1> canta por la mañana.",
    "We eat bread and cheese at noon every day.": "Comemos pan y queso al mediodía todos los días.",
}
BOOK = [
    Request("The river runs slowly through the old town.", Kind.PARAGRAPH, path="a.md"),
    Request("A **red** bird sings in the morning.", Kind.PARAGRAPH, path="a.md"),
    Request("We eat bread and cheese at noon every day.", Kind.PARAGRAPH, path="b.md"),
]
SPANISH_BOOK = [
    "El río corre despacio por la ciudad vieja.",
    "Un pájaro **rojo** canta por la mañana.",
    "Comemos pan y queso al mediodía todos los días.",
]


def from_table(item: Item) -> str:
    """The translation from the table, or one of the same shape for any other text."""
    if item["text"] in TABLE:
        return TABLE[item["text"]]
    kept = "".join(f" {tag}" for tag in tags(item["text"]))
    return f"Esta es la traducción de una frase que no está en la tabla del libro{kept}."


def changed(double: LLMDouble, **settings: Any) -> OpenAISettings:
    given = {"model": MODEL, "base_url": double.url, "api_key_env": "DOUBLE_KEY", "prices": PRICES, **settings}
    return OpenAISettings.model_validate({"kind": "openai", **given})


def engine(
    double: LLMDouble,
    folder: Path | None = None,
    *,
    network: NetworkSettings = QUICK,
    tell: Callable[[str], None] = lambda _: None,
    glossary: str = "",
    style: str = "",
    key: str = KEY,
    wait: bool = True,
    **settings: Any,
) -> OpenAIEngine:
    options = EngineOptions(
        lambda _: glossary,
        "es",
        glossary="terms.csv" if glossary else "",
        environment={"DOUBLE_KEY": key} if key else {},
        network=network,
        paid_folder=folder,
        book="book",
        style=style,
        tell=tell,
        wait=wait,
    )
    return OpenAIEngine(options, changed(double, **settings), lambda _: None)
