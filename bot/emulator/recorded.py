"""Recorded translations, and putting one into the markup of the text that is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.documents import parse
from bot.emulator.pieces import Piece, Placeable, Tag, Words, contents, plain, slots
from bot.memory.similar import SimilarTexts
from bot.model import Language, PlaceableKind

_MARKDOWN = Language(code="und", name="Undetermined")
_ADDRESS = re.compile(r"\]\([^()\s]*\)")


def read_markdown(text: str) -> list[Piece]:
    """One recorded text: its formulas, code and addresses as placeables, its emphasis and links as tags.

    Numbers are words. What is no paragraph of Markdown is words alone.
    """
    document = parse(text, _MARKDOWN)
    if not all(segment.is_prose for segment in document.segments):
        return [Words(text)]
    marks: list[tuple[int, int, Piece]] = []
    tags = sorted((tag for segment in document.segments for tag in segment.tags), key=lambda tag: (tag.start, -tag.end))
    for pair, tag in enumerate(tags):
        marks.append((tag.start, tag.inner_start, Tag(text[tag.start : tag.inner_start], pair, True)))
        marks.append((tag.inner_end, tag.end, Tag(text[tag.inner_end : tag.end], pair, False)))
    edges = {(start, end) for start, end, _ in marks}
    for segment in document.segments:
        for item in segment.placeables:
            if item.kind is not PlaceableKind.NUMBER and (item.start, item.end) not in edges:
                raw = text[item.start : item.end]
                marks.append((item.start, item.end, Placeable(raw, raw)))
    pieces: list[Piece] = []
    at = 0
    for start, end, piece in sorted(marks, key=lambda mark: mark[:2]):
        if start < at:
            continue
        pieces += [Words(text[at:start])] if start > at else []
        pieces.append(piece)
        at = end
    return [*pieces, Words(text[at:])] if at < len(text) else pieces


class Recorded:
    """Pairs of texts to look up: exactly, whatever their white space and markup, and by likeness. The last of equal
    sources counts. The index is built at the first question."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = dict(pairs)
        self._by_text: dict[str, str] | None = None
        self._similar: SimilarTexts | None = None
        self._sources: list[str] = []

    def __len__(self) -> int:
        return len(self._pairs)

    def exact(self, pieces: Sequence[Piece]) -> str | None:
        """The translation recorded for this text: the same with its placeables, or the same words with as many
        placeables at the same places."""
        index = self._index()
        for key in (contents(pieces), slots(pieces)):
            if key in index:
                return self._pairs[index[key]]
        return None

    def close(self, pieces: Sequence[Piece], floor: float) -> str | None:
        """The translation of the recorded text that is most like this one, from a likeness of `floor` (0 to 1)."""
        if self._similar is None:
            self._sources = list(self._pairs)
            self._similar = SimilarTexts([plain(read_markdown(source)) for source in self._sources])
        found = self._similar.find(plain(pieces), floor, 1)
        return self._pairs[self._sources[found[0][0]]] if found else None

    def _index(self) -> dict[str, str]:
        if self._by_text is None:
            index: dict[str, str] = {}
            for source in self._pairs:
                pieces = read_markdown(source)
                index.setdefault(slots(pieces), source)
                index.setdefault(contents(pieces), source)
                # Bare text, or an address left to the client, which sends a link's words alone.
                for key in (source, _ADDRESS.sub("]", source)):
                    index.setdefault(contents([Words(key)]), source)
            self._by_text = index
        return self._by_text


def count_tags(pieces: Iterable[Piece]) -> int:
    return sum(isinstance(piece, Tag) for piece in pieces)


def fit(recorded: str, request: Sequence[Piece]) -> list[Piece]:
    """A recorded translation in the markup of the request: each placeable and tag of the request once.

    Placeables go where the recorded text has the same content, else in order where the numbers agree; what finds no
    place stands at the end, as a machine would not lose it.
    """
    wanted = [piece for piece in request if isinstance(piece, Placeable)]
    pieces = read_markdown(recorded)
    if not any(isinstance(piece, Placeable | Tag) for piece in request):
        # A client that sends Markdown as it is gets it so; one that sent bare words gets words.
        sent = read_markdown("".join(piece.text for piece in request if isinstance(piece, Words)))
        return [Words(recorded)] if count_tags(sent) or not count_tags(pieces) else [Words(plain(pieces))]
    pieces = _place(pieces, wanted)
    placed = [piece for piece in pieces if isinstance(piece, Placeable)]
    missing = list(wanted)
    for piece in placed:
        missing.remove(piece)
    for piece in list(missing):
        if _place_in_words(pieces, piece):
            missing.remove(piece)
    pieces = _place_tags(pieces, request)
    for piece in missing:
        pieces += [Words(" "), piece]
    return pieces


