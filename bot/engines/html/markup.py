"""A sentence as HTML for Amazon Translate, and its answer as Markdown or the reason why it can't be used.

Placeables stand in `translate="no"` elements, as the Developer Guide of Amazon Translate has it ("Using
do-not-translate"). The service returns entities escaped and shifts the white space around inline elements.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.documents import parse
from bot.engines.html.elements import HALF, PUNCTUATION, Answer, Element, Line, read_elements
from bot.engines.html.spacing import restore_spaces
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, TagKind

NAMES: Mapping[TagKind, str] = {
    TagKind.EMPHASIS: "em",
    TagKind.STRONG: "strong",
    TagKind.STRIKE: "s",
    TagKind.LINK: "a",
    TagKind.MARK: "b",
}
_ELEMENT = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t]*[\r\n][ \t\r\n]*|[ \t]{2,}|\t")
_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 2
# Marks that an answer's own words would become; and a backslash, which would escape the next character.
_MARKS = re.compile(rf"{HALF}|\\(?={PUNCTUATION}|$)")
# Marks in some places only: of links, tags and single strokes, and of blocks at the start.
_LINK_MARKS = re.compile(r"[\[\]<~]")
_MORE_MARKS = re.compile(rf"{_LINK_MARKS.pattern}|^[-+#>=:%]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence as the inside of one HTML block, and the characters that are billed: its text and placeables, not the
    tags. `has_words` says whether there is anything to translate."""

    html: str
    characters: int
    has_words: bool
    text: str
    language: Language
    line: Line
    elements: Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class Decoded:
    """An answer as Markdown. `problem` says in a sentence what the machine broke ("" for nothing; else `text` is
    empty, and `rejected` has the answer's words, for a person); `reordered` says that elements stand in another order
    than in the source, which a person should check."""

    text: str
    problem: str = ""
    reordered: bool = False
    rejected: str = ""


def encode(text: str, language: Language, placeables: Sequence[str] = ()) -> Encoded:
    """The HTML of a sentence (or several) in the folded form of `Segment.text`. `placeables` are the Request's: a
    reference such as `[label]` is a placeable only if the document defines it."""
    references = [placeable for placeable in placeables if placeable.startswith(("[", "]"))]
    line, elements = read_elements(parse(text, language), references)
    inside = "".join(_html(line, elements))
    characters = sum(map(len, line.texts)) + sum(len(e.opening) for e in elements.values() if not e.is_tag)
    return Encoded(inside, characters, _words(line) > 0, text, language, line, elements)


def decode(encoded: Encoded, answer: str, language: Language) -> Decoded:
    """The Markdown of the service's answer, in the target `language`. All markup comes from the source; the answer
    decides only its place."""
    names = {e.id: NAMES[e.kind] if isinstance(e.kind, TagKind) else "span" for e in encoded.elements.values()}
    reading, elements = Answer(answer, names), encoded.elements
    line = reading.line
    if problem := reading.problem(elements) or _moved(encoded, line) or _emptied(encoded, line):
        return Decoded("", f"the machine {problem}", rejected=html.unescape(_ELEMENT.sub("", answer)))
    line = Line(line.edges, tuple(_WHITE_SPACE.sub(" ", text) for text in line.texts))
    line = restore_spaces(encoded.line, line, elements, language)
    reordered = _order(line, elements) != _order(encoded.line, elements)
    return Decoded(_markdown(encoded, line, language), reordered=reordered)


def _html(line: Line, elements: Mapping[str, Element]) -> Iterator[str]:
    for edge, text in zip(line.edges, (*line.texts, ""), strict=True):
        if edge.id:
            element = elements[edge.id]
            if not isinstance(element.kind, TagKind):
                yield f'<span translate="no" id="{edge.id}">{html.escape(element.opening, quote=False)}</span>'
            elif edge.opens:
                yield f'<{NAMES[element.kind]} id="{edge.id}">'
            else:
                yield f"</{NAMES[element.kind]}>"
        yield html.escape(text, quote=False)


def _moved(encoded: Encoded, line: Line) -> str:
    elements = encoded.elements
    was, now = encoded.line.parents, line.parents
    for key in was:
        if was[key] != now[key]:
            around, into = elements.get(was[key]), elements.get(now[key])
            if around is not None:
                return f"moved {elements[key].name} out of its {around.kind_name}"
            if into is not None:
                return f"moved {elements[key].name} into {into.name}"
    return ""


def _emptied(encoded: Encoded, line: Line) -> str:
    """The tag that became empty, or the loss of all words. A sentence of one or two words may rightly lose them: an
    article, say."""
    was, now = _filled_tags(encoded.line), _filled_tags(line)
    for key, element in encoded.elements.items():
        if key in was and key not in now:
            return f"lost the words of {element.name}"
    return "lost all words" if _words(encoded.line) > _FEW_WORDS and not _words(line) else ""


def _filled_tags(line: Line) -> set[str]:
    """The tags that hold text or placeables."""
    filled: set[str] = set()
    open_tags: list[str] = []
    for edge, text in zip(line.edges[1:-1], line.texts[1:], strict=True):
        if edge.closes:
            open_tags.pop()
        elif edge.opens:
            open_tags.append(edge.id)
        else:
            filled.update(open_tags)
        if text.strip():
            filled.update(open_tags)
    return filled


def _words(line: Line) -> int:
    return sum(len(_WORD.findall(text)) for text in line.texts)


def _order(line: Line, elements: Mapping[str, Element]) -> dict[str, list[str]]:
    """The elements in each tag (in the line itself: ""), in order; a placeable stands for itself."""
    order: dict[str, list[str]] = {}
    for key, parent in line.parents.items():
        order.setdefault(parent, []).append(key if elements[key].is_tag else elements[key].opening)
    return order


def _markdown(encoded: Encoded, line: Line, language: Language) -> str:
    """The line, with backslashes before words that would be markup."""
    copied = _join(line, encoded.elements)
    if copied == encoded.text:
        return copied
    line = Line(line.edges, tuple(_MARKS.sub(_escaped, text) for text in line.texts))
    first, *others = line.texts
    safest = Line(line.edges, (_MORE_MARKS.sub(_escaped, first), *(_LINK_MARKS.sub(_escaped, text) for text in others)))
    starred = {key: _starred(element) for key, element in encoded.elements.items()}
    candidates = [_join(words, elements) for elements in (encoded.elements, starred) for words in (line, safest)]
    direction = Direction(encoded.language, language)
    fitting = (text for text in candidates if not check_translation(encoded.text, text, Kind.PARAGRAPH, direction))
    return next(fitting, candidates[0])


def _starred(element: Element) -> Element:
    """Underscores mark no part of a word, and Chinese has no spaces around words; asterisks do."""
    if element.kind not in (TagKind.EMPHASIS, TagKind.STRONG):
        return element
    return replace(element, opening=element.opening.replace("_", "*"), closing=element.closing.replace("_", "*"))


def _escaped(match: re.Match[str]) -> str:
    return re.sub(PUNCTUATION, r"\\\g<0>", match[0])


def _join(line: Line, elements: Mapping[str, Element]) -> str:
    pieces = [line.texts[0]]
    for edge, text in zip(line.edges[1:-1], line.texts[1:], strict=True):
        element = elements[edge.id]
        pieces += element.closing if edge.closes else element.opening, text
    return "".join(pieces)
