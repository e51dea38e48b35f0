"""`amts align --pairs`: many documents at once, with a lexicon that all of them teach."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.alignment import Counts, Features, Lexicon, align, count_pair, learn_lexicon, read_features
from bot.book.embeddings import load_encoder
from bot.book.files import check_outputs, read_document, write_files
from bot.book.languages import known_language
from bot.book.workers import Runner
from bot.cli.align import Options, formatted
from bot.cli.output import Output
from bot.documents import parse
from bot.errors import AmtsError, InputError, UsageError
from bot.model import Direction, Document
from bot.report.markdown import counted

_COLUMNS = 3

Documents = tuple[Document, Document]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the list: what to align, where to write the links, and where the line stands."""

    source: Path
    target: Path
    output: Path
    place: str


def run(listing: Path, options: Options, jobs: int | None, out: Output) -> None:
    """Aligns every pair of the list and writes all results, or none."""
    pairs = _read_pairs(listing)
    direction = Direction(known_language(options.source_language), known_language(options.language))
    with _without_collector(), out.progress() as advance:
        done = _align_all(pairs, direction, options, Runner(jobs, advance))
    write_files({pair.output: data for pair, (data, _) in zip(pairs, done, strict=True)})
    links = sum(count for _, count in done)
    out.data({"pairs": len(pairs), "links": links})
    out.say(f"{counted(len(pairs), 'pair')} of documents: {counted(links, 'link')}")


def _align_all(
    pairs: Sequence[Pair], direction: Direction, options: Options, runner: Runner
) -> list[tuple[bytes, int]]:
    """The links of each pair as bytes, and how many they are. No document outlives this."""
    read = _all(runner.map("reading", _read, [(pair, direction) for pair in pairs]))
    lexicon = learn_lexicon(counts for _, _, counts in read)
    work = [(pair, *known, direction) for pair, (*known, _) in zip(pairs, read, strict=True)]
    return _all(runner.map("aligning", _align, work, lexicon, options))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Parsed documents are many small objects without cycles: looking for those would take a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_pairs(listing: Path) -> list[Pair]:
    """The lines of the list, blank ones left out. Raises InputError and UsageError with the number of the line."""
    pairs: list[Pair] = []
    for number, line in enumerate(read_document(listing).splitlines(), 1):
        if not line.strip():
            continue
        place = f"{listing}, line {number}"
        fields = line.split("\t")
        if len(fields) != _COLUMNS or not all(field.strip() for field in fields):
            raise InputError(f"{place}: must hold a source file, a target file and an output file, with tabs between")
        pairs.append(Pair(Path(fields[0]), Path(fields[1]), Path(fields[2]), place))
        try:
            check_outputs(pairs[-1].output)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
    if not pairs:
        raise InputError(f"{listing}: names no documents; a line is a source file, a target file and an output file")
    outputs = Counter(pair.output.resolve() for pair in pairs)
    for pair in reversed(pairs):
        if outputs[pair.output.resolve()] > 1:
            raise UsageError(f"{pair.place}: {pair.output} is the output of another line too; name one file a line")
    return pairs


def _read(pair: Pair, direction: Direction) -> tuple[Documents, Features, Counts]:
    try:
        documents = (
            parse(read_document(pair.source), direction.source),
            parse(read_document(pair.target), direction.target),
        )
    except InputError as error:
        raise InputError(f"{pair.place}: {error}") from None
    features = read_features(*documents, direction)
    return documents, features, count_pair(features)


def _align(
    pair: Pair, documents: Documents, features: Features, direction: Direction, lexicon: Lexicon, options: Options
) -> tuple[bytes, int]:
    if options.embeddings:
        features = read_features(*documents, direction, load_encoder(options.embeddings))
    beads = align(*documents, direction, lexicon=lexicon, features=features)
    return formatted(documents, beads, direction, str(pair.target), options)


def _all(results: list[Result | AmtsError]) -> list[Result]:
    """The results of a stage. Raises the first error, if there is one."""
    found: list[Result] = []
    for result in results:
        if isinstance(result, AmtsError):
            raise result
        found.append(result)
    return found