def _place(pieces: Sequence[Piece], wanted: Sequence[Placeable]) -> list[Piece]:
    left = list(wanted)
    places: dict[int, Placeable] = {}
    slots_at = [at for at, piece in enumerate(pieces) if isinstance(piece, Placeable)]
    for at in slots_at:
        same = next((item for item in left if contents([item]) == contents([pieces[at]])), None)
        if same is not None:
            places[at] = same
            left.remove(same)
    open_slots = [at for at in slots_at if at not in places]
    if len(open_slots) == len(left):
        places.update(zip(open_slots, left, strict=True))
    return [
        places.get(at, Words(piece.raw) if isinstance(piece, Placeable) else piece) for at, piece in enumerate(pieces)
    ]


def _place_in_words(pieces: list[Piece], wanted: Placeable) -> bool:
    """Cuts the words where they hold what is in the placeable, such as a number."""
    for at, piece in enumerate(pieces):
        if wanted.content and isinstance(piece, Words) and wanted.content in piece.text:
            before, _, after = piece.text.partition(wanted.content)
            pieces[at : at + 1] = [*_words(before), wanted, *_words(after)]
            return True
    return False


def _place_tags(pieces: Sequence[Piece], request: Sequence[Piece]) -> list[Piece]:
    """The recorded text's pairs become the request's, in order; surplus ones go. A missing one is put around words, in
    the element that it stands in, as a machine would not lose it."""
    wanted = [piece for piece in request if isinstance(piece, Tag)]
    ends = {(tag.pair, tag.opens): tag for tag in wanted}
    placed = [ends.get((piece.pair, piece.opens), Words("")) if isinstance(piece, Tag) else piece for piece in pieces]
    there = {piece.pair for piece in placed if isinstance(piece, Tag)}
    for tag, around in _surroundings(request):
        if isinstance(tag, Tag) and tag.opens and tag.pair not in there:
            there.add(tag.pair)
            places = [
                (len(piece.text), -at)
                for at, (piece, inside) in enumerate(_surroundings(placed))
                if isinstance(piece, Words) and piece.text.strip() and inside == around
            ]
            at = -max(places)[1] if places else len(placed)
            inner = placed[at : at + 1]
            placed[at : at + 1] = [tag, *inner, ends[tag.pair, False]]
    return placed


def same_nesting(pieces: Sequence[Piece], request: Iterable[Piece]) -> bool:
    """Whether every element of the request stands inside the same others, and holds something."""

    def nesting(found: Iterable[Piece]) -> Counter[tuple[str, tuple[int, ...]]]:
        return Counter((piece.raw, inside) for piece, inside in _surroundings(found) if not isinstance(piece, Words))

    there = [piece for piece in pieces if not isinstance(piece, Words) or piece.text.strip()]
    is_empty = any(isinstance(a, Tag) and isinstance(b, Tag) and a.opens and not b.opens for a, b in pairwise(there))
    return not is_empty and nesting(there) == nesting(request)


def _surroundings(pieces: Iterable[Piece]) -> list[tuple[Piece, tuple[int, ...]]]:
    """Each piece with the pairs that it stands in, outermost first."""
    found: list[tuple[Piece, tuple[int, ...]]] = []
    open_pairs: list[int] = []
    for piece in pieces:
        if isinstance(piece, Tag) and not piece.opens and piece.pair in open_pairs:
            open_pairs.remove(piece.pair)
        found.append((piece, tuple(open_pairs)))
        if isinstance(piece, Tag) and piece.opens:
            open_pairs.append(piece.pair)
    return found


def _words(text: str) -> list[Piece]:
    return [Words(text)] if text else []
