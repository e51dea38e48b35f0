"""Markdown as a host shows it, taken apart: what is code, what is prose, which tags and comments there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pyromark

_VOID = {"br", "hr", "img", "input"}


@dataclass
class Page:
    """`prose` is all text outside code, `links` lead somewhere; `balanced` says that each tag ends where it should."""

    prose: str = ""
    code: str = ""
    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    balanced: bool = True


def render(text: str) -> Page:
    reader = _Reader()
    reader.feed(pyromark.html(text, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_GFM))
    reader.close()
    reader.page.balanced &= not reader.open
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.add(tag)
        self.page.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.add(tag)
        self.page.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.balanced = False

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.page.code += data
        else:
            self.page.prose += data

    def handle_comment(self, data: str) -> None:
        self.page.comments.append(data)
