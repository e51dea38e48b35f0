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
from bot.book.opening import Source, open_book
from bot.book.project import Project
from bot.book.workers import Runner
from bot.errors import AmtsError, InputError
from bot.forge.git import Repository
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


def mining_sentences(
    project: Project, source: Source, name: str, drafts: Sequence[Path], runner: Runner
) -> list[MiningSentence]:
    """The pairs of the published book that are good enough to teach, each with the machine's draft of its source where
    one of the files `drafts` has it: a memory of machine translations, or a JSON list of `path` and `commit`, at which
    the language's repository holds the machine's draft of the English recorded there. Raises InputError."""
    direction = project.direction(name)
    cache = Cache(project.cache / "alignments")
    rules = Rules(MIN_SCORE, direction.target.length_ratio, held_out=0, refuse_signs=False)
    data = build_parallel_data(project, source, name, Level.SENTENCE, rules, (), cache, runner)
    made: dict[str, str] = {}
    for file in drafts:
        made |= _read_drafts(project, source, name, file, runner)
    return [
        MiningSentence(record.pair.unit.source, record.pair.unit.target, record.pair.unit.path, made.get(source_text))
        for record in data.records
        if record.fate in _USED and (source_text := record.pair.unit.source)
    ]


def _read_drafts(project: Project, source: Source, name: str, file: Path, runner: Runner) -> Mapping[str, str]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from None
    kind = file.suffix.lower()
    if kind == ".json":
        return _recorded(project, source, name, _commits(data, file), runner)
    if kind not in FORMATS:
        raise InputError(f"{file}: is of no known format; drafts are .json, {', '.join(FORMATS)}")
    speaks = partial(side_of, project.direction(name))
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


def _recorded(
    project: Project, source: Source, name: str, commits: Mapping[str, frozenset[str]], runner: Runner
) -> Mapping[str, str]:
    """The drafts by source text, aligned with the English that each was made from."""
    repository = project.open_target(name)
    work = [
        text for commit, paths in commits.items() for text in _texts(project, source, name, repository, commit, paths)
    ]
    found: dict[str, str] = {}
    for extract in runner.map("reading drafts", extract_file, work, project.direction(name), Level.SENTENCE, False):
        if isinstance(extract, AmtsError):
            raise extract
        found |= {pair.unit.source: pair.unit.target for pair in extract.pairs}
    return found


def _texts(
    project: Project, source: Source, name: str, repository: Repository, commit: str, paths: frozenset[str]
) -> list[tuple[str, str, str]]:
    book = open_book(project, source, name, repository.snapshot(commit))
    files = [file for file in book.files if file.path in paths and file.exists and file.base is not None]
    texts = [read_texts(book, file) for file in files]
    return [(one.path, one.base, one.target) for one in texts]
