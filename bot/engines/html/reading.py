"""The HTML that Amazon Translate returns for one block, read without trust."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser

from bot.engines.html.elements import END, START, Edge, Element, Line


def read_answer(answer: str, names: Mapping[str, str]) -> Answer:
    """What stands in the answer; `names` are the elements that were sent: the HTML name of each id."""
    reader = Answer(names)
    reader.feed(answer)
    reader.close()
    return reader


class Answer(HTMLParser):
    """Elements and texts of an answer, in order, and what is wrong with them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._names = names
        self._edges = [START]
        self._texts = [""]
        self._open: list[str] = []
        self._found: Counter[str] = Counter()
        self._contents: dict[str, str] = {}
        self._fault: tuple[str, str] | None = None

    @property
    def line(self) -> Line:
        return Line((*self._edges, END), tuple(self._texts))

    def problem(self, elements: Mapping[str, Element]) -> str:
        """What the machine did, such as "lost $x$" ("" for nothing)."""
        for key, element in elements.items():
            if self._found[key] != 1:
                return f"{'doubled' if self._found[key] else 'lost'} {element.name}"
        if self._fault is not None:
            what, key = self._fault
            return f"{what} {elements[key].name}" if key else what
        for key, content in self._contents.items():
            if content.split() != elements[key].opening.split():
                return f"changed {elements[key].name} to “{' '.join(content.split())}”"
        return "broke the markup" if self._open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        key = dict(attrs).get("id") or ""
        if self._names.get(key) != tag:
            self._blame(f"added the HTML element <{tag}>")
        else:
            if self._is_closed:
                self._blame("put something into", self._open[-1])
            self._found[key] += 1
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

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the base class's name
        self._blame("added an HTML comment")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        self._blame("added an HTML declaration")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        self._blame("added an HTML processing instruction")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        self._blame("added an HTML declaration")

    @property
    def _is_closed(self) -> bool:
        return bool(self._open) and self._names[self._open[-1]] == "span"

    def _edge(self, edge: Edge) -> None:
        self._edges.append(edge)
        self._texts.append("")

    def _blame(self, what: str, key: str = "") -> None:
        self._fault = self._fault or (what, key)
