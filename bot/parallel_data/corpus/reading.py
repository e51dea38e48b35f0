"""A file to a document: Markdown as it is, plain text by its paragraphs, a web page by its main text."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.documents import decode, parse
from bot.documents.decoding import MAX_BYTES
from bot.errors import InputError, UsageError, install_hint
from bot.model import Document, Language

_MARKDOWN = (".md", ".markdown")
_TEXT = (".txt", ".text")
_PAGES = (".html", ".htm", ".xhtml")


def read_document(path: Path, language: Language, folder: Path = Path()) -> Document:
    """The document at `path`, from `folder` where that is relative. Raises InputError for a file that can't be read, is
    of no known format, or is a page without a main text, and UsageError for a page where trafilatura is not
    installed."""
    suffix = path.suffix.lower()
    if suffix not in _MARKDOWN + _TEXT + _PAGES:
        known = ", ".join(_MARKDOWN + _TEXT + _PAGES)
        raise InputError(f"{path}: is of no known format; documents are {known}")
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    if suffix in _PAGES:
        return parse(_main_text(data, path), language)
    text = decode(data, str(path))
    # Markdown would take an indented line for code.
    return parse(text if suffix in _MARKDOWN else "\n".join(map(str.strip, text.splitlines())), language)


def _main_text(data: bytes, path: Path) -> str:
    """What trafilatura takes for the text of a page, without navigation and comments, as Markdown. The page says its
    encoding, or it is guessed."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{path}: {len(data):,} bytes, more than the {MAX_BYTES // 1024**2} MiB of a document; split it"
        )
    try:
        from trafilatura import extract
    except ImportError:
        raise UsageError(f"web pages need trafilatura: {install_hint('corpus')}") from None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it has to say of a page is the result
    text = extract(data, output_format="markdown", include_formatting=True, include_comments=False)
    if not text:
        raise InputError(f"{path}: no main text was found in the page")
    return text
