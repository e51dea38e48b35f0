"""A pair of documents, or a piece of a memory, to pairs with their own faults; runs in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from bot.alignment import Counts, Lexicon, align, count_pair, read_features
from bot.alignment.beads import paragraph_beads
from bot.errors import InputError
from bot.glossary.sides import side_of
from bot.memory.filters import Rules, decide
from bot.memory.pairs import Pair, PairStatus, collect_pairs, trust_all
from bot.memory.reading import read_memory
from bot.model import Direction, Document
from bot.parallel_data.corpus.inputs import DocumentPair, Item, MemoryPiece
from bot.parallel_data.corpus.reading import read_document
from bot.parallel_data.extraction import extract_imported
from bot.parallel_data.language_detection import load_detector
from bot.parallel_data.options import Level


@dataclass(frozen=True, slots=True)
class Subject:
    """Keywords, of which a document (or each sentence, with `sentences`) must hold one, on either side; none asks for
    nothing. Whole words in any case, with any endings behind a keyword of four letters or more."""

    keywords: tuple[str, ...] = ()
    sentences: bool = False


@dataclass(frozen=True)
class Work:
    """What is asked for of every item. `lexicon` is of documents like these; `detects` says that the pairs' languages
    are looked at. Relative paths are from `folder`: who does the work may be at home elsewhere."""

    direction: Direction
    level: Level
    rules: Rules
    subject: Subject
    detects: bool
    lexicon: Lexicon | None = None
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Extracted:
    """The pairs of an item with what their own texts say of them (KEPT: nothing against them), the number of pairs that
    are off the subject, and why there are none (`problem`), if there are none."""

    item: str
    other: str
    pairs: tuple[tuple[Pair, PairStatus], ...]
    off_subject: int = 0
    problem: str = ""


def count_item(item: DocumentPair, work: Work) -> Counts | None:
    """What a pair of documents teaches of the languages; None where it can't be read."""
    try:
        return count_pair(read_features(*_documents(item, work), work.direction))
    except InputError:
        return None


def extract_items(items: Sequence[Item], work: Work) -> list[Extracted]:
    return [_extract(item, work) for item in items]


def _extract(item: Item, work: Work) -> Extracted:
    if isinstance(item, MemoryPiece):
        return _extract_memory(item, work)
    names = str(item.source), str(item.target)
    try:
        documents = _documents(item, work)
    except InputError as error:
        return Extracted(*names, (), problem=str(error))
    wanted = _finder(work.subject.keywords)
    if not work.subject.sentences and not wanted([document.text for document in documents]):
        return Extracted(*names, (), problem="off the subject")
    beads = align(*documents, work.direction, lexicon=work.lexicon)
    if work.level is Level.PARAGRAPH:
        beads = paragraph_beads(*documents, beads)
    detect = load_detector() if work.detects else trust_all
    return _decided(names, list(collect_pairs(documents, beads, work.direction, names[1], detect)), work)


def _extract_memory(item: MemoryPiece, work: Work) -> Extracted:
    name = str(item.path)
    try:
        units = read_memory(item.data, item.form, partial(side_of, work.direction), name)
    except InputError as error:
        return Extracted(name, name, (), problem=str(error))
    return _decided((name, name), extract_imported(units, work.direction, work.detects), work)


def _decided(names: tuple[str, str], pairs: Sequence[Pair], work: Work) -> Extracted:
    wanted = _finder(work.subject.keywords if work.subject.sentences or names[0] == names[1] else ())
    on_subject = [pair for pair in pairs if wanted([pair.unit.source, pair.unit.target])]
    decided = tuple((pair, decide([pair], work.rules)[0]) for pair in on_subject)
    return Extracted(*names, decided, len(pairs) - len(on_subject), "" if pairs else "no pair of sentences was found")


def _documents(item: DocumentPair, work: Work) -> tuple[Document, Document]:
    return (
        read_document(item.source, work.direction.source, work.folder),
        read_document(item.target, work.direction.target, work.folder),
    )


@lru_cache(maxsize=4)
def _finder(keywords: tuple[str, ...]) -> Callable[[Iterable[str]], bool]:
    """Whether one of the texts holds one of the keywords; always where there is none."""
    patterns = [r"\s+".join(map(re.escape, word.split())) + (r"" if len(word) >= 4 else r"\b") for word in keywords]
    pattern = re.compile("|".join(rf"(?<![a-zA-Z]){found}" for found in patterns), re.IGNORECASE)
    return lambda texts: not keywords or any(pattern.search(text) for text in texts)
