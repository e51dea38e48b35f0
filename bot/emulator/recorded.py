"""Recorded translations, and fitting a recorded text into the markup of the requested text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from bot.documents import parse
from bot.emulator.pieces import MarkupPlaceable, MarkupTag, MarkupWords, Piece, contents, plain, slots
from bot.memory.similar import SimilarTexts
from bot.model import Language, PlaceableKind

_UNDETERMINED = Language(code="und", name="Undetermined")
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")


def read_markdown(text: str) -> list[Piece]:
    """A recorded text with its formulas, code and addresses as placeables, and its emphasis and links as tags.

    Numbers are words. A text that is no paragraph of Markdown is words only.
    """
    document = parse(text, _UNDETERMINED)
    if not all(segment.is_prose for segment in document.segments):
        return [MarkupWords(text)]
    marks: list[tuple[int, int, Piece]] = []
    tags = sorted((tag for segment in document.segments for tag in segment.tags), key=lambda tag: (tag.start, -tag.end))
    for pair, tag in enumerate(tags):
        marks.append((tag.start, tag.inner_start, MarkupTag(text[tag.start : tag.inner_start], pair, True)))
        marks.append((tag.inner_end, tag.end, MarkupTag(text[tag.inner_end : tag.end], pair, False)))
    edges = {(start, end) for start, end, _ in marks}
    for segment in document.segments:
        for item in segment.placeables:
            if item.kind is not PlaceableKind.NUMBER and (item.start, item.end) not in edges:
                raw = text[item.start : item.end]
                marks.append((item.start, item.end, MarkupPlaceable(raw, raw)))
    pieces: list[Piece] = []
    at = 0
    for start, end, piece in sorted(marks, key=lambda mark: mark[:2]):
        if start < at:
            continue
        pieces += [MarkupWords(text[at:start])] if start > at else []
        pieces.append(piece)
        at = end
    return [*pieces, MarkupWords(text[at:])] if at < len(text) else pieces


class Recorded:
    """Pairs of texts, found exactly (whatever their white space and markup) or by similarity. The last of equal sources
    counts. The index is built at the first look-up."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = dict(pairs)

    def exact(self, pieces: Sequence[Piece]) -> str | None:
        """The translation of a text that is the same with its placeables, or has the same words with as many
        placeables at the same places."""
        for key in (contents(pieces), slots(pieces)):
            if key in self._by_text:
                return self._by_text[key]
        return None

    def close(self, pieces: Sequence[Piece], floor: float) -> str | None:
        """The translation of the most similar recorded text whose similarity is at least `floor` (0 to 1)."""
        nearest = self._similar.find(plain(pieces), floor, 1)
        return list(self._pairs.values())[nearest[0][0]] if nearest else None

    @cached_property
    def _similar(self) -> SimilarTexts:
        return SimilarTexts([plain(read_markdown(source)) for source in self._pairs])

    @cached_property
    def _by_text(self) -> dict[str, str]:
        index: dict[str, str] = {}
        for source, target in self._pairs.items():
            pieces = read_markdown(source)
            index.setdefault(slots(pieces), target)
            index.setdefault(contents(pieces), target)
            # A client may send bare text, or only the words of a link.
            for key in (source, _LINK_TARGET.sub("]", source)):
                index.setdefault(contents([MarkupWords(key)]), target)
        return index


def fit(recorded: str, request: Sequence[Piece]) -> list[Piece]:
    """A recorded translation in the markup of the request, with each of its placeables and tags once.

    A placeable goes to the place with the same content in the recorded text, else in order if the numbers agree. A
    placeable without a place goes to the end, since a machine would not lose it.
    """
    requested = [piece for piece in request if isinstance(piece, MarkupPlaceable)]
    pieces = read_markdown(recorded)
    if not any(isinstance(piece, MarkupPlaceable | MarkupTag) for piece in request):
        # A client that sends Markdown gets Markdown; a client that sends bare words gets words.
        sent = read_markdown("".join(piece.text for piece in request if isinstance(piece, MarkupWords)))
        is_bare = not any(isinstance(piece, MarkupTag) for piece in sent)
        has_tags = any(isinstance(piece, MarkupTag) for piece in pieces)
        return [MarkupWords(plain(pieces) if is_bare and has_tags else recorded)]
    pieces = _place(pieces, requested)
    missing = list(requested)
    for piece in pieces:
        if isinstance(piece, MarkupPlaceable):
            missing.remove(piece)
    missing = [piece for piece in missing if not _place_in_words(pieces, piece)]
    pieces = _place_tags(pieces, request)
    for piece in missing:
        pieces += [MarkupWords(" "), piece]
    return pieces


