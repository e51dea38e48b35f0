"""HTML documents: a document for each file of the book, a block for each sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from bot.engines.amazon.settings import digest

Item = TypeVar("Item")

# Developer guide, "Guidelines and quotas": 1,000,000 characters, 1 MB of text and 20 MB a document. Checked in bytes
# of HTML, a number that is at least as large as each of these.
MAX_DOCUMENT_BYTES = 1_000_000
MAX_JOB_BYTES = 5_000_000_000
MAX_JOB_DOCUMENTS = 1_000_000

_KEY_LENGTH = 24
_BLOCK = re.compile(
    rf"""<p\b[^>]*?\sid\s*=\s*["']?k([0-9a-f]{{{_KEY_LENGTH}}})["']?[^>]*>(.*?)</p\s*>""", re.DOTALL | re.IGNORECASE
)
_MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class BatchBlock:
    """A sentence in the form that is sent: the key of its answer, the HTML inside its element, the characters that are
    billed, and the sentence's file in the book."""

    key: str
    html: str
    characters: int
    path: str

    @property
    def size(self) -> int:
        """Bytes of the block in a document."""
        return len(_element(self.key, self.html).encode())


@dataclass(frozen=True, slots=True)
class BatchDocument:
    """A file of a job: its name, and the blocks in it."""

    name: str
    blocks: tuple[BatchBlock, ...]


def make_key(html: str, parts: Sequence[str]) -> str:
    """The key of a sentence's answer: it depends on the sentence and on the settings that alter the answer."""
    return digest("\0".join([*parts, html]))[:_KEY_LENGTH]


def pack(blocks: Iterable[BatchBlock], *, limit: int = MAX_DOCUMENT_BYTES) -> list[BatchDocument]:
    """The documents for these blocks, none longer than `limit` bytes; their order and names follow from the blocks
    alone. A key that occurs twice is sent once."""
    by_path: dict[str, dict[str, BatchBlock]] = {}
    seen: set[str] = set()
    for block in blocks:
        if block.key not in seen:
            seen.add(block.key)
            by_path.setdefault(block.path, {})[block.key] = block
    room = limit - len(render((), "xx-XX"))
    return [
        BatchDocument(_file_name(path, number), part)
        for path in sorted(by_path)
        for number, part in enumerate(_parts(by_path[path].values(), lambda block: block.size, room))
    ]


def split_jobs(
    documents: Iterable[BatchDocument], *, size: int = MAX_JOB_BYTES, count: int = MAX_JOB_DOCUMENTS
) -> Iterator[tuple[BatchDocument, ...]]:
    """The documents of each job, within the service's limits of bytes and documents."""
    return _parts(documents, lambda document: len(render(document.blocks, "xx-XX").encode()), size, count)


def render(blocks: Iterable[BatchBlock], language: str) -> str:
    """The uploaded document, without white space between the blocks, which would be billed."""
    body = "".join(_element(block.key, block.html) for block in blocks)
    head = f'<html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
    return f"<!DOCTYPE html>\n{head}<body>{body}</body></html>"


def read_blocks(text: str, keys: Iterable[str]) -> Mapping[str, str | None]:
    """The HTML inside each of these blocks in a document that came back; None for a block that does not occur exactly
    once."""
    matches = [(match[1].lower(), match[2]) for match in _BLOCK.finditer(text)]
    times = Counter(key for key, _ in matches)
    blocks = dict(matches)
    return {key: blocks[key] if times[key] == 1 else None for key in keys}


def _element(key: str, html: str) -> str:
    return f'<p id="k{key}">{html}</p>'


def _file_name(path: str, part: int) -> str:
    """Flat and safe in a URL; the digest keeps names apart that would become equal."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[-_MAX_NAME_LENGTH:].strip("-")
    return "-".join(filter(None, [readable, digest(path)[:8], str(part or "")])) + ".html"


def _parts(
    items: Iterable[Item], size_of: Callable[[Item], int], limit: int, count: int | None = None
) -> Iterator[tuple[Item, ...]]:
    """The items in their order, in parts of at most `limit` bytes (or one longer item) and `count` items."""
    part: list[Item] = []
    used = 0
    for item in items:
        size = size_of(item)
        if part and (used + size > limit or len(part) == count):
            yield tuple(part)
            part, used = [], 0
        part.append(item)
        used += size
    if part:
        yield tuple(part)
