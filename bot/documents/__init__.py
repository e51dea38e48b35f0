"""Bytes to Document and back: lossless Markdown with the d2l and MyST dialects."""

from bot.documents.decoding import BOM, decode, newline_of
from bot.documents.inline import fold
from bot.documents.markdown import parse, render

__all__ = ["BOM", "decode", "fold", "newline_of", "parse", "render"]
