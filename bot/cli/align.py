"""`amts align`: which sentences of a document translate which, without git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bot.alignment import align
from bot.alignment.beads import paragraph_beads
from bot.book.embeddings import load_encoder
from bot.book.files import check_outputs, json_bytes, read_document, write_files
from bot.book.languages import known_language
from bot.cli.explaining import show_links
from bot.cli.options import AlignFormat
from bot.cli.output import Output
from bot.documents import parse
from bot.memory.formats import to_csv, to_tmx
from bot.model import Bead, Direction, Document, TranslationUnit
from bot.parallel_data.options import Level
from bot.report.explanation import explain, summarize
from bot.report.explanation_page import explanation_page
from bot.report.json_results import bead_records
from bot.report.markdown import counted

Documents = tuple[Document, Document]


@dataclass(frozen=True, slots=True)
class Options:
    language: str
    source_language: str
    level: Level
    format: AlignFormat
    embeddings: Path | None = None


def run(source: Path, target: Path, options: Options, output: Path | None, out: Output) -> None:
    """Writes the links to `output` or standard output."""
    direction = Direction(known_language(options.source_language), known_language(options.language))
    check_outputs(output)
    left, right = parse(read_document(source), direction.source), parse(read_document(target), direction.target)
    beads = _align((left, right), direction, options)
    if out.as_json and output is None:
        out.data(bead_records(left, right, _at_level((left, right), beads, options)))
        return
    data, written = formatted((left, right), beads, direction, str(target), options)
    if output is None:
        out.result(data)
        return
    write_files({output: data})
    out.data({"output": str(output), "links": written})
    out.say(f"{output}: {counted(written, 'link')}")


def explain_links(source: Path, target: Path, options: Options, page: Path | None, out: Output) -> None:
    """Shows the links side by side: on the terminal, or on a web page written to `page`."""
    direction = Direction(known_language(options.source_language), known_language(options.language))
    check_outputs(page)
    documents = parse(read_document(source), direction.source), parse(read_document(target), direction.target)
    beads = _at_level(documents, _align(documents, direction, options), options)
    rows, names = explain(*documents, beads), (str(source), str(target))
    if page is None:
        show_links(rows, names, out.out)
        return
    write_files({page: explanation_page(rows, names, direction).encode("utf-8")})
    out.data({"page": str(page), "links": len(rows)})
    out.say(f"{page}: {summarize(rows)}")


def formatted(
    documents: Documents, beads: Sequence[Bead], direction: Direction, path: str, options: Options
) -> tuple[bytes, int]:
    """The links in the format that was asked for, and how many they are. `path` is that of the translation."""
    beads = _at_level(documents, beads, options)
    if options.format is AlignFormat.JSONL:
        records = bead_records(*documents, beads)
        return b"".join(map(json_bytes, records)), len(records)
    units = list(_units(*documents, beads, (path, direction.target.joiner)))
    codes = options.source_language, options.language
    if options.format is AlignFormat.CSV:
        return to_csv(units, *codes).encode("utf-8"), len(units)
    segments = "paragraph" if options.level is Level.PARAGRAPH else "sentence"
    return to_tmx(units, *codes, version=version("amts"), segments=segments).encode("utf-8"), len(units)


def _align(documents: Documents, direction: Direction, options: Options) -> Sequence[Bead]:
    encoder = load_encoder(options.embeddings) if options.embeddings else None
    return align(*documents, direction, encoder=encoder)


def _at_level(documents: Documents, beads: Sequence[Bead], options: Options) -> Sequence[Bead]:
    return paragraph_beads(*documents, beads) if options.level is Level.PARAGRAPH else beads


def _units(source: Document, target: Document, beads: Iterable[Bead], at: tuple[str, str]) -> Iterator[TranslationUnit]:
    """The pairs of texts; what has no translation is no pair. `at` holds the path of the translation, and what stands
    between two of its sentences."""
    path, joiner = at
    for bead in beads:
        if bead.source and bead.target and source.segments[bead.source[0]].is_prose:
            words = " ".join(source.segments[i].text for i in bead.source)
            translation = joiner.join(target.segments[i].text for i in bead.target)
            yield TranslationUnit(words, translation, path, score=bead.score)
