"""Two Documents to beads: groups of source segments and the target segments that translate them."""

from bot.alignment.aligner import align

__all__ = ["align"]
