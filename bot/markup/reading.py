"""Reads finished Markdown as a host does, and finds what is live in it although no words of the bot are like that.

The bot itself mentions nobody and refers to nothing by `#1`. It writes a few tags without attributes, code in a few
languages, its notes at the end, and links to what is below the web pages of repositories that it was given: commits,
comparisons, pull requests and reports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from bot.markup.inert import MAX_RUN
from bot.markup.notes import is_note, split_notes

TAGS = frozenset({"b", "code", "del", "details", "summary"})
"""The bot's own tags, which have no attributes."""

INFOS = frozenset({"", "diff", "mermaid", "suggestion", "text"})
"""What the bot's code blocks are in. A host draws maps and sets formulas from others."""

# Deeper than anything of the bot. A renderer stops at some depth, and what is below would go unread.
_MAX_DEPTH, _READ_DEPTH = 12, 40
# What follows the address of a page in the bot's links.
_PLACE = re.compile(
    r"/(commit/[0-9a-f]{7,64}|compare/[0-9a-f]{7,64}\.\.\.[0-9a-f]{7,64}|pull/[0-9]+|blob/[0-9a-f]{40,64}/README\.md)"
)
_REPORT_PAGE = re.compile(r"report(-[0-9]+)?\.md")
_TAG = re.compile(r"<(/?)([a-z]+)>")
_MAX_MARK = MAX_RUN + 1
_UNPAIRED = "a tag without its pair"
# Begins a block for a host that knows footnotes, whatever is open on the line before.
_FOOTNOTE = re.compile(r"^\s*\[\^[^\]\n]+\]:", re.MULTILINE)
# In text as readers see it. A host asks for more around some of these; this takes each for live.
_LIVE = {
    "a mention": re.compile(r"@\w"),
    "a reference": re.compile(r"#\d|(?<![^\W_])GH-\d", re.IGNORECASE),
    "a commit": re.compile(r"(?<![^\W_])[0-9a-f]{7,}(?![^\W_])", re.IGNORECASE),
    "an address": re.compile(r"://|(?<![^\W_])www\.", re.IGNORECASE),
}
# In text whose signs stand for themselves: a backslash before them takes the meaning.
_SYNTAX = {
    "a footnote or an alert": re.compile(r"\[[\^!]"),
    "a formula": re.compile(r"\$\$|\$`|\$[^$]*\$", re.DOTALL),
}
# The link to a report, in the upper case of definitions.
_DEFINED = frozenset({"REPORT"})
_TASK = re.compile(r"\[[ xX]\](\s|$)")


def foreign_elements(markdown: str, pages: Collection[str] = ()) -> list[str]:
    """What is live in the Markdown and not the bot's, each in a word or two; empty if all is well. The bot's links lead
    to these `pages`, addresses of repositories on the web, and to the pages of a report."""
    text, notes = split_notes(markdown)
    # Of the end, only the definition that links in the text need.
    text += "\n".join(line for line in notes.split("\n") if not is_note(line))
    reader = MarkdownIt("commonmark", {"maxNesting": _READ_DEPTH}).enable(["table", "strikethrough"])
    # The signs that a backslash escapes stay apart.
    reader.disable("text_join")
    defined: dict[str, dict[str, dict[str, str]]] = {}
    links = _Links(pages)
    found = list(dict.fromkeys(_blocks(reader.parse(text, defined), links)))
    if any(name not in _DEFINED or place["href"] not in links for name, place in defined.get("references", {}).items()):
        found.append("a definition of a link")
    return found


class _Links:
    """The addresses of the bot's own links."""

    def __init__(self, pages: Collection[str]) -> None:
        # As the reader writes the addresses of links: other letters than ASCII in Punycode, or with per cent signs.
        self._pages = [normalizeLink(page.rstrip("/")).casefold() for page in pages if page]

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, str):
            return False
        if _REPORT_PAGE.fullmatch(address):
            return True
        return any(
            address.casefold().startswith(page) and _PLACE.fullmatch(address[len(page) :]) for page in self._pages
        )


def _blocks(tokens: Sequence[Token], links: _Links) -> Iterator[str]:
    item_begins, tags = False, _Tags()
    for token in tokens:
        if token.level > _MAX_DEPTH:
            yield "deep nesting"
        match token.type:
            case "fence" if token.info.strip() not in INFOS:
                yield "a block that is drawn"
            case "fence" if len(token.markup) > _MAX_MARK:
                yield "a block with long marks"
            case "code_block":
                yield "an indented block"
            case "heading_open" if token.markup not in ("#", "##", "###"):
                yield "a heading"
            case "html_block":
                yield from tags.found(token.content, token.level)
            case "inline":
                children = token.children or []
                if item_begins and _TASK.match(token.content):
                    yield "a task"
                if _FOOTNOTE.search(token.content):
                    yield "a footnote or an alert"
                yield from _inline(children, links)
            case _:
                pass
        item_begins = token.type == "list_item_open" or (item_begins and token.type == "paragraph_open")
    yield from tags.left()


def _inline(tokens: Iterable[Token], links: _Links) -> Iterator[str]:
    text, raw, inside, tags = "", "", 0, _Tags()
    for token in tokens:
        if token.level > _MAX_DEPTH:
            yield "deep nesting"
        match token.type:
            case "text":
                text, raw = text + token.content, raw + token.content
            case "text_special":
                # An escaped sign, or an entity: a sign to a reader, and no syntax.
                text, raw = text + token.content, raw + "\0"
            case "softbreak" | "hardbreak":
                text, raw = text + "\n", raw + "\n"
            case _:
                if not inside:
                    yield from _live_text(text)
                text = ""
                # A dollar sign beside code is a formula to GitHub.
                raw += "`" if token.type == "code_inline" else "\0"
        match token.type:
            case "code_inline" if len(token.markup) > _MAX_MARK:
                yield "code with long marks"
            case "link_open":
                inside += 1
                if token.attrs.get("href") not in links or token.info == "auto":
                    yield "a link"
            case "link_close":
                inside -= 1
            case "image":
                yield "an image"
            case "em_open" | "strong_open" | "s_open":
                tags.enter(token.tag)
            case "em_close" | "strong_close" | "s_close":
                yield from tags.leave(token.tag)
            case "html_inline":
                yield from tags.found(token.content, 0)
            case _:
                pass
    yield from tags.left()
    if not inside:
        yield from _live_text(text)
    for name, pattern in _SYNTAX.items():
        if pattern.search(raw):
            yield name


def _live_text(text: str) -> Iterator[str]:
    for name, pattern in _LIVE.items():
        if pattern.search(text):
            yield name


class _Tags:
    """The tags that are open. `found` judges raw HTML: a block, or a single tag within a line."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []

    def found(self, content: str, level: int) -> Iterator[str]:
        """`level` is the depth of the block: what is opened in an entry of a list ends there."""
        for tag in _TAG.finditer(content):
            if tag[2] in TAGS and not tag[1]:
                self.enter(tag[2], level)
            elif tag[2] in TAGS:
                yield from self.leave(tag[2], level)
        text = _TAG.sub(lambda tag: "\0" if tag[2] in TAGS else tag[0], content)
        if "<" in text or ">" in text:
            yield "a tag"
        yield from _live_text(unescape(text))

    def enter(self, tag: str, level: int = 0) -> None:
        self._open.append((tag, level))

    def leave(self, tag: str, level: int = 0) -> Iterator[str]:
        if not self._open or self._open.pop() != (tag, level):
            yield _UNPAIRED

    def left(self) -> Iterator[str]:
        if self._open:
            yield _UNPAIRED
