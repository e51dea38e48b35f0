"""What `amts term mine` does: terms that people translate consistently, proposed for the glossary with evidence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.book.files import check_outputs, json_bytes, write_files
from bot.book.glossaries import load_glossary
from bot.book.opening import open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.cli.options import ListFormat
from bot.cli.output import Output
from bot.errors import UsageError
from bot.glossary.mining import TermProposal, Thresholds, mine
from bot.model import Direction
from bot.parallel_data.term_sentences import mining_sentences
from bot.report.markdown import code_span, counted, escaped, table


@dataclass(frozen=True, slots=True)
class Options:
    """At most `limit` terms a language are proposed, all for 0."""

    languages: Sequence[str]
    drafts: Sequence[Path]
    thresholds: Thresholds
    limit: int
    format: ListFormat
    output: Path | None
    jobs: int | None


def run(config: Path, options: Options, out: Output) -> None:
    """Terms that the configured glossary has already are left out. A CSV is of one language, so that it can be named
    as a glossary once the lines that nobody wants are gone."""
    check_outputs(options.output)
    project = load_project(config)
    names = project.select(options.languages)
    if len(names) > 1 and (options.drafts or options.format is ListFormat.CSV):
        raise UsageError("drafts and a CSV are of one language; name it with --language")
    source = open_source(project)
    found: dict[str, Sequence[TermProposal]] = {}
    for name in names:
        glossary = load_glossary(project, name)
        with out.progress() as advance:
            edition = open_edition(project, source, name, Runner(options.jobs, advance))
            sentences = mining_sentences(edition, options.drafts)
        known = glossary.terms if glossary else ()
        proposals = mine(sentences, edition.direction, known, options.thresholds)
        found[name] = proposals[: options.limit or None]
    listed = _listed(found, project, options.format)
    if options.output:
        write_files({options.output: listed})
        for name, some in found.items():
            out.say(f"{name}: {counted(len(some), 'term')} proposed; {options.output}: written")
        out.data(_data(found))
    elif out.as_json:
        out.data(_data(found))
    elif not out.quiet:
        out.result(listed)


def _listed(found: Mapping[str, Sequence[TermProposal]], project: Project, form: ListFormat) -> bytes:
    match form:
        case ListFormat.JSON:
            return json_bytes(_data(found), indent=2)
        case ListFormat.CSV:
            ((name, proposals),) = found.items()
            return to_csv(proposals, project.direction(name)).encode("utf-8")
        case ListFormat.MARKDOWN:
            return "\n".join(to_markdown(some, project.direction(name)) for name, some in found.items()).encode("utf-8")


def _data(found: Mapping[str, Sequence[TermProposal]]) -> dict[str, object]:
    return {name: [{**asdict(one), "consistency": one.consistency} for one in some] for name, some in found.items()}


def to_csv(proposals: Sequence[TermProposal], direction: Direction) -> str:
    """A glossary of the proposals below the codes of the two languages, with the evidence in further columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    counts = ["sentences", "so translated", "files", "drafts", "missed by the machine", "machine", "otherwise"]
    writer.writerow([language.code for language in direction] + counts + ["example", "its translation", "its draft"])
    for one in proposals:
        numbers = [one.sentences, one.followed, one.files, one.drafted, one.missed]
        others = "; ".join(f"{other} ({n})" for other, n in one.others)
        example = one.examples[0]
        writer.writerow(
            [
                one.source,
                one.target,
                *numbers,
                one.machine or "",
                others,
                example.source,
                example.target,
                example.draft or "",
            ]
        )
    return text.getvalue()


def to_markdown(proposals: Sequence[TermProposal], direction: Direction) -> str:
    """A table of the proposals, and examples below it."""
    title = f"## {direction.source.name} to {direction.target.name}: {counted(len(proposals), 'term')} proposed\n"
    if not proposals:
        return title
    drafted = any(one.drafted for one in proposals)
    header = [direction.source.name, direction.target.name, "otherwise", *(["machine"] if drafted else [])]
    numbers = ["so translated", "files", *(["missed by the machine"] if drafted else [])]
    rows: list[list[str]] = []
    for one in proposals:
        others = ", ".join(f"{escaped(other)} ({n})" for other, n in one.others)
        counts = [f"{one.followed} of {one.sentences}", str(one.files)]
        machine = [escaped(one.machine or "")] if drafted else []
        missed = [f"{one.missed} of {one.drafted}"] if drafted else []
        rows.append([escaped(one.source), escaped(one.target), others, *machine, *counts, *missed])
    lines = [title, table([*header, *numbers], rows, len(header)), ""]
    for one in proposals:
        lines += [f"**{escaped(one.source)}**, **{escaped(one.target)}**", ""]
        for example in one.examples:
            lines += [f"- {code_span(example.path)}", f"  - {code_span(example.source)}"]
            lines.append(f"  - {code_span(example.target)}")
            if example.draft is not None:
                lines.append(f"  - machine: {code_span(example.draft)}")
        lines.append("")
    return "\n".join(lines)
