"""The sentences that terms are mined from: a book's pairs, and what a machine had made of their source."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.book.cache import Cache
from bot.book.loading import read_texts
from bot.book.opening import LanguageEdition
from bot.errors import AmtsError, InputError
from bot.glossary.mining import MiningSentence
from bot.glossary.sides import side_of
from bot.memory.filters import Rules
from bot.memory.pairs import PairStatus
from bot.memory.reading import FORMATS, read_memory
from bot.parallel_data.book_pairs import build_parallel_data
from bot.parallel_data.extraction import extract_file
from bot.parallel_data.options import MIN_SCORE, Level

# A repeated sentence is one more place where people chose a translation; it is no worse for that.
_USED = frozenset({PairStatus.KEPT, PairStatus.HELD_OUT, PairStatus.DUPLICATE, PairStatus.CONTRADICTION})


def mining_sentences(edition: LanguageEdition, drafts: Sequence[Path]) -> list[MiningSentence]:
    """The pairs of the published book that are good enough to teach, each with the machine's draft of its source where
    one of the files `drafts` has it: a memory of machine translations, or a JSON list of `path` and `commit`, at which
    the language's repository holds the machine's draft of the English recorded there. Raises InputError."""
    cache = Cache(edition.project.cache / "alignments")
    rules = Rules(MIN_SCORE, edition.direction.target.length_ratio, held_out=0, refuse_signs=False)
    data = build_parallel_data(edition, Level.SENTENCE, rules, (), cache)
    made: dict[str, str] = {}
    for file in drafts:
        made |= _read_drafts(edition, file)
    return [
        MiningSentence(record.pair.unit.source, record.pair.unit.target, record.pair.unit.path, made.get(source_text))
        for record in data.records
        if record.fate in _USED and (source_text := record.pair.unit.source)
    ]


def _read_drafts(edition: LanguageEdition, file: Path) -> Mapping[str, str]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from None
    kind = file.suffix.lower()
    if kind == ".json":
        return _recorded(edition, _commits(data, file))
    if kind not in FORMATS:
        raise InputError(f"{file}: is of no known format; drafts are .json, {', '.join(FORMATS)}")
    speaks = partial(side_of, edition.direction)
    return {unit.source: unit.target for unit in read_memory(data, FORMATS[kind], speaks, file.name)}


def _commits(data: bytes, file: Path) -> Mapping[str, frozenset[str]]:
    """The paths of drafts by commit."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    try:
        listed: Any = json.loads(data)
        for one in listed:
            found[str(one["commit"])].add(str(one["path"]))
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{file}: is no JSON list of objects with a path and a commit") from None
    return {commit: frozenset(paths) for commit, paths in found.items()}


def _recorded(edition: LanguageEdition, commits: Mapping[str, frozenset[str]]) -> Mapping[str, str]:
    """The drafts by source text, aligned with the English that each was made from."""
    work = [text for commit, paths in commits.items() for text in _texts(edition, commit, paths)]
    found: dict[str, str] = {}
    reading = edition.runner.map("reading drafts", extract_file, work, edition.direction, Level.SENTENCE, False)
    for extract in reading:
        if isinstance(extract, AmtsError):
            raise extract
        found |= {pair.unit.source: pair.unit.target for pair in extract.pairs}
    return found


def _texts(edition: LanguageEdition, commit: str, paths: frozenset[str]) -> list[tuple[str, str, str]]:
    book = edition.read_book(edition.repository.snapshot(commit))
    files = [file for file in book.files if file.path in paths and file.exists and file.base is not None]
    texts = [read_texts(book, file) for file in files]
    return [(one.path, one.base, one.target) for one in texts]
