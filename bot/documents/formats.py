"""The formats of documents. A format is a module with a `parse` and its entry in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.documents import markdown
from bot.model import Document, Language


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """`endings` are the endings of its files, in lower case. `parse` never fails and loses nothing: a Document is spans
    over its own text, and what is not understood becomes an opaque block. It puts the format's key in FORMATS into
    `Document.format`."""

    endings: tuple[str, ...]
    parse: Callable[[str, Language], Document]


FORMATS: Mapping[str, DocumentFormat] = {
    "markdown": DocumentFormat((".md", ".markdown"), markdown.parse),
}


def format_of(path: str) -> str:
    """The name of the format of a file; Markdown if no format has its ending."""
    return next((name for name, form in FORMATS.items() if path.lower().endswith(form.endings)), "markdown")


def parse(text: str, language: Language, path: str = "") -> Document:
    """The Document of a file's text, in the format of its `path`. Without a path, the text is Markdown, as a sentence
    of any format is."""
    return FORMATS[format_of(path)].parse(text, language)


def render(document: Document) -> str:
    """The text of a Document, put together from its parts."""
    parts = [document.lead(index) + document.raw(index) for index in range(len(document.segments))]
    return "".join([*parts, document.lead(len(document.segments))])
