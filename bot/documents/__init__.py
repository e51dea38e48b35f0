"""Bytes to Document and back, without loss, in the format of the file."""

from bot.documents.directives import (
    directive_name,
    directive_pairs,
    enclosing_directives,
    is_fenced,
    is_tab,
    open_directives,
)
from bot.documents.formats import FORMATS, DocumentFormat, format_of, parse, render
from bot.documents.inline import fold, reads_the_same
from bot.documents.text import BOM, decode, newline_of
from bot.documents.untranslated import Untranslated
from bot.documents.wording import Syntax, same_formula, skeleton, syntax_of
