"""`amts corpus build`: general parallel data from documents, pages and memories that are not the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.book.files import json_bytes, write_files
from bot.book.languages import known_language
from bot.book.workers import processors
from bot.cli.options import Jobs, Json, Quiet
from bot.cli.output import Output, number
from bot.errors import UsageError, install_hint
from bot.memory.filters import Rules
from bot.memory.pairs import PairStatus
from bot.model import Direction
from bot.parallel_data.corpus.build import CorpusTally, build_corpus
from bot.parallel_data.corpus.extraction import Subject, Work
from bot.parallel_data.corpus.inputs import Item, listed_pairs, matching_pairs, memory_pieces
from bot.parallel_data.corpus.workers import Workers, cluster, processes
from bot.parallel_data.language_detection import detector_version
from bot.parallel_data.options import MIN_SCORE, Format, Level
from bot.report.markdown import counted

app = typer.Typer(help="General parallel data: pairs from documents, web pages and memories that are not the book.")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the pairs come from; each is read in the order of the command line."""

    lists: Sequence[Path]
    folders: tuple[Path, Path] | None
    memories: Sequence[Path]

    def items(self) -> Iterator[Item]:
        for file in self.lists:
            yield from listed_pairs(file)
        if self.folders:
            yield from matching_pairs(*self.folders)
        for file in self.memories:
            yield from memory_pieces(file)


@app.callback()
def root() -> None:
    """A command of its own for each thing to do with a corpus."""


@app.command("build")
def build_command(
    language: Annotated[str, typer.Option("--language", "-l", help="Language of the translations, such as es.")],
    source_language: Annotated[str, typer.Option("--source-language", help="Language of the source.")] = "en",
    lists: Annotated[
        list[Path] | None, typer.Option("--list", help="A file of path, tab, path of its translation (repeatable).")
    ] = None,
    folders: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Two folders: documents, and translations of the same names.")
    ] = None,
    memories: Annotated[
        list[Path] | None, typer.Option("--memory", help="A TMX, CSV, TSV or XLIFF file (repeatable).")
    ] = None,
    keywords: Annotated[
        list[str] | None, typer.Option("--keyword", help="Only texts with one of these words (repeatable).")
    ] = None,
    by_sentence: Annotated[
        bool, typer.Option("--keyword-in-pair", help="Each pair must hold a keyword, not only its document.")
    ] = False,
    level: Annotated[Level, typer.Option(help="What a pair is.")] = Level.SENTENCE,
    output_format: Annotated[Format, typer.Option("--format", help="The format of the pairs.")] = Format.CSV,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path("corpus"),
    min_score: Annotated[float, typer.Option(min=0, max=1, help="The least alignment score of a pair.")] = MIN_SCORE,
    jobs: Jobs = None,
    scheduler: Annotated[
        str, typer.Option(help="Work on the Dask cluster whose scheduler is at this address, as tcp://host:8786.")
    ] = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the pairs of documents that translate each other, and where each pair comes from."""
    inputs = Inputs(lists or [], folders, memories or [])
    direction = Direction(known_language(source_language), known_language(language))
    rules = Rules(min_score, direction.target.length_ratio, held_out=0, refuse_signs=output_format is not Format.TMX)
    subject = Subject(tuple(keywords or ()), by_sentence)
    work = Work(direction, level, rules, subject, bool(detector_version()), folder=Path.cwd())
    if scheduler and jobs:
        raise UsageError("--jobs are processes of this machine; a Dask cluster has as many as were started")
    workers = cluster(scheduler) if scheduler else processes(jobs or processors())
    run(inputs, work, output, output_format, workers, Output(quiet, as_json))


def run(
    inputs: Inputs, work: Work, folder: Path, form: Format, workers: AbstractContextManager[Workers], out: Output
) -> None:
    if not (inputs.lists or inputs.folders or inputs.memories):
        raise UsageError("name pairs of documents with --list or --folders, or memories with --memory")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with --output")
    name = work.direction.target.code
    with out.progress() as advance:
        tally = build_corpus(
            inputs.items, work, folder, name, form, workers, lambda done: advance("reading documents", done, done)
        )
    report = _report(tally, work)
    write_files({folder / f"{name}.report.json": json_bytes(report, indent=1)})
    out.data({"output": str(folder), **report})
    rows = [[fate.value, number(tally.fates[fate])] for fate in PairStatus if tally.fates[fate]]
    if rows:
        out.table(["pairs", name], rows, ["all", f"{tally.pairs:,}"])
    if tally.off_subject:
        out.say(f"{counted(tally.off_subject, 'pair')} without a keyword")
    without = tally.items - tally.used
    reasons = f"; {without:,} gave no pair, {name}.documents.jsonl says why" if without else ""
    out.say(f"{counted(tally.items, 'document')} read{reasons}")
    if not work.detects:
        hint = install_hint("parallel-data")
        out.say(f"pairs in a wrong language were not looked for; to have that done: {hint}")
    out.say(f"{folder}: written")


def _report(tally: CorpusTally, work: Work) -> dict[str, object]:
    return {
        "languages": [language.code for language in work.direction],
        "level": work.level.value,
        "min_score": work.rules.min_score,
        "keywords": list(work.subject.keywords),
        "language_detector": detector_version() or None,
        "documents": tally.items,
        "documents_with_pairs": tally.used,
        "off_subject": tally.off_subject,
        "pairs": tally.pairs,
        "fates": {fate.value: tally.fates[fate] for fate in PairStatus},
    }
