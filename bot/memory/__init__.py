"""The translation memory, pairs for parallel data, and the files of other tools that hold either."""

from bot.memory.store import TranslationMemory, collect_units

__all__ = ["TranslationMemory", "collect_units"]
