"""The words of a sentence for mining: runs of words that stand side by side, without placeables and markup."""

from __future__ import annotations

import re
from itertools import groupby

from bot.glossary.following import read_prose
from bot.glossary.sides import is_unspaced
from bot.model import Language

Runs = tuple[tuple[str, ...], ...]
"""Units that stand side by side in a text; punctuation and placeables end a run."""

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_GAP = re.compile(r"[ \u00a0]*")


def read_runs(text: str, language: Language) -> Runs:
    """The runs of a sentence (Markdown), in its letter case. A unit is a word with its hyphens, or a character of a
    script without spaces."""
    runs: list[list[str]] = []
    for prose in read_prose(text, language):
        end = -1
        for match in _WORD.finditer(prose):
            if end < 0 or not _GAP.fullmatch(prose, end, match.start()):
                runs.append([])
            runs[-1] += _units(match[0])
            end = match.end()
    return tuple(map(tuple, runs))


def _units(word: str) -> list[str]:
    """Each character of a script without spaces is a unit, and so are the other characters between them."""
    if word.isascii():
        return [word]
    groups = groupby(word, key=is_unspaced)
    return [unit for unspaced, letters in groups for unit in (letters if unspaced else ["".join(letters)])]


def joined(units: tuple[str, ...]) -> str:
    """The units as text, with a space between two words of a script with spaces."""
    text = ""
    for unit in units:
        spaced = text and not is_unspaced(unit[0]) and not is_unspaced(text[-1])
        text += f" {unit}" if spaced else unit
    return text
