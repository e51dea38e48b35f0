"""A sentence, or its answer, as a line of text and elements: placeables, which no machine may change, and tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.documents import fold
from bot.model import Document, PlaceableKind, Span, Tag, TagKind

PUNCTUATION = r"[!-/:-@\[-`{-~]"
_NOTATION = rf"(?:\\{PUNCTUATION}|&(?:\w+|#\d+|#[xX][0-9a-fA-F]+);)"
# Notation for other characters, with the letters or digits of the same word: `50\%`, `a\_b`, `&lt;bos&gt;`.
_ESCAPED = (
    rf"(?:(?<![A-Za-z0-9_])[A-Za-z0-9_]++)?(?:\\_[A-Za-z0-9_]*+)+"
    rf"|{_NOTATION}+\w++{_NOTATION}+"
    rf"|(?:(?<![\d.,])\d[\d.,]*+)?{_NOTATION}+(?:[.,]?\d+)*"
)
# Other marks to which Markdown may give a meaning; a mark's bracket belongs to it.
HALF = r"[\[(]\*\*|\*\*[\])]|\*+|~~+|`+|\$+|\|+|(?<!\w)_+|_+(?!\w)"
_FOOTNOTE = r"\[\^[^\s\[\]]+\](?!\()"


@dataclass(frozen=True, slots=True)
class Element:
    """One placeable or tag of a sentence. `opening` is the placeable's Markdown, or a tag's before the words.

    Without a kind it is notation of Markdown: an escape, an entity, a note's mark, or half a pair of marks (`is_half`).
    `words` name it to a reviewer.
    """

    id: str
    kind: PlaceableKind | TagKind | None
    opening: str
    closing: str
    words: str
    is_half: bool = False

    @property
    def is_tag(self) -> bool:
        return isinstance(self.kind, TagKind)

    @property
    def name(self) -> str:
        """Its name for a reviewer."""
        return f"the {self.kind_name} of “{self.words}”" if self.is_tag else self.words

    @property
    def kind_name(self) -> str:
        return "strong emphasis" if self.kind is TagKind.STRONG else str(self.kind)


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or end of an element in a line. A placeable has one edge that does neither; the line itself opens
    and closes with an edge without an id."""

    id: str
    opens: bool = False
    closes: bool = False


START, END = Edge("", opens=True), Edge("", closes=True)


@dataclass(frozen=True, slots=True)
class Line:
    """Texts and edges in turn: `texts[i]` stands between `edges[i]` and `edges[i + 1]`; any text may be empty."""

    edges: tuple[Edge, ...]
    texts: tuple[str, ...]

    @property
    def parents(self) -> dict[str, str]:
        """For each element the id of the tag around it."""
        parents: dict[str, str] = {}
        open_tags = [""]
        for edge in self.edges[1:-1]:
            if edge.closes:
                open_tags.pop()
            else:
                parents[edge.id] = open_tags[-1]
            if edge.opens:
                open_tags.append(edge.id)
        return parents


_Placeable = tuple[int, int, PlaceableKind | None]
"""Start, end, kind."""


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: PlaceableKind | TagKind | None
    tag: Tag | None = None
    opens: bool = False
    is_half: bool = False


def read_elements(document: Document, references: Sequence[str] = ()) -> tuple[Line, dict[str, Element]]:
    """The line of a parsed sentence, and its elements by id. Numbers are text; `references` are placeables that only
    the whole document defines."""
    text = document.text
    placeables, tags = _separate(list(_placeables(document)), [tag for s in document.segments for tag in s.tags])
    marks = [_Mark(start, end, kind) for start, end, kind in placeables]
    for tag in tags:
        marks.append(_Mark(tag.start, tag.inner_start, tag.kind, tag, opens=True))
        marks.append(_Mark(tag.inner_end, tag.end, tag.kind, tag))
    marks += list(_literals(text, sorted((mark.start, mark.end) for mark in marks), references))
    edges, texts, at = [START], list[str](), 0
    elements: dict[str, Element] = {}
    open_tags: list[str] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        texts.append(text[at : mark.start])
        at = mark.end
        if mark.tag is not None and not mark.opens:
            edges.append(Edge(open_tags.pop(), closes=True))
            continue
        raw = text[mark.start : mark.end]
        if mark.tag is None:
            element = Element(f"p{len(elements)}", mark.kind, raw, "", fold(raw), mark.is_half)
        else:
            tag = mark.tag
            closing, words = text[tag.inner_end : tag.end], fold(text[tag.inner_start : tag.inner_end])
            element = Element(f"t{len(elements)}", mark.kind, raw, closing, words)
            open_tags.append(element.id)
        elements[element.id] = element
        edges.append(Edge(element.id, opens=mark.opens))
    return Line((*edges, END), (*texts, text[at:])), elements


