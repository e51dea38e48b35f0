"""Bytes to Document and back: lossless Markdown with the d2l and MyST dialects."""

from bot.documents.directives import directive_pairs, enclosing_directives, has_open_directives, is_fenced, is_tab
from bot.documents.inline import fold, reads_the_same
from bot.documents.markdown import parse, render
from bot.documents.text import BOM, decode, newline_of
