"""The translation memory, pairs for parallel data, and the files of other tools that hold either."""

from bot.memory.addresses import without_addresses
from bot.memory.store import FUZZY_FLOOR, TranslationMemory, collect_units

__all__ = ["FUZZY_FLOOR", "TranslationMemory", "collect_units", "without_addresses"]
