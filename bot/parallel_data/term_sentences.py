"""The sentences for mining terms: a book's pairs, and a machine's drafts of their source."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.book.edition import LanguageEdition
from bot.book.files import read_bytes
from bot.book.loading import read_texts
from bot.drafts.machine_drafts import known_drafts
from bot.errors import AmtsError, InputError
from bot.glossary.mining import MiningSentence
from bot.glossary.sides import side_of
from bot.memory.filters import Rules
from bot.memory.formats import FORMATS, read_memory
from bot.memory.pairs import PairStatus
from bot.parallel_data.book_pairs import build_parallel_data
from bot.parallel_data.extraction import extract_file
from bot.parallel_data.options import MIN_SCORE, Level

# Repeated sentences count too: each is one more place with people's choice of a translation.
_USED = frozenset({PairStatus.KEPT, PairStatus.HELD_OUT, PairStatus.DUPLICATE, PairStatus.CONTRADICTION})


def mining_sentences(edition: LanguageEdition, drafts: Sequence[Path]) -> list[MiningSentence]:
    """The pairs of the published book that are good enough to teach, with the machine's draft of the source from one of
    the files `drafts`, if any. Such a file is a memory of machine translations, or a JSON list of objects with `path`
    and `commit`, the commit of the language's repository that holds the draft. Raises InputError."""
    rules = Rules(MIN_SCORE, edition.direction.target.length_ratio, held_out=0, refuse_signs=False)
    data = build_parallel_data(edition, Level.SENTENCE, rules, drafts=known_drafts(edition))
    by_source: dict[str, str] = {}
    for file in drafts:
        by_source |= _read_drafts(edition, file)
    units = [record.pair.unit for record in data.records if record.status in _USED]
    return [
        MiningSentence(unit.source, unit.target, unit.path, by_source.get(unit.source)) for unit in units if unit.source
    ]


def _read_drafts(edition: LanguageEdition, file: Path) -> Mapping[str, str]:
    """Drafts by source text."""
    data, suffix = read_bytes(file), file.suffix.lower()
    if suffix == ".json":
        return _recorded_drafts(edition, data, file)
    if suffix not in FORMATS:
        raise InputError(f"{file}: is of no known format; drafts are .json, {', '.join(FORMATS)}")
    units = read_memory(data, FORMATS[suffix], partial(side_of, edition.direction), file.name)
    return {unit.source: unit.target for unit in units}


def _recorded_drafts(edition: LanguageEdition, data: bytes, file: Path) -> Mapping[str, str]:
    """The drafts at the commits of a JSON list, aligned with their base English."""
    commits: defaultdict[str, set[str]] = defaultdict(set)
    try:
        entries: Any = json.loads(data)
        for entry in entries:
            commits[str(entry["commit"])].add(str(entry["path"]))
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{file}: is no JSON list of objects with a path and a commit") from None
    work = []
    for commit, paths in commits.items():
        book = edition.read_book(edition.repository.snapshot(commit))
        files = [file for file in book.files if file.path in paths and file.exists and file.base is not None]
        work += [(texts.path, texts.base, texts.target) for texts in (read_texts(book, file) for file in files)]
    drafts: dict[str, str] = {}
    shared = edition.direction, Level.SENTENCE, False
    for extract in edition.runner.map("reading drafts", extract_file, work, *shared):
        if isinstance(extract, AmtsError):
            raise extract
        drafts |= {pair.unit.source: pair.unit.target for pair in extract.pairs}
    return drafts
