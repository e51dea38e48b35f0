"""Checks that a repaired translation reads back as the repair meant it."""

from __future__ import annotations

from collections import Counter

from bot.documents import FORMATS
from bot.model import Document, Language, PlaceableKind
from bot.repair.draft import RepairDraft, Side

_BRACKETS = ("()", "[]", "{}", "（）")


def reads_as_declared(draft: RepairDraft) -> bool:
    """Whether the repaired translation lost only placeables and tags that the English lost, gained only those that it
    gained, and has as many sentences and blocks as before."""
    parse = FORMATS[draft.target.document.format].parse
    before, after = (parse(text, draft.language) for text in (draft.target.text, draft.text()))
    sentences = [
        [(segment.block, segment.kind) for segment in document.segments if segment.has_words or not segment.is_prose]
        for document in (before, after)
    ]
    # An element that became a tag may have had words of its own.
    if sentences[0] != sentences[1] and not (draft.respelled and set(sentences[0]) == set(sentences[1])):
        return False
    english = _unbalanced(draft.new.text) - _unbalanced(draft.base.text)
    if _unbalanced(draft.text()) - _unbalanced(draft.target.text) > max(0, english):
        return False
    if _strays(after) > max(0, _strays(before) + draft.new.strays - draft.base.strays):
        return False
    gained, lost = _difference(_parts(after), _parts(before))
    allowed, spent = _difference(_of_side(draft.new), _of_side(draft.base))
    return gained <= allowed + draft.gained and lost <= spent + draft.respelled


def has_the_same_parts(before: str, after: str, document: Document, language: Language) -> bool:
    """Whether a sentence of `document` kept its placeables, tags and blocks, and is as many sentences as before."""
    parse = FORMATS[document.format].parse
    one, other = (parse(text, language) for text in (before, after))
    blocks = [[segment.block for segment in side.segments] for side in (one, other)]
    return blocks[0] == blocks[1] and _parts(one) == _parts(other)


def _unbalanced(text: str) -> int:
    """How many brackets have no partner."""
    return sum(abs(text.count(pair[0]) - text.count(pair[1])) for pair in _BRACKETS)


def _strays(document: Document) -> int:
    """How many marks of emphasis have no partner in their sentence."""
    return sum(Side(document, (index,)).strays for index, segment in enumerate(document.segments) if segment.is_prose)


def _parts(document: Document) -> Counter[str]:
    """Addresses count as such only: the translators may have adapted them. Numbers are checked as words."""
    parts: Counter[str] = Counter()
    for segment in document.segments:
        if not segment.is_prose:
            parts[segment.text] += 1
            continue
        for placeable in segment.placeables:
            if placeable.kind is PlaceableKind.URL:
                parts["address"] += 1
            elif placeable.kind is not PlaceableKind.NUMBER:
                parts[placeable.text] += 1
        parts.update(f"tag {tag.kind}" for tag in segment.tags)
    return parts


def _of_side(side: Side) -> Counter[str]:
    segments = tuple(side.document.segments[i] for i in side.indices)
    return _parts(Document("", (), segments, side.document.format))


def _difference(one: Counter[str], other: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    return one - other, other - one
