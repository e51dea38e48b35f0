"""`amts corpus build`: general parallel data from documents, web pages and memories other than the book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.files import check_folder, json_bytes, write_files
from bot.cli.options import Jobs, LanguageCode, MinScore, OutputFolder, PairFormat, PairLevel, SourceCode, given
from bot.cli.output import Output, make_output, number
from bot.errors import UsageError, install_hint
from bot.model import Direction
from bot.parallel_data.options import MIN_SCORE, Format, Level
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.parallel_data.corpus.inputs import Item

command = typer.Typer()


@command.command("build")
@given(make_output)
def build_command(
    out: Output,
    language: LanguageCode,
    source_language: SourceCode = "en",
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", help="A file of lines: document, tab, its translation (repeatable)."),
    ] = None,
    folders: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Two folders: documents, and translations with the same names.")
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
    level: PairLevel = Level.SENTENCE,
    output_format: PairFormat = Format.CSV,
    output: OutputFolder = Path("corpus"),
    min_score: MinScore = MIN_SCORE,
    jobs: Jobs = None,
    scheduler: Annotated[
        str, typer.Option(help="Work on the Dask cluster with this scheduler, such as tcp://host:8786.")
    ] = "",
) -> None:
    """Write the pairs of documents that translate each other, and the origin of each pair."""
    from bot.book.package_data import known_language
    from bot.book.workers import processors
    from bot.memory.filters import Rules
    from bot.memory.language_detection import detector_version
    from bot.memory.pairs import PairStatus
    from bot.parallel_data.corpus.build import build_corpus
    from bot.parallel_data.corpus.extraction import Subject, Work
    from bot.parallel_data.corpus.inputs import listed_pairs, matching_pairs, memory_pieces
    from bot.parallel_data.corpus.workers import cluster, processes

    direction = Direction(known_language(source_language), known_language(language))
    rules = Rules(min_score, direction.target.length_ratio, held_out=0, refuse_signs=output_format is not Format.TMX)
    subject = Subject(tuple(keywords or ()), by_sentence)
    detector = detector_version()
    work = Work(direction, level, rules, subject, bool(detector), folder=Path.cwd())
    if scheduler and jobs:
        raise UsageError("--jobs are processes of this machine; a Dask cluster has as many as were started")
    workers = cluster(scheduler) if scheduler else processes(jobs or processors())
    if not (lists or folders or memories):
        raise UsageError("name pairs of documents with --list or --folders, or memories with --memory")
    check_folder(output)
    name = direction.target.code

    def items() -> Iterator[Item]:
        for file in lists or ():
            yield from listed_pairs(file)
        if folders:
            yield from matching_pairs(*folders)
        for file in memories or ():
            yield from memory_pieces(file)

    with out.progress() as advance:
        tally = build_corpus(
            items,
            work,
            output,
            name,
            output_format,
            workers,
            lambda done: advance("reading documents", done, done),
        )
    report = {
        "languages": [side.code for side in direction],
        "level": level.value,
        "min_score": min_score,
        "keywords": list(subject.keywords),
        "language_detector": detector or None,
        "documents": tally.items,
        "documents_with_pairs": tally.used,
        "off_subject": tally.off_subject,
        "pairs": tally.pairs,
        "fates": {status.value: tally.statuses[status] for status in PairStatus},
    }
    write_files({output / f"{name}.report.json": json_bytes(report, indent=1)})
    out.data({"output": str(output), **report})
    rows = [[status.value, number(tally.statuses[status])] for status in PairStatus if tally.statuses[status]]
    if rows:
        out.table(["pairs", name], rows, ["all", f"{tally.pairs:,}"])
    if tally.off_subject:
        out.say(f"{counted(tally.off_subject, 'pair')} without a keyword")
    without = tally.items - tally.used
    reasons = f"; {without:,} gave no pair, {name}.documents.jsonl says why" if without else ""
    out.say(f"{counted(tally.items, 'document')} read{reasons}")
    if not detector:
        out.say(f"pairs in a wrong language were not looked for; to have that done: {install_hint('parallel-data')}")
    out.say(f"{output}: written")
