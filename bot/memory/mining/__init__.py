"""Terminology mining: terms that people translate the same way all through a book, proposed for its glossary."""

from bot.memory.mining.applying import apply_replacements
from bot.memory.mining.correcting import learn
from bot.memory.mining.evidence import Proposal, Sentence, Thresholds
from bot.memory.mining.proposing import mine
from bot.memory.mining.replacing import Replacement

__all__ = ["Proposal", "Replacement", "Sentence", "Thresholds", "apply_replacements", "learn", "mine"]
