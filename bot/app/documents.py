"""`amts merge` and `amts align`: single documents, without git."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from bot.alignment import align
from bot.alignment.paragraphs import paragraph_beads
from bot.app.files import read_document, write_file
from bot.app.output import Output
from bot.app.project import known_language
from bot.documents import parse
from bot.engines import EngineOptions, create_engine
from bot.errors import UsageError
from bot.memory.formats import to_csv, to_tmx
from bot.model import Bead, Document, TranslationUnit
from bot.pipeline import merge_document
from bot.report.machine import bead_records, merge_report

_ENGINES = ("copy", "memory")


class Level(StrEnum):
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Format(StrEnum):
    JSONL = "jsonl"
    TMX = "tmx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class MergeInputs:
    base: Path
    source: Path
    target: Path
    language: str
    source_language: str
    engine: str


@dataclass(frozen=True, slots=True)
class AlignOptions:
    language: str
    source_language: str
    level: Level
    format: Format


def merge(inputs: MergeInputs, output: Path | None, report: Path | None, out: Output) -> None:
    languages = known_language(inputs.source_language), known_language(inputs.language)
    if inputs.engine not in _ENGINES:
        raise UsageError(
            f'there is no engine "{inputs.engine}" for a single document; use one of {", ".join(_ENGINES)}'
        )
    engine = create_engine(inputs.engine, EngineOptions(read_text=str))
    texts = read_document(inputs.base), read_document(inputs.source), read_document(inputs.target)
    result = merge_document(*texts, languages, engine)
    data = merge_report(result)
    if output is not None:
        write_file(output, result.text.encode("utf-8"))
    elif not out.as_json:
        sys.stdout.buffer.write(result.text.encode("utf-8"))
        sys.stdout.flush()
    if report is not None:
        write_file(report, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    out.data(data if output else {**data, "text": result.text})
    if output is not None:
        rows = [(action, str(number)) for action, number in result.counts.items()]
        out.table(f"{output}: {len(result.edits)} edits, verified", ["action", "pieces"], rows)
        for left in result.left:
            line = result.text.count("\n", 0, left.after[0]) + 1
            out.say(f"{output}:{line}: left for a person: {left.reason}")


def align_files(source: Path, target: Path, options: AlignOptions, output: Path | None, out: Output) -> None:
    languages = known_language(options.source_language), known_language(options.language)
    left, right = parse(read_document(source), languages[0]), parse(read_document(target), languages[1])
    beads = align(left, right, languages)
    if options.level is Level.PARAGRAPH:
        beads = paragraph_beads(left, right, beads)
    records = bead_records(left, right, beads)
    if options.format is Format.JSONL:
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    else:
        units = list(_units(left, right, beads, str(target)))
        codes = options.source_language, options.language
        text = to_csv(units, *codes) if options.format is Format.CSV else to_tmx(units, *codes, version("amts"))
    if output is not None:
        write_file(output, text.encode("utf-8"))
        out.data({"output": str(output), "links": len(records)})
        out.say(f"{output}: {len(records)} links")
    elif out.as_json:
        out.data(records)
    else:
        sys.stdout.write(text)


def _units(source: Document, target: Document, beads: Iterable[Bead], path: str) -> Iterable[TranslationUnit]:
    for bead in beads:
        if bead.source and bead.target and source.segments[bead.source[0]].is_prose:
            words = " ".join(source.segments[i].text for i in bead.source)
            translation = " ".join(target.segments[i].text for i in bead.target)
            yield TranslationUnit(words, translation, path, score=bead.score)
