"""What is live in Markdown on a host: read by another renderer than the bot's own, by GitHub's published rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

import pyromark

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
)
_STRUCTURE = {
    *("p", "h1", "h2", "h3", "ul", "ol", "li", "code", "pre", "strong", "em", "hr", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_OWN = frozenset({"details", "summary", "del", "b", "br"})
# GitHub applies these to text outside code and links.
_TEXT = {
    "mention": re.compile(r"(?<![\w`/])@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:/[\w-]+)?", re.IGNORECASE),
    "reference": re.compile(r"(?<!\w)(?:[\w.-]+/[\w.-]+|[\w.-]+)?#\d+\b|\bGH-\d+\b", re.IGNORECASE),
    "commit": re.compile(r"\b[0-9a-f]{7,40}\b"),
    "address": re.compile(r"\b(?:https?|ftp)://\S|(?<![\w.])www\.\w|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE),
}
_VOID = frozenset({"br", "hr", "img", "input"})


def live_elements(markdown: str, allowed: Collection[str] = ()) -> list[str]:
    """Each thing that a host would act on, or show as more than text. Links may go to the addresses that begin with one
    of `allowed`, and the tags are the bot's own without attributes."""
    reader = _Reader(tuple(allowed))
    reader.feed(pyromark.html(markdown, options=_OPTIONS))
    reader.close()
    return list(reader.found())


class _Reader(HTMLParser):
    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__()
        self._allowed = allowed
        self._open: list[str] = []
        self._found: list[str] = []
        self._text = ""

    def found(self) -> Iterator[str]:
        self._end_of_text()
        yield from self._found
        yield from (f"<{tag}> is open" for tag in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_of_text()
        self._judge(tag, dict(attrs))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_of_text()
        self._judge(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._end_of_text()
        if not self._open or self._open.pop() != tag:
            self._found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_comment(self, data: str) -> None:
        self._end_of_text()
        if not re.fullmatch(r" amts:[a-z-]+ [^>\n]* ", data):
            self._found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._found.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._found.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self._found.append(f"<?{data}>")

    def _judge(self, tag: str, attributes: dict[str, str | None]) -> None:
        match tag:
            case "a":
                address = attributes.get("href") or ""
                if not address.startswith(self._allowed) or attributes.keys() != {"href"}:
                    self._found.append(f"a link to {address}")
            case "code" if (attributes.get("class") or "language-text").startswith("language-"):
                name = (attributes.get("class") or "").removeprefix("language-")
                if name not in ("", "text", "diff", "suggestion", "mermaid"):
                    self._found.append(f"a block in {name}")
            case "th" | "td" if attributes.keys() <= {"style"}:
                pass
            case _ if tag not in _STRUCTURE | _OWN or attributes:
                self._found.append(f"<{tag}>")
            case _:
                pass

    def _end_of_text(self) -> None:
        if not {"code", "pre", "a"} & set(self._open):
            for name, pattern in _TEXT.items():
                if match := pattern.search(self._text):
                    self._found.append(f"{name}: {match[0]}")
        self._text = ""
