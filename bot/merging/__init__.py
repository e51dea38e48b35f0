"""Plan and translations to the new document, verified before anyone can write it."""

from bot.merging.applying import apply_plan
from bot.merging.assisting import assist, keeps_words
from bot.merging.checks import check_translation

__all__ = ["apply_plan", "assist", "check_translation", "keeps_words"]
