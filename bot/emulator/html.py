"""HTML documents: what in them is translated, and writing the translation back among everything else.

The parser is the standard library's: it reports each tag with the very characters that stand in the document, so that
everything but the translated words comes back byte for byte. Parsers that build a tree (lxml, html5lib) write a
document of their own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.emulator.pieces import Piece, Placeable, Tag, Words

Translate = Callable[[Sequence[Piece]], Sequence[Piece]]
"""Pieces of one block to those of its translation."""

# HTML Living Standard, 13.1.2 (void elements), 3.2.5.2.5 (phrasing content), less what holds no words.
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
_PUNCTUATION_OR_WORD = re.compile(r"\S")


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
        self.found = [
            _Token(kind, text[start:end], name, translated)
            for (start, kind, name, translated), end in zip(self._starts, ends, strict=True)
            if start < end
        ]

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
        # What follows may be broken markup that the parser drops without a word.
        self._starts.append((self._starts[-1][0] + len(data), "other", "", True))

    def handle_entityref(self, name: str) -> None:  # noqa: ARG002 (the parser's own signature, as those below)
        self._add("text")

    def handle_charref(self, name: str) -> None:  # noqa: ARG002
        self._add("text")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self._add("comment")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        self._add("other")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        self._add("other")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        self._add("other")

    def _add(self, kind: str, name: str = "", translated: bool = True) -> None:
        line, column = self.getpos()
        self._starts.append((self._lines[line - 1] + column, kind, name, translated))


def translate_html(text: str, translate: Translate, *, fragment: bool = False, moves_spaces: bool = True) -> str:
    """`text` with the words of each block translated. Outside the html element nothing is, unless it is a fragment."""
    written: list[str] = []
    for run in _runs(_inside(_Tokens(text).found, fragment)):
        pieces = _pieces(run) if isinstance(run, list) else []
        if isinstance(run, str):
            written.append(run)
        elif not any(isinstance(piece, Words) and piece.text.strip() for piece in pieces):
            written += (token.raw for token in run)
        else:
            written.append(_write(pieces, translate(pieces), moves_spaces))
    return "".join(written)


def billed_text(text: str, *, fragment: bool = False) -> str:
    """The text in the html element: white space and untranslated elements included, tags, comments, scripts and what is
    outside left out, each character reference one character."""
    tokens = _inside(_Tokens(text).found, fragment)
    return "".join(html.unescape(token.raw) for token in tokens if token.kind == "text")


def _inside(tokens: Iterable[_Token], fragment: bool) -> list[_Token]:
    """What stands outside the html element made `other`."""
    found: list[_Token] = []
    inside = fragment
    for token in tokens:
        is_edge = token.name == "html"
        inside = (token.kind == "start" or fragment) if is_edge else inside
        found.append(token if inside and not is_edge else _Token("other", token.raw))
    return found


def _runs(tokens: Sequence[_Token]) -> Iterable[str | list[_Token]]:
    """Inline content of one block each, and between them what is copied."""
    run: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind in ("text", "comment") or token.name in _INLINE:
            end = _end_of(tokens, at) if not token.translated else at + 1
            run.append(_join(tokens[at:end]) if not token.translated else token)
            at = end
            continue
        yield from _balanced(run)
        run = []
        end = _end_of(tokens, at) if not token.translated else at + 1
        yield "".join(item.raw for item in tokens[at:end])
        at = end
    yield from _balanced(run)


def _end_of(tokens: Sequence[_Token], start: int) -> int:
    """The index after the end tag of the element that starts at `start`; that of all tokens where there is none."""
    if tokens[start].kind == "void":
        return start + 1
    depth = 0
    for at in range(start, len(tokens)):
        if tokens[at].name == tokens[start].name:
            depth += {"start": 1, "end": -1}.get(tokens[at].kind, 0)
        if depth == 0:
            return at + 1
    return len(tokens)


def _join(tokens: Sequence[_Token]) -> _Token:
    raw = "".join(token.raw for token in tokens)
    return _Token("void", raw, tokens[0].name, False)


def _balanced(run: list[_Token]) -> Iterable[str | list[_Token]]:
    """The run, or what it is made of where its tags don't pair up: such words are copied."""
    if not run:
        return
    open_names: list[str] = []
    for token in run:
        if token.kind == "start":
            open_names.append(token.name)
        elif token.kind == "end" and (not open_names or open_names.pop() != token.name):
            open_names.append("")
            break
    if open_names:
        yield "".join(token.raw for token in run)
    else:
        yield run


def _pieces(run: Sequence[_Token]) -> list[Piece]:
    pieces: list[Piece] = []
    open_pairs: list[int] = []
    pairs = 0
    for token in run:
        match token.kind:
            case "start":
                open_pairs.append(pairs)
                pieces.append(Tag(token.raw, pairs, True))
                pairs += 1
            case "end":
                pieces.append(Tag(token.raw, open_pairs.pop(), False))
            case "void" | "comment":
                pieces.append(Placeable(token.raw, " ".join(billed_text(token.raw, fragment=True).split())))
            case _:
                text = html.unescape(token.raw)
                if pieces and isinstance(pieces[-1], Words):
                    text = pieces.pop().text + text  # type: ignore[union-attr]
                pieces.append(Words(text))
    return pieces


def _write(source: Sequence[Piece], translated: Sequence[Piece], moves_spaces: bool) -> str:
    """The translation as HTML: words escaped, and white space at both ends as it was."""
    raw = [
        html.escape(piece.text).replace("&#x27;", "&#39;") if isinstance(piece, Words) else piece.raw
        for piece in translated
    ]
    if moves_spaces:
        raw = _moved_spaces(translated, raw)
    first, last = source[0], source[-1]
    lead = re.match(r"\s*", first.text)[0] if isinstance(first, Words) else ""  # type: ignore[index]
    tail = re.search(r"\s*\Z", last.text)[0] if isinstance(last, Words) else ""  # type: ignore[index]
    return lead + "".join(raw).strip() + tail


def _moved_spaces(pieces: Sequence[Piece], raw: Sequence[str]) -> list[str]:
    """A space behind every other inline element, and that before every other one moved into it: what Amazon returns
    differs from what was sent in such ways, and a client has to put it right."""
    moved = list(raw)
    behind = before = 0
    for at, piece in enumerate(pieces[:-1]):
        follows = pieces[at + 1]
        is_end = isinstance(piece, Placeable) or (isinstance(piece, Tag) and not piece.opens)
        if is_end and isinstance(follows, Words) and _PUNCTUATION_OR_WORD.match(follows.text):
            behind += 1
            if behind % 2:
                moved[at + 1] = " " + moved[at + 1]
        elif isinstance(piece, Words) and isinstance(follows, Tag) and follows.opens and piece.text.endswith(" "):
            before += 1
            if before % 2 == 0:
                moved[at] = moved[at][:-1]
                moved[at + 1] += " "
    return moved
