"""Terminology mining: proposes terms for a glossary that people translate in the same way throughout a book."""

from bot.glossary.mining.applying import apply_replacements
from bot.glossary.mining.evidence import MiningSentence, TermProposal, Thresholds
from bot.glossary.mining.proposals import learn, mine
from bot.glossary.mining.replacing import Replacement

__all__ = ["MiningSentence", "Replacement", "TermProposal", "Thresholds", "apply_replacements", "learn", "mine"]
