"""How text is read where translations are scored."""

from __future__ import annotations

from enum import StrEnum


class Placeables(StrEnum):
    """What becomes of formulas, code, references, notes, addresses and images. Numbers are words under all of these."""

    TOKENS = "tokens"
    """Each is one word: the same on both sides where its Markdown is the same, however long it is."""
    TEXT = "text"
    """What stands between their marks: the TeX of a formula, the code, the label of a reference."""
    SOURCE = "source"
    """The whole sentence stays Markdown, with its marks and addresses."""
