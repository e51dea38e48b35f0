"""The pairs of two documents, or of a piece of a memory, each with its own status; runs in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from bot.alignment import Counts, Lexicon, count_pair, read_features
from bot.errors import InputError
from bot.glossary.sides import side_of
from bot.memory.filters import Rules, decide
from bot.memory.formats import read_memory
from bot.memory.pairs import Pair, PairStatus
from bot.model import Direction, Document
from bot.parallel_data.corpus.inputs import DocumentPair, Item, MemoryPiece, read_document
from bot.parallel_data.extraction import document_pairs, extract_imported
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class Subject:
    """A document (with `sentences`: each pair) must hold one of the keywords, if any, on either side. Keywords are
    whole words in any case; a word of four letters or more may have any ending."""

    keywords: tuple[str, ...] = ()
    sentences: bool = False


@dataclass(frozen=True)
class Work:
    """The options for every item. `lexicon` was learned from documents like these; `detects`: look for texts in a wrong
    language. Relative paths are below `folder`: a worker may have another working directory."""

    direction: Direction
    level: Level
    rules: Rules
    subject: Subject
    detects: bool
    lexicon: Lexicon | None = None
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Extracted:
    """The pairs of an item at `source_path` and `path`, with their status before deduplication (KEPT: no fault).
    `off_subject` counts further pairs without a keyword. `problem` says why there are no pairs."""

    source_path: str
    path: str
    pairs: tuple[tuple[Pair, PairStatus], ...]
    off_subject: int = 0
    problem: str = ""


def count_item(item: DocumentPair, work: Work) -> Counts | None:
    """The evidence of a pair of documents for the lexicon; None if it can't be read."""
    try:
        return count_pair(read_features(*_documents(item, work), work.direction))
    except InputError:
        return None


def extract_items(items: Sequence[Item], work: Work) -> list[Extracted]:
    return [_extract_memory(item, work) if isinstance(item, MemoryPiece) else _extract(item, work) for item in items]


def _extract(item: DocumentPair, work: Work) -> Extracted:
    paths = str(item.source), str(item.target)
    try:
        documents = _documents(item, work)
    except InputError as error:
        return Extracted(*paths, (), problem=str(error))
    is_wanted = _finder(work.subject.keywords)
    if not work.subject.sentences and not is_wanted([document.text for document in documents]):
        return Extracted(*paths, (), problem="off the subject")
    pairs = document_pairs(paths[1], documents, work.direction, work.level, detects=work.detects, lexicon=work.lexicon)
    return _decided(paths, pairs, work)


def _extract_memory(item: MemoryPiece, work: Work) -> Extracted:
    path = str(item.path)
    try:
        units = read_memory(item.data, item.form, partial(side_of, work.direction), path)
    except InputError as error:
        return Extracted(path, path, (), problem=str(error))
    return _decided((path, path), extract_imported(units, work.direction, work.detects), work)


def _decided(paths: tuple[str, str], pairs: Sequence[Pair], work: Work) -> Extracted:
    is_wanted = _finder(work.subject.keywords if work.subject.sentences or paths[0] == paths[1] else ())
    on_subject = [pair for pair in pairs if is_wanted([pair.unit.source, pair.unit.target])]
    decided = tuple((pair, decide([pair], work.rules)[0]) for pair in on_subject)
    return Extracted(*paths, decided, len(pairs) - len(on_subject), "" if pairs else "no pair of sentences was found")


def _documents(item: DocumentPair, work: Work) -> tuple[Document, Document]:
    return (
        read_document(item.source, work.direction.source, work.folder),
        read_document(item.target, work.direction.target, work.folder),
    )


@lru_cache(maxsize=4)
def _finder(keywords: tuple[str, ...]) -> Callable[[Iterable[str]], bool]:
    """Whether one of the texts holds one of the keywords; always, if there are none."""
    patterns = [r"\s+".join(map(re.escape, word.split())) + ("" if len(word) >= 4 else r"\b") for word in keywords]
    pattern = re.compile("|".join(rf"(?<![a-zA-Z]){word}" for word in patterns), re.IGNORECASE)
    return lambda texts: not keywords or any(pattern.search(text) for text in texts)