def _placeables(document: Document) -> Iterator[_Placeable]:
    """Includes segments that are not prose, and structure such as a list's mark, both rare in a sentence."""
    for index, segment in enumerate((*document.segments, None)):
        lead = document.lead(index)
        if core := lead.strip():
            start = (segment.start if segment else len(document.text)) - len(lead.lstrip())
            yield start, start + len(core), None
        if segment is not None and not segment.is_prose:
            yield segment.start, segment.end, None
        elif segment is not None:
            for placeable in segment.placeables:
                if placeable.kind is not PlaceableKind.NUMBER:
                    yield placeable.start, placeable.end, placeable.kind


def _separate(placeables: list[_Placeable], tags: list[Tag]) -> tuple[list[_Placeable], list[Tag]]:
    """Separates placeables and tags. The ends of links are no placeables, though the parser says so; a tag without
    words, or with a mark inside an address, becomes one placeable."""
    endings = {(tag.inner_end, tag.end) for tag in tags}
    apart = [(start, end, kind) for start, end, kind in placeables if (start, end) not in endings]
    links = {tag.start for tag in tags if tag.kind is TagKind.LINK}
    # The parser takes emphasis in a link for a mark of d2l because of the link's brackets.
    text_tags = [
        Tag(TagKind.STRONG, tag.start + 1, tag.inner_start, tag.inner_end, tag.end - 1)
        if tag.kind is TagKind.MARK and tag.start in links
        else tag
        for tag in tags
    ]
    while True:
        crossing = next((tag for tag in text_tags if tag.inner_start == tag.inner_end or _crosses(tag, apart)), None)
        if crossing is None:
            return apart, text_tags
        start, end = crossing.start, crossing.end
        touched = [p for p in apart if p[0] < end and start < p[1]]
        start, end = min([start, *(p[0] for p in touched)]), max([end, *(p[1] for p in touched)])
        apart = [*(p for p in apart if p not in touched), (start, end, PlaceableKind.URL)]
        text_tags = [tag for tag in text_tags if not (start <= tag.start and tag.end <= end)]


def _crosses(tag: Tag, placeables: list[_Placeable]) -> bool:
    marks = ((tag.start, tag.inner_start), (tag.inner_end, tag.end))
    return any(start < b and a < end for start, end, _ in placeables for a, b in marks)


def _literals(text: str, taken: list[Span], references: Sequence[str]) -> Iterator[_Mark]:
    names = sorted(map(re.escape, references), key=len, reverse=True)
    pattern = re.compile("|".join([rf"(?P<escaped>{_ESCAPED})", *names, _FOOTNOTE, HALF]))
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        for match in pattern.finditer(text, at, max(at, start)):
            yield _Mark(match.start(), match.end(), None, is_half=match["escaped"] is None)
        at = end


class Answer(HTMLParser):
    """Elements and texts of an answer, in order, and the first mistake in them. `names` has the HTML name of each
    element that was sent."""

    def __init__(self, answer: str, names: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._names = names
        self._edges = [START]
        self._texts = [""]
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._contents: dict[str, str] = {}
        self._fault: tuple[str, str] | None = None
        self.feed(answer)
        self.close()

    @property
    def line(self) -> Line:
        return Line((*self._edges, END), tuple(self._texts))

    def problem(self, elements: Mapping[str, Element]) -> str:
        """The machine's mistake, such as "lost $x$" ("" for none)."""
        for key, element in elements.items():
            if self._counts[key] != 1:
                return f"{'doubled' if self._counts[key] else 'lost'} {element.name}"
        if self._fault is not None:
            what, key = self._fault
            return f"{what} {elements[key].name}" if key else what
        for key, content in self._contents.items():
            if content.split() != elements[key].opening.split():
                return f"changed {elements[key].name} to “{' '.join(content.split())}”"
        return "broke the markup" if self._open else ""

    def parse_html_declaration(self, i: int) -> int:
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            # So Python 3.11 answers a `<![` without a name; HTML takes it for a comment (Living Standard, 13.2.5.42).
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        key = dict(attrs).get("id") or ""
        if self._names.get(key) != tag:
            self._blame(f"added the HTML element <{tag}>")
        else:
            if self._is_closed:
                self._blame("put something into", self._open[-1])
            self._counts[key] += 1
            self._edge(Edge(key, opens=tag != "span"))
            if tag == "span":
                self._contents[key] = ""
            self._open.append(key)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._names[self._open[-1]] != tag:
            self._blame("broke the markup")
            return
        key = self._open.pop()
        if tag != "span":
            self._edge(Edge(key, closes=True))

    def handle_data(self, data: str) -> None:
        if self._is_closed:
            self._contents[self._open[-1]] += data
        else:
            self._texts[-1] += data

    def handle_comment(self, _: str) -> None:
        self._blame("added an HTML comment")

    def handle_decl(self, _: str) -> None:
        self._blame("added an HTML declaration")

    def unknown_decl(self, _: str) -> None:
        self._blame("added an HTML declaration")

    def handle_pi(self, _: str) -> None:
        self._blame("added an HTML processing instruction")

    @property
    def _is_closed(self) -> bool:
        return bool(self._open) and self._names[self._open[-1]] == "span"

    def _edge(self, edge: Edge) -> None:
        self._edges.append(edge)
        self._texts.append("")

    def _blame(self, what: str, key: str = "") -> None:
        self._fault = self._fault or (what, key)
