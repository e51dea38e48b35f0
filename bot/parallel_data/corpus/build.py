"""Builds general parallel data: every item is read once, every pair gets its fate, and memory stays the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.alignment import Lexicon, learn_lexicon
from bot.book.files import json_bytes
from bot.forge.storage import storage_errors
from bot.memory.pairs import Pair, PairStatus
from bot.model import TranslationUnit
from bot.parallel_data.corpus.deduplication import Repeated
from bot.parallel_data.corpus.extraction import Extracted, Work, count_item, extract_items
from bot.parallel_data.corpus.inputs import DocumentPair, Item
from bot.parallel_data.corpus.workers import Workers, batches, stream
from bot.parallel_data.corpus.writing import UnitWriter
from bot.parallel_data.options import Format

Items = Callable[[], Iterable[Item]]
"""Gives the items of a corpus anew, each time in the same order."""

# Short documents teach little about two languages: so many pairs of documents teach a lexicon for all.
_TEACHERS = 200
# Documents that travel to a process at once, with the lexicon.
_TOGETHER = 16


@dataclass
class CorpusTally:
    """What became of all items and pairs. `used` items have pairs; `off_subject` pairs were not looked at further."""

    items: int = 0
    used: int = 0
    off_subject: int = 0
    fates: Counter[PairStatus] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        return self.fates.total()


def build_corpus(
    items: Items,
    work: Work,
    folder: Path,
    name: str,
    form: Format,
    workers: AbstractContextManager[Workers],
    advance: Callable[[int], None],
) -> CorpusTally:
    """Writes `name`.csv (or the like), `name`.pairs.jsonl and `name`.documents.jsonl into `folder`, all or none. The
    same items give the same bytes, whoever and how many the `workers` are. `advance` is told how many items are done.
    Raises AmtsError, of which StorageError where the disk refuses."""
    tally = CorpusTally()
    with storage_errors(folder), workers as workforce:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".new-") as temporary:
            staged = Path(temporary)
            work = replace(work, lexicon=_learn(items, work, workforce))
            repeated = Repeated(staged / "repeated")
            _extract(items, work, workforce, staged, repeated, tally, advance)
            _settle(staged, repeated, work, form, tally)
            repeated.close()
            for part, written in (("units", form.value), ("pairs", "pairs.jsonl"), ("documents", "documents.jsonl")):
                (staged / part).replace(folder / f"{name}.{written}")
    return tally


def _learn(items: Items, work: Work, workers: Workers) -> Lexicon:
    teachers = islice((item for item in items() if isinstance(item, DocumentPair)), _TEACHERS)
    counts = stream(workers, partial(count_item, work=work), teachers)
    return learn_lexicon(found for found in counts if found is not None)


def _extract(
    items: Items,
    work: Work,
    workers: Workers,
    staged: Path,
    repeated: Repeated,
    tally: CorpusTally,
    advance: Callable[[int], None],
) -> None:
    """Every pair to disk, with its own fault; those without one are counted for their repetitions."""
    number = 0
    with (staged / "spool").open("wb") as spool, (staged / "documents").open("wb") as documents:
        for extracted in stream(workers, partial(extract_items, work=work), batches(items(), _TOGETHER)):
            for one in extracted:
                for pair, fate in one.pairs:
                    if fate is PairStatus.KEPT:
                        repeated.add(number, pair.unit.source, pair.unit.target)
                    spool.write(json_bytes(_line(one, pair, fate)))
                    number += 1
                documents.write(json_bytes(_document(one)))
                tally.items += 1
                tally.used += bool(one.pairs)
                tally.off_subject += one.off_subject
            advance(tally.items)


def _settle(staged: Path, repeated: Repeated, work: Work, form: Format, tally: CorpusTally) -> None:
    with (
        (staged / "pairs").open("wb") as pairs,
        (staged / "units").open("wb") as file,
        UnitWriter(file, form, work.level, work.direction) as units,
    ):
        for number, line in enumerate(_lines(staged / "spool")):
            fate = PairStatus(line["fate"])
            if fate is PairStatus.KEPT:
                fate = repeated.fate(number, line["source"], line["target"])
                line["fate"] = fate.value
            if fate is PairStatus.KEPT:
                units.add(TranslationUnit(line["source"], line["target"], line["path"]))
            tally.fates[fate] += 1
            pairs.write(json_bytes(line))


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _line(one: Extracted, pair: Pair, fate: PairStatus) -> dict[str, object]:
    """The fields of `amts parallel-data build`, as far as files outside a repository have them."""
    unit = pair.unit
    return {
        "fate": fate.value,
        "source": unit.source,
        "target": unit.target,
        "score": round(unit.score, 4),
        "kind": unit.kind.value,
        "origin": unit.origin.value,
        "path": one.other,
        "source_path": one.item,
        "source_spans": pair.source_spans,
        "target_spans": pair.target_spans,
    }


def _document(one: Extracted) -> dict[str, object]:
    return {
        "source_path": one.item,
        "path": one.other,
        "pairs": len(one.pairs),
        "off_subject": one.off_subject,
        "problem": one.problem or None,
    }
