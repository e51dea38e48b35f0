"""Builds general parallel data in constant memory: every item is read once, and every pair gets a status."""

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

from bot.alignment import learn_lexicon
from bot.book.files import json_bytes
from bot.forge.failures import storage_errors
from bot.memory.pairs import PairStatus
from bot.model import TranslationUnit
from bot.parallel_data.corpus.deduplication import Deduplication
from bot.parallel_data.corpus.extraction import Work, count_item, extract_items
from bot.parallel_data.corpus.inputs import DocumentPair, Item
from bot.parallel_data.corpus.workers import Workers, stream
from bot.parallel_data.files import batches, pair_line, written_units
from bot.parallel_data.options import Format

Items = Callable[[], Iterable[Item]]
"""Gives the items of a corpus from the start, always in the same order."""

# Pairs of documents that teach the lexicon: a short document alone says little about two languages.
_LEXICON_DOCUMENTS = 200
# Documents that are sent to a process at once, with the lexicon.
_BATCH_SIZE = 16


@dataclass
class CorpusTally:
    """Counts of all items and pairs. `used` items have pairs; `off_subject` pairs were not examined further."""

    items: int = 0
    used: int = 0
    off_subject: int = 0
    statuses: Counter[PairStatus] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        return self.statuses.total()


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
    same items give the same bytes, whatever the `workers` are. `advance` gets the number of items that are done. Raises
    AmtsError, of which StorageError if the disk refuses."""
    tally = CorpusTally()
    with storage_errors(folder), workers as workforce:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".new-") as temporary:
            staged = Path(temporary)
            documents = islice((item for item in items() if isinstance(item, DocumentPair)), _LEXICON_DOCUMENTS)
            counts = stream(workforce, partial(count_item, work=work), documents)
            lexicon = learn_lexicon(evidence for evidence in counts if evidence is not None)
            work = replace(work, lexicon=lexicon)
            pairs = Deduplication(staged / "deduplication")
            _extract(items, work, workforce, staged, pairs, tally, advance)
            with (staged / "units").open("wb") as units:
                units.writelines(written_units(_kept_units(staged, pairs, tally), form, work.level, work.direction))
            pairs.close()
            for part, suffix in (("units", form.value), ("pairs", "pairs.jsonl"), ("documents", "documents.jsonl")):
                (staged / part).replace(folder / f"{name}.{suffix}")
    return tally


def _extract(
    items: Items,
    work: Work,
    workers: Workers,
    staged: Path,
    pairs: Deduplication,
    tally: CorpusTally,
    advance: Callable[[int], None],
) -> None:
    """Writes every pair to the spool with its own status; pairs without a fault are added to the deduplication."""
    number = 0
    with (staged / "spool").open("wb") as spool, (staged / "documents").open("wb") as documents:
        for extracted in stream(workers, partial(extract_items, work=work), batches(items(), _BATCH_SIZE)):
            for item in extracted:
                for pair, status in item.pairs:
                    if status is PairStatus.KEPT:
                        pairs.add(number, pair.unit.source, pair.unit.target)
                    spool.write(pair_line(pair, status, path=item.path, source_path=item.source_path))
                    number += 1
                document = {
                    "source_path": item.source_path,
                    "path": item.path,
                    "pairs": len(item.pairs),
                    "off_subject": item.off_subject,
                    "problem": item.problem or None,
                }
                documents.write(json_bytes(document))
                tally.items += 1
                tally.used += bool(item.pairs)
                tally.off_subject += item.off_subject
            advance(tally.items)


def _kept_units(staged: Path, pairs: Deduplication, tally: CorpusTally) -> Iterator[TranslationUnit]:
    """Writes the spooled pairs with their final status, and gives the kept pairs as units."""
    with (staged / "spool").open("rb") as spool, (staged / "pairs").open("wb") as lines:
        for number, line in enumerate(map(json.loads, spool)):
            status = PairStatus(line["fate"])
            if status is PairStatus.KEPT:
                status = pairs.status(number, line["source"], line["target"])
            tally.statuses[status] += 1
            lines.write(json_bytes({**line, "fate": status.value}))
            if status is PairStatus.KEPT:
                yield TranslationUnit(line["source"], line["target"], line["path"])
