"""Terminology mining: terms that people translate the same way all through a book, proposed for its glossary."""

from bot.memory.mining.proposing import Proposal, Sentence, Thresholds, mine

__all__ = ["Proposal", "Sentence", "Thresholds", "mine"]
