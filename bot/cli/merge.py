"""`amts merge`: one document in three versions, without git."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.book.files import check_outputs, json_bytes, read_document, write_files
from bot.cli.options import LanguageCode, OutputFile, SourceCode, given
from bot.cli.output import Output, make_document_output, number
from bot.model import Action, Direction, Merge, Versions
from bot.report.files import ACTIONS
from bot.report.json_results import merge_report
from bot.report.markdown import counted, plain
from bot.report.word_changes import word_diff


@given(make_document_output)
def command(
    out: Output,
    base: Annotated[Path, typer.Option(help="The English that the translation was made from.")],
    source: Annotated[Path, typer.Option(help="The English of today.")],
    target: Annotated[Path, typer.Option(help="The translation.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    engine: Annotated[
        Literal["copy", "memory"],
        typer.Option(help="For new sentences: copy the English, or look them up in the translation."),
    ] = "memory",
    output: OutputFile = None,
    report: Annotated[Path | None, typer.Option(help="Write all edits to this file as JSON.")] = None,
) -> None:
    from bot.book.package_data import known_language
    from bot.engines import EngineOptions, create_engine
    from bot.pipeline import merge_document

    direction = Direction(known_language(source_language), known_language(language))
    machine = create_engine(engine, EngineOptions(read_text=str))
    check_outputs(output, report)
    texts = Versions(read_document(base), read_document(source), read_document(target))
    result = merge_document(texts, direction, machine, str(target))
    text, data = result.text.encode("utf-8"), merge_report(result)
    files = {report: json_bytes(data, indent=1)} if report is not None else {}
    write_files(files | ({output: text} if output is not None else {}))
    if out.as_json:
        out.data(data if output is not None else {**data, "text": result.text})
    elif output is None:
        out.result(text)
    else:
        _show(output, result, out)


def _show(output: Path, result: Merge, out: Output) -> None:
    rows = [
        [action.value, number(result.sentences[action.value]), number(result.counts[action.value])]
        for action in ACTIONS
        if result.counts[action.value]
    ]
    out.table(["", "sentences", "all units"], rows)
    for revision in result.revisions:
        if not revision.is_sure:
            task = "revise" if revision.action is Action.STALE else "check"
            change = plain(word_diff(revision.base, revision.source))
            out.say(f"{output}:{result.line_at(revision.after[0])}: to {task}: {change}")
    for left in sorted((*result.left, *result.beside), key=lambda left: left.after):
        out.say(f"{output}:{result.line_at(left.after[0])}: left for a person: {left.reason}")
    out.say(f"{output}: written and verified, {counted(len(result.edits), 'edit')}")
