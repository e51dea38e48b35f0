"""HTML documents: finds the text to translate, and writes the translation in its place.

The parser is the standard library's. It reports the position of each tag, so everything but the translated words comes
back byte for byte; parsers that build a tree (lxml, html5lib) serialize a different document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.emulator.pieces import MarkupPlaceable, MarkupTag, MarkupWords, Piece, Translate

# HTML Living Standard, 13.1.2 (void elements), 3.2.5.2.5 (phrasing content without elements that hold no words).
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# fmt: off
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "q", "ruby", "rt", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
})
# fmt: on
_OPAQUE = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind` is start, end, void, text, comment or other (declarations, scripts)."""

    kind: str
    raw: str
    name: str = ""
    translated: bool = True


class _Tokens(HTMLParser):
    """The tokens of a document; their `raw` strings are the document."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._opaque = False
        self._starts: list[tuple[int, str, str, bool]] = [(0, "other", "", True)]
        self.feed(text)
        self.close()
        ends = [*(start for start, *_ in self._starts[1:]), len(text)]
        self.tokens = [
            _Token(kind, text[start:end], name, translated)
            for (start, kind, name, translated), end in zip(self._starts, ends, strict=True)
            if start < end
        ]

    def parse_html_declaration(self, i: int) -> int:
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            # So Python 3.11 answers a `<![` without a name; HTML takes it for a comment.
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add("void" if tag in _VOID else "start", tag, dict(attrs).get("translate") != "no")
        self._opaque = tag in _OPAQUE

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add("void", tag, dict(attrs).get("translate") != "no")

    def handle_endtag(self, tag: str) -> None:
        self._add("end", tag)
        self._opaque = False

    def handle_data(self, data: str) -> None:
        self._add("other" if self._opaque else "text")
        # The text may be followed by broken markup, which the parser drops silently.
        self._starts.append((self._starts[-1][0] + len(data), "other", "", True))

    def handle_entityref(self, name: str) -> None:  # the parser's names, also below
        self._add("text")

    handle_charref = handle_entityref

    def handle_comment(self, data: str) -> None:
        self._add("comment")

    def handle_decl(self, decl: str) -> None:
        self._add("other")

    def unknown_decl(self, data: str) -> None:
        self._add("other")

    handle_pi = unknown_decl

    def _add(self, kind: str, name: str = "", translated: bool = True) -> None:
        line, column = self.getpos()
        self._starts.append((self._lines[line - 1] + column, kind, name, translated))


def translate_html(text: str, translate: Translate, *, fragment: bool = False, moves_spaces: bool = True) -> str:
    """`text` with the words of each block translated. Nothing outside the html element is, except in a fragment."""
    written: list[str] = []
    for run in _runs(_inside(_Tokens(text).tokens, fragment)):
        if isinstance(run, str):
            written.append(run)
            continue
        pieces = _pieces(run)
        if any(isinstance(piece, MarkupWords) and piece.text.strip() for piece in pieces):
            written.append(_write(pieces, translate(pieces), moves_spaces))
        else:
            written += (token.raw for token in run)
    return "".join(written)


def billed_text(text: str, *, fragment: bool = False) -> str:
    """The text in the html element, which the service bills: with white space and untranslated elements, without tags,
    comments and scripts; a character reference is one character."""
    tokens = _inside(_Tokens(text).tokens, fragment)
    return "".join(html.unescape(token.raw) for token in tokens if token.kind == "text")


def _inside(tokens: Iterable[_Token], fragment: bool) -> list[_Token]:
    """The tokens, those outside the html element as `other`."""
    marked: list[_Token] = []
    inside = fragment
    for token in tokens:
        is_edge = token.name == "html"
        inside = (token.kind == "start" or fragment) if is_edge else inside
        marked.append(token if inside and not is_edge else _Token("other", token.raw))
    return marked


def _runs(tokens: Sequence[_Token]) -> Iterable[str | list[_Token]]:
    """The inline content of each block as tokens, and everything between blocks as a string to copy."""
    run: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = at + 1 if token.translated else _end_of(tokens, at)
        raw = "".join(item.raw for item in tokens[at:end])
        if token.kind in ("text", "comment") or token.name in _INLINE:
            run.append(token if token.translated else _Token("void", raw, token.name, False))
        else:
            yield run
            run = []
            yield raw
        at = end
    yield run


def _end_of(tokens: Sequence[_Token], start: int) -> int:
    """The index after the end tag of the element that starts at `start`; the number of tokens if there is none."""
    if tokens[start].kind == "void":
        return start + 1
    depth = 0
    for at in range(start, len(tokens)):
        if tokens[at].name == tokens[start].name:
            depth += {"start": 1, "end": -1}.get(tokens[at].kind, 0)
        if depth == 0:
            return at + 1
    return len(tokens)


def _pieces(run: Sequence[_Token]) -> list[Piece]:
    """Empty if the tags don't pair up: such a run is copied."""
    pieces: list[Piece] = []
    open_tags: list[tuple[str, int]] = []
    pairs = 0
    for token in run:
        match token.kind:
            case "start":
                open_tags.append((token.name, pairs))
                pieces.append(MarkupTag(token.raw, pairs, True))
                pairs += 1
            case "end":
                name, pair = open_tags.pop() if open_tags else ("", 0)
                if name != token.name:
                    return []
                pieces.append(MarkupTag(token.raw, pair, False))
            case "void" | "comment":
                pieces.append(MarkupPlaceable(token.raw, " ".join(billed_text(token.raw, fragment=True).split())))
            case _:
                text, last = html.unescape(token.raw), pieces[-1] if pieces else None
                if isinstance(last, MarkupWords):
                    pieces[-1] = MarkupWords(last.text + text)
                else:
                    pieces.append(MarkupWords(text))
    return [] if open_tags else pieces


def _write(source: Sequence[Piece], translated: Sequence[Piece], moves_spaces: bool) -> str:
    """The translation as HTML: words escaped, and the white space at both ends of the source kept."""
    raw = [
        html.escape(piece.text).replace("&#x27;", "&#39;") if isinstance(piece, MarkupWords) else piece.raw
        for piece in translated
    ]
    if moves_spaces:
        raw = _moved_spaces(translated, raw)
    first, last = (piece.text if isinstance(piece, MarkupWords) else "" for piece in (source[0], source[-1]))
    lead, tail = first[: len(first) - len(first.lstrip())], last[len(last.rstrip()) :]
    return lead + "".join(raw).strip() + tail


def _moved_spaces(pieces: Sequence[Piece], raw: Sequence[str]) -> list[str]:
    """Adds a space behind every other inline element, and moves the space before every other one into it. Amazon
    changes spaces in such ways, and a client has to repair them."""
    moved = list(raw)
    behind = before = 0
    for at, piece in enumerate(pieces[:-1]):
        follows = pieces[at + 1]
        is_end = isinstance(piece, MarkupPlaceable) or (isinstance(piece, MarkupTag) and not piece.opens)
        if is_end and isinstance(follows, MarkupWords) and follows.text and not follows.text[0].isspace():
            behind += 1
            if behind % 2:
                moved[at + 1] = " " + moved[at + 1]
        elif (
            isinstance(piece, MarkupWords)
            and isinstance(follows, MarkupTag)
            and follows.opens
            and piece.text.endswith(" ")
        ):
            before += 1
            if before % 2 == 0:
                moved[at] = moved[at][:-1]
                moved[at + 1] += " "
    return moved
