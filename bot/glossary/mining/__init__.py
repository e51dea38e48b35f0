"""Terminology mining: terms that people translate the same way all through a book, proposed for its glossary."""

from bot.glossary.mining.applying import apply_replacements
from bot.glossary.mining.correcting import learn
from bot.glossary.mining.evidence import MiningSentence, TermProposal, Thresholds
from bot.glossary.mining.proposing import mine
from bot.glossary.mining.replacing import Replacement

__all__ = ["MiningSentence", "Replacement", "TermProposal", "Thresholds", "apply_replacements", "learn", "mine"]
