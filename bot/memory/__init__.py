"""The translation memory: beads to translation units, and looking them up."""

from bot.memory.store import TranslationMemory
from bot.memory.units import collect_units

__all__ = ["TranslationMemory", "collect_units"]
