"""How a sentence is written for a program, and how its answer is read: formulas, code and links must come back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.engines.command.apertium import read_apertium, write_apertium
from bot.engines.html.markup import NAMES, Decoded, Encoded, decode, encode
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, Request, TagKind

# Pairs of brackets for tokens; a sentence gets the first whose opening one it does not have.
_BRACKETS = (("{", "}"), ("[", "]"), ("⟦", "⟧"), ("⟪", "⟫"))


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it is sent, and what makes Markdown of its answer. Without words (`has_words`) there is nothing to
    translate, and it is its own answer."""

    text: str
    read: Callable[[str], Decoded]
    has_words: bool = True


Markup = Callable[[Request, Direction], Written]


def write_html(request: Request, direction: Direction) -> Written:
    encoded = _encoded(request, direction)
    return Written(encoded.html, lambda answer: decode(encoded, answer, direction.target), encoded.has_words)


def write_tokens(request: Request, direction: Direction) -> Written:
    """`{0}` for what must not change, `{1}words{/1}` for a tag around words."""
    encoded = _encoded(request, direction)
    text = "".join(encoded.line.texts)
    opener, closer = next((pair for pair in _BRACKETS if pair[0] not in text), _BRACKETS[0])
    pieces = [encoded.line.texts[0]]
    for edge, words in zip(encoded.line.edges[1:-1], encoded.line.texts[1:], strict=True):
        pieces += f"{opener}{'/' if edge.closes else ''}{edge.id[1:]}{closer}", words
    token = re.compile(rf"{re.escape(opener)} ?(/?) ?(\d+) ?{re.escape(closer)}")

    def read(answer: str) -> Decoded:
        return decode(encoded, _html_of_tokens(encoded, answer, token), direction.target)

    return Written("".join(pieces), read, encoded.has_words)


def write_markdown(request: Request, direction: Direction) -> Written:
    def read(answer: str) -> Decoded:
        text = " ".join(answer.split())
        fault = check_translation(request.text, text, Kind.PARAGRAPH, direction)
        lost = [placeable for placeable in request.placeables if placeable not in text]
        if not fault and lost:
            fault = f"the translation lost {', '.join(lost)}"
        return Decoded("", fault, rejected=text) if fault else Decoded(text)

    return Written(request.text, read, _encoded(request, direction).has_words)


def _write_apertium(request: Request, direction: Direction) -> Written:
    encoded = _encoded(request, direction)
    return Written(
        write_apertium(encoded), lambda answer: read_apertium(encoded, answer, direction.target), encoded.has_words
    )


MARKUPS: Mapping[str, Markup] = {
    "html": write_html,
    "tokens": write_tokens,
    "markdown": write_markdown,
    "apertium": _write_apertium,
}


def written_side(markup: str, text: str, language: Language) -> str:
    """One side of an example in the same markup as the sentences."""
    return encode(text, language).html if markup == "html" else text


def _encoded(request: Request, direction: Direction) -> Encoded:
    return encode(request.text, direction.source, request.placeables)


def _html_of_tokens(encoded: Encoded, answer: str, token: re.Pattern[str]) -> str:
    elements = {element.id[1:]: element for element in encoded.elements.values()}

    def markup(slash: str, number: str) -> str | None:
        element = elements.get(number)
        if element is None:
            return None
        if isinstance(element.kind, TagKind):
            name = NAMES[element.kind]
            return f"</{name}>" if slash else f'<{name} id="{element.id}">'
        return None if slash else f'<span id="{element.id}">{html.escape(element.opening, quote=False)}</span>'

    pieces, at = list[str](), 0
    for match in token.finditer(answer):
        made = markup(match[1], match[2])
        if made is not None:
            pieces += html.escape(answer[at : match.start()], quote=False), made
            at = match.end()
    return "".join([*pieces, html.escape(answer[at:], quote=False)])
