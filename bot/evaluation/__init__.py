"""Scores of translations with their signatures, and the tables and plots that show them."""

from bot.evaluation.reading import as_read
from bot.evaluation.scores import Comparison, Metric, Score, compare, score

__all__ = ["Comparison", "Metric", "Score", "as_read", "compare", "score"]