def _place(pieces: Sequence[Piece], requested: Sequence[MarkupPlaceable]) -> list[Piece]:
    """The recorded text with its placeables replaced by the requested ones, or turned into words."""
    left = list(requested)
    places: dict[int, MarkupPlaceable] = {}
    slots_at = [at for at, piece in enumerate(pieces) if isinstance(piece, MarkupPlaceable)]
    for at in slots_at:
        same = next((item for item in left if contents([item]) == contents([pieces[at]])), None)
        if same is not None:
            places[at] = same
            left.remove(same)
    open_slots = [at for at in slots_at if at not in places]
    if len(open_slots) == len(left):
        places.update(zip(open_slots, left, strict=True))
    return [
        places.get(at, MarkupWords(piece.raw) if isinstance(piece, MarkupPlaceable) else piece)
        for at, piece in enumerate(pieces)
    ]


def _place_in_words(pieces: list[Piece], placeable: MarkupPlaceable) -> bool:
    """Replaces the content of the placeable, such as a number, in the words."""
    for at, piece in enumerate(pieces):
        if placeable.content and isinstance(piece, MarkupWords) and placeable.content in piece.text:
            before, _, after = piece.text.partition(placeable.content)
            parts: list[Piece] = [MarkupWords(before), placeable, MarkupWords(after)]
            pieces[at : at + 1] = [part for part in parts if part != MarkupWords("")]
            return True
    return False


def _place_tags(pieces: Sequence[Piece], request: Sequence[Piece]) -> list[Piece]:
    """The recorded tag pairs replaced by the requested ones, in order. Surplus recorded pairs are dropped. A missing
    pair is put around the longest words in the same element, since a machine would not lose it."""
    ends = {(tag.pair, tag.opens): tag for tag in request if isinstance(tag, MarkupTag)}
    placed = [
        ends.get((piece.pair, piece.opens), MarkupWords("")) if isinstance(piece, MarkupTag) else piece
        for piece in pieces
    ]
    there = {piece.pair for piece in placed if isinstance(piece, MarkupTag)}
    for tag, around in _surroundings(request):
        if isinstance(tag, MarkupTag) and tag.opens and tag.pair not in there:
            there.add(tag.pair)
            places = [
                (len(piece.text), -at)
                for at, (piece, inside) in enumerate(_surroundings(placed))
                if isinstance(piece, MarkupWords) and piece.text.strip() and inside == around
            ]
            at = -max(places)[1] if places else len(placed)
            inner = placed[at : at + 1]
            placed[at : at + 1] = [tag, *inner, ends[tag.pair, False]]
    return placed


def same_nesting(pieces: Sequence[Piece], request: Iterable[Piece]) -> bool:
    """Whether every element is inside the same elements as in the request, and none is empty."""

    def nesting(all_pieces: Iterable[Piece]) -> Counter[tuple[str, tuple[int, ...]]]:
        return Counter(
            (piece.raw, inside) for piece, inside in _surroundings(all_pieces) if not isinstance(piece, MarkupWords)
        )

    there = [piece for piece in pieces if not isinstance(piece, MarkupWords) or piece.text.strip()]
    ends = [piece.opens if isinstance(piece, MarkupTag) else None for piece in there]
    return (True, False) not in pairwise(ends) and nesting(there) == nesting(request)


def _surroundings(pieces: Iterable[Piece]) -> list[tuple[Piece, tuple[int, ...]]]:
    """Each piece with the tag pairs around it, outermost first."""
    surrounded: list[tuple[Piece, tuple[int, ...]]] = []
    open_pairs: list[int] = []
    for piece in pieces:
        if isinstance(piece, MarkupTag) and not piece.opens and piece.pair in open_pairs:
            open_pairs.remove(piece.pair)
        surrounded.append((piece, tuple(open_pairs)))
        if isinstance(piece, MarkupTag) and piece.opens:
            open_pairs.append(piece.pair)
    return surrounded
