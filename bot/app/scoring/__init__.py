"""The BLEU summary of a pull request: the engine on held-out sentences, without and with what it is taught."""

from bot.app.scoring.measuring import score_language
from bot.app.scoring.summary import Summary, summarize_scores
from bot.app.scoring.texts import file_texts

__all__ = ["Summary", "file_texts", "score_language", "summarize_scores"]
