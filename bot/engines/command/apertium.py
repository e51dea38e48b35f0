"""Sentences in the HTML of Apertium (3.8), which has ways of its own.

It translates the words in `translate="no"` and in code, but leaves alone what stands in `<apertium-notrans>`. It moves
words out of a tag and closes and opens the tag around each of them; what it does not translate falls out of the tag.
It drops tildes, and without `-u` it puts a mark before each word that it does not know.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.engines.html.elements import Element
from bot.engines.html.markup import NAMES, Decoded, Encoded, decode
from bot.model import Language, TagKind

_DROPPED = re.compile(r"~+|\u00ad+")
_NOTE = re.compile(r"<apertium-notrans>(.*?)</apertium-notrans>", re.DOTALL)
_PIECE = re.compile(rf'{_NOTE.pattern}|<(?P<close>/?)(?P<name>[a-z]+)(?: id="(?P<id>t\d+)")?>', re.DOTALL)
# Before a word: not in the dictionary, not translated, not inflected.
_MOST_BETWEEN = 2
"""Words that may come to stand between those of a tag and then belong to it: `help page` is `página de ayuda`."""
_UNKNOWN = re.compile(r"(?<![^\s(\[«“\"'¿¡])[*@#](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class _Item:
    """Text or a placeable, as HTML, and the ids of the tags around it, from the outside."""

    html: str
    tags: tuple[str, ...]
    is_short: bool = False


def write_apertium(encoded: Encoded) -> str:
    """The inside of a paragraph."""
    pieces = [_protected(encoded.line.texts[0])]
    for edge, text in zip(encoded.line.edges[1:-1], encoded.line.texts[1:], strict=True):
        kind = encoded.elements[edge.id].kind
        if not isinstance(kind, TagKind):
            pieces.append(f"<apertium-notrans>{edge.id}</apertium-notrans>")
        else:
            pieces.append(f"</{NAMES[kind]}>" if edge.closes else f'<{NAMES[kind]} id="{edge.id}">')
        pieces.append(_protected(text))
    return "".join(pieces)


def read_apertium(encoded: Encoded, answer: str, language: Language) -> Decoded:
    marked = _UNKNOWN.findall(" ".join(_texts(answer)))
    known = _UNKNOWN.findall(" ".join(encoded.line.texts))
    if len(marked) > len(known):
        words = " ".join(_texts(answer))
        return Decoded("", "the machine marks words that it does not know; give it the option -u", rejected=words)
    names = {e.id: NAMES[e.kind] for e in encoded.elements.values() if isinstance(e.kind, TagKind)}
    return decode(encoded, _joined(_items(encoded, answer), names), language)


def _protected(text: str) -> str:
    """A text as HTML; accented letters stay letters, since Apertium returns entities of letters broken."""
    pieces, at = list[str](), 0
    for match in _DROPPED.finditer(text):
        pieces += html.escape(text[at : match.start()], quote=False), f"<apertium-notrans>{match[0]}</apertium-notrans>"
        at = match.end()
    return "".join([*pieces, html.escape(text[at:], quote=False)])


def _texts(answer: str) -> Iterator[str]:
    return (html.unescape(text) for text in re.split(r"<[^<>]*>", _NOTE.sub("<>", answer)))


def _items(encoded: Encoded, answer: str) -> list[_Item]:
    """The pieces of an answer. Placeables stand in the tags that they stood in."""
    parents, items, open_tags = encoded.line.parents, list[_Item](), list[str]()
    at = 0

    def add_text(text: str) -> None:
        if text:
            items.append(_Item(text, tuple(open_tags), len(text.split()) <= _MOST_BETWEEN))

    for match in _PIECE.finditer(answer):
        add_text(answer[at : match.start()])
        at = match.end()
        note = match[1]
        if note is None:
            if match["close"] and open_tags:
                open_tags.pop()
            elif match["id"] in encoded.elements:
                open_tags.append(match["id"])
            else:
                items.append(_Item(match[0], tuple(open_tags)))  # not ours: the reader says so
        elif note in encoded.elements:
            items.append(_Item(_placeable(encoded.elements[note]), _around(parents, note)))
        else:
            items.append(_Item(note, tuple(open_tags)))
    add_text(answer[at:])
    return [_Item(item.html, _chain(parents, item.tags), item.is_short) for item in items]


def _placeable(element: Element) -> str:
    return f'<span id="{element.id}">{html.escape(element.opening, quote=False)}</span>'


def _around(parents: dict[str, str], id: str) -> tuple[str, ...]:
    chain: list[str] = []
    while id := parents[id]:
        chain.insert(0, id)
    return tuple(chain)


def _chain(parents: dict[str, str], tags: Sequence[str]) -> tuple[str, ...]:
    """Tags in the order in which they stand in each other in the source."""
    return tuple(sorted(set(tags), key=lambda tag: len(_around(parents, tag))))


def _joined(items: Sequence[_Item], names: Mapping[str, str]) -> str:
    """The items with each run in the same tag in one. A tag that would stand twice does, and the reader says so."""
    pieces, stack = list[str](), list[str]()
    for index, item in enumerate(items):
        tags = _shared(items, index) if item.is_short else item.tags
        while tuple(stack) != tags[: len(stack)]:
            pieces.append(f"</{names[stack.pop()]}>")
        for tag in tags[len(stack) :]:
            pieces.append(f'<{names[tag]} id="{tag}">')
            stack.append(tag)
        pieces.append(item.html)
    pieces += [f"</{names[tag]}>" for tag in reversed(stack)]
    return "".join(pieces)


def _shared(items: Sequence[_Item], index: int) -> tuple[str, ...]:
    """The tags that both neighbours of white space, or of a few words, stand in, beside its own."""
    if not 0 < index < len(items) - 1:
        return items[index].tags
    before, after = items[index - 1].tags, items[index + 1].tags
    length = next((i for i, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    shared = before[: min(len(before), len(after)) if length is None else length]
    return max(shared, items[index].tags, key=len)
