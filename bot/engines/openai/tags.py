"""A sentence with numbered tags, as a language model reads it, and its answer as Markdown.

Formulas, code and the like stand as they are inside `<x1>…</x1>`, words with marks inside `<strong2>…</strong2>` and so
on: a model keeps what it can read, and each tag is found again. What the model wrote is then read as the HTML that
other engines answer with, by the same checks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.documents import parse
from bot.engines.html.elements import Element, Line, read_elements
from bot.engines.html.markup import NAMES, Decoded, Encoded, decode, encode
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, TagKind

_TAG = re.compile(r"<(/?)(x|em|strong|s|a|b)(\d{1,4})\s*(/?)>")
_MARKUP = re.compile(r"</?[a-zA-Z!?]|&(?:\w+|#\w+);")
_EMPTY = re.compile(r"<x(\d{1,4})>\s*</x\1>")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence for the model: `text` has its tags, `names` the tag of each element (`x1` of `p1`)."""

    text: str
    encoded: Encoded
    names: Mapping[str, str]


def tag(text: str, language: Language, placeables: Sequence[str] = ()) -> Tagged:
    """The sentence with tags; `placeables` are the Request's."""
    encoded = encode(text, language, placeables)
    names = {key: f"{_name(element)}{number}" for number, (key, element) in enumerate(encoded.elements.items(), 1)}
    return Tagged("".join(_written(encoded.line, encoded.elements, names)), encoded, names)


def tag_like(text: str, language: Language, tagged: Tagged) -> str:
    """Another sentence, such as the translation before, with the tags of `tagged` around the same elements; what that
    does not have stands as it is."""
    references = [e.opening for e in tagged.encoded.elements.values() if e.kind is None and e.opening.startswith("[")]
    line, elements = read_elements(parse(text, language), references)
    free: dict[tuple[str, str, str], list[str]] = {}
    for key, element in tagged.encoded.elements.items():
        free.setdefault(_content(element), []).append(tagged.names[key])
    names = {key: free[_content(e)].pop(0) for key, e in elements.items() if free.get(_content(e))}
    return "".join(_written(line, elements, names))


def untag(tagged: Tagged, answer: str, direction: Direction) -> Decoded:
    """The Markdown of an answer, or its problem."""
    keys = {name: key for key, name in tagged.names.items()}
    invented = next((m[0] for m in _TAG.finditer(answer) if f"{m[2]}{m[3]}" not in keys), "")
    if invented:
        return Decoded("", f"the machine added the tag {invented}", rejected=_plain(answer))
    if problem := _added(tagged, answer):
        return Decoded("", f"the machine added {problem}", rejected=_plain(answer))
    found = decode(tagged.encoded, _as_html(tagged, answer, keys), direction.target)
    written = _marked(tagged, answer, keys)
    if found.problem:
        # A model may write the Markdown of some elements itself, without their tags.
        again = _as_html(tagged, tag_like(written, direction.target, tagged), keys)
        found = replace(found, problem=decode(tagged.encoded, again, direction.target).problem and found.problem)
    # A service shifts white space around tags and means marks as words, which `decode` mends; a model means what it
    # writes.
    fault = found.problem or check_translation(tagged.encoded.text, written, Kind.PARAGRAPH, direction)
    return Decoded("", fault, rejected=written) if fault else Decoded(written, reordered=found.reordered)


def _marked(tagged: Tagged, answer: str, keys: Mapping[str, str]) -> str:
    """The answer with the marks of the source in the place of tags."""

    def mark(match: re.Match[str]) -> str:
        element = tagged.encoded.elements[keys[f"{match[2]}{match[3]}"]]
        if element.is_tag:
            return element.closing if match[1] else element.opening
        return element.opening if match[4] else ""

    return _TAG.sub(mark, _EMPTY.sub(r"<x\1/>", answer))


def _added(tagged: Tagged, answer: str) -> str:
    """What a service that translates HTML would take for words: a model means it as markup."""
    if "\n" in answer or "\r" in answer:
        return "a line break"
    markup, before = (_MARKUP.findall(_TAG.sub("", text)) for text in (answer, tagged.text))
    return "HTML" if len(markup) > len(before) else ""


def _written(line: Line, elements: Mapping[str, Element], names: Mapping[str, str]) -> Iterator[str]:
    for edge, text in zip(line.edges, (*line.texts, ""), strict=True):
        if edge.id:
            element, name = elements[edge.id], names.get(edge.id)
            if not element.is_tag:
                yield f"<{name}>{element.opening}</{name}>" if name else element.opening
            elif edge.opens:
                yield f"<{name}>" if name else element.opening
            else:
                yield f"</{name}>" if name else element.closing
        yield text


def _as_html(tagged: Tagged, answer: str, keys: Mapping[str, str]) -> str:
    """The answer as if it were that of a service that translates HTML."""
    elements = tagged.encoded.elements

    def whole(match: re.Match[str]) -> str:
        key = keys.get(f"x{match[1]}")
        return f"<x{match[1]}>{elements[key].opening}</x{match[1]}>" if key else match[0]

    answer = re.sub(r"<x(\d{1,4})\s*/>", r"<x\1></x\1>", answer)
    answer = _EMPTY.sub(whole, answer)
    parts: list[str] = []
    at = 0
    for match in _TAG.finditer(answer):
        key = keys[f"{match[2]}{match[3]}"]
        parts.append(html.escape(answer[at : match.start()], quote=False))
        name = NAMES[kind] if isinstance(kind := elements[key].kind, TagKind) else "span"
        parts.append(f"</{name}>" if match[1] else f'<{name} id="{key}">')
        at = match.end()
    return "".join(parts) + html.escape(answer[at:], quote=False)


def _plain(answer: str) -> str:
    return _TAG.sub("", answer).strip()


def _name(element: Element) -> str:
    return NAMES[element.kind] if isinstance(element.kind, TagKind) else "x"


def _content(element: Element) -> tuple[str, str, str]:
    """What makes two elements the same; the words of a tag are translated."""
    return _name(element), " ".join(element.opening.split()), element.closing
