"""`amts align`: which sentences of a document translate which, without git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from bot.alignment import align
from bot.alignment.paragraphs import paragraph_beads
from bot.app.cli.files import check_outputs, read_document, write_files
from bot.app.cli.output import Output, json_bytes
from bot.app.project import known_language
from bot.documents import parse
from bot.memory.formats import to_csv, to_tmx
from bot.model import Bead, Document, TranslationUnit
from bot.report.machine import bead_records
from bot.report.markdown import counted


class Level(StrEnum):
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Format(StrEnum):
    JSONL = "jsonl"
    TMX = "tmx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Options:
    language: str
    source_language: str
    level: Level
    format: Format


def run(source: Path, target: Path, options: Options, output: Path | None, out: Output) -> None:
    """Writes the links to `output` or standard output."""
    languages = known_language(options.source_language), known_language(options.language)
    check_outputs(output)
    left, right = parse(read_document(source), languages[0]), parse(read_document(target), languages[1])
    beads = align(left, right, languages)
    if options.level is Level.PARAGRAPH:
        beads = paragraph_beads(left, right, beads)
    records = bead_records(left, right, beads)
    units = list(_units(left, right, beads, (str(target), languages[1].joiner)))
    data = _formatted(records, units, options)
    if output is not None:
        write_files({output: data})
        written = len(records) if options.format is Format.JSONL else len(units)
        out.data({"output": str(output), "links": written})
        out.say(f"{output}: {counted(written, 'link')}")
    elif out.as_json:
        out.data(records)
    else:
        out.result(data)


def _formatted(records: Iterable[object], units: Iterable[TranslationUnit], options: Options) -> bytes:
    codes = options.source_language, options.language
    match options.format:
        case Format.JSONL:
            return b"".join(map(json_bytes, records))
        case Format.CSV:
            return to_csv(units, *codes).encode("utf-8")
        case Format.TMX:
            segments = "paragraph" if options.level is Level.PARAGRAPH else "sentence"
            return to_tmx(units, *codes, version=version("amts"), segments=segments).encode("utf-8")


def _units(source: Document, target: Document, beads: Iterable[Bead], at: tuple[str, str]) -> Iterator[TranslationUnit]:
    """The pairs of texts; what has no translation is no pair. `at` holds the path of the translation, and what stands
    between two of its sentences."""
    path, joiner = at
    for bead in beads:
        if bead.source and bead.target and source.segments[bead.source[0]].is_prose:
            words = " ".join(source.segments[i].text for i in bead.source)
            translation = joiner.join(target.segments[i].text for i in bead.target)
            yield TranslationUnit(words, translation, path, score=bead.score)
