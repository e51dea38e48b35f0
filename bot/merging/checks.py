"""Checks of a machine translation of one sentence: it must keep every placeable, the tags, one paragraph."""

from __future__ import annotations

import re
from collections import Counter

from bot.documents import parse
from bot.markup.visible import INVISIBLE, visible
from bot.model import Direction, Document, Kind, Language, TagKind

# A sentence of fewer characters may be of any length; others are seldom so many times longer or shorter than usual.
_MIN_JUDGED_LENGTH, _MAX_LENGTH_FACTOR = 40, 2.5
# Numbers up to this are often written as words.
_MAX_SPELLED_OUT = 10
# What Arabic and Hebrew put beside words of other scripts.
_DIRECTION_MARKS = {"\u061c", "\u200e", "\u200f"}
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")


def check_translation(source: str, translation: str, kind: Kind, direction: Direction) -> str:
    """Why this translation can't be published ("" if it can): what it lost, added or broke.

    Numbers may be written differently, so they are not compared.
    """
    if not translation.strip():
        return "the translation is empty"
    if hidden := set(INVISIBLE.findall(translation)) - set(INVISIBLE.findall(source)) - _DIRECTION_MARKS - {"\r"}:
        return f"the translation has characters that nobody sees: {', '.join(sorted(map(visible, hidden)))}"
    if len(translation.strip().splitlines()) > 1:
        return f"the translation of a {kind} has a line break"
    wanted, got = parse(source, direction.source), parse(translation, direction.target)
    lost = _placeables(wanted) - _placeables(got)
    added = _placeables(got) - _placeables(wanted)
    if lost or added:
        parts = [f"lost {_listing(lost)}" if lost else "", f"added {_listing(added)}" if added else ""]
        return "the translation " + " and ".join(part for part in parts if part)
    if _shapes(source, direction.source) != _shapes(translation, direction.target):
        return "the translation changes the structure of its paragraph"
    if _tags(wanted) != _tags(got):
        return "the translation lost or added emphasis or links"
    return ""


def find_doubts(source: str, translation: str, direction: Direction) -> tuple[str, ...]:
    """Reasons to doubt a translation that passed its checks: numbers that differ, and a length that is unusual for
    translations into this language."""
    words = _words(source, direction.source), _words(translation, direction.target)
    doubts = []
    lost, added = _numbers(words[0]) - _numbers(words[1]), _numbers(words[1]) - _numbers(words[0])
    if (lost and added) or any(int(number) > _MAX_SPELLED_OUT for number in lost | added):
        parts = [f"not in it: {_listing(lost)}" if lost else "", f"only in it: {_listing(added)}" if added else ""]
        doubts.append("the numbers differ; " + "; ".join(part for part in parts if part))
    sizes = len(words[0]), len(words[1])
    expected = sizes[0] * direction.target.length_ratio / direction.source.length_ratio
    if sizes[0] >= _MIN_JUDGED_LENGTH and not 1 / _MAX_LENGTH_FACTOR <= sizes[1] / expected <= _MAX_LENGTH_FACTOR:
        doubts.append(f"{sizes[1]} characters of words for {sizes[0]}; about {expected:.0f} are usual")
    return tuple(doubts)


def _numbers(text: str) -> Counter[str]:
    """The numbers of a text, without separators of thousands or decimals."""
    return Counter("".join(filter(str.isdecimal, number)) for number in _NUMBER.findall(text))


def _words(text: str, language: Language) -> str:
    """The text without formulas, code and addresses."""
    document = parse(text, language)
    parts = [document.lead(i) + segment.words("", numbers=True) for i, segment in enumerate(document.segments)]
    return "".join([*parts, document.lead(len(document.segments))])


def _placeables(document: Document) -> Counter[str]:
    opaque = Counter(segment.text for segment in document.segments if not segment.is_prose)
    return document.placeables(range(len(document.segments))) + opaque


def _tags(document: Document) -> Counter[TagKind]:
    return Counter(tag.kind for segment in document.segments for tag in segment.tags)


def _shapes(text: str, language: Language) -> list[set[tuple[Kind, str]]]:
    """Kinds and containers of the blocks of a text, alone and as a line among others: some lines (`===`) mean
    something only there."""
    documents = (parse(version, language) for version in (text, f"a\n{text}\nb"))
    return [{(block.kind, block.container) for block in document.blocks} for document in documents]


def _listing(items: Counter[str]) -> str:
    return ", ".join(sorted(items))
