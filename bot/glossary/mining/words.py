"""The words of a sentence for mining: what stands side by side, without placeables and markup."""

from __future__ import annotations

import re
import unicodedata

from bot.documents import parse
from bot.glossary.sides import is_unspaced
from bot.model import Language

Runs = tuple[tuple[str, ...], ...]
"""Units that stand side by side in a text; punctuation and placeables end a run."""

_MARKUP = re.compile(r"[*`]|(?<!\w)_+|_+(?!\w)")
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_GAP = re.compile(r"[ \u00a0]*")


def read_runs(text: str, language: Language) -> Runs:
    """The runs of a sentence (Markdown), in its own letter case. A unit is a word, with its hyphens; in a script
    without spaces a character."""
    runs: list[tuple[str, ...]] = []
    for segment in parse(text, language).segments:
        if not segment.is_prose:
            continue
        words = segment.text
        for placeable in segment.placeables:
            words = words.replace(placeable.text, "\0", 1)
        runs += _runs(unicodedata.normalize("NFC", _MARKUP.sub("", words)).replace("’", "'"))
    return tuple(runs)


def _runs(text: str) -> list[tuple[str, ...]]:
    runs: list[list[str]] = []
    end = -1
    for match in _WORD.finditer(text):
        units = _units(match[0])
        if end < 0 or not _GAP.fullmatch(text, end, match.start()):
            runs.append([])
        runs[-1] += units
        end = match.end()
    return [tuple(run) for run in runs]


def _units(word: str) -> list[str]:
    """A word is one unit but for the characters of a script without spaces, each of which is one."""
    if word.isascii() or not any(map(is_unspaced, word)):
        return [word]
    units: list[str] = []
    together = False
    for letter in word:
        if is_unspaced(letter):
            units.append(letter)
            together = False
        elif together:
            units[-1] += letter
        else:
            units.append(letter)
            together = True
    return units


def joined(units: tuple[str, ...]) -> str:
    """The units as they are written: a space between two words of a script that has spaces."""
    text = ""
    for unit in units:
        spaced = text and not is_unspaced(unit[0]) and not is_unspaced(text[-1])
        text += f" {unit}" if spaced else unit
    return text
