"""`amts term`: glossaries of translators, read, pushed to Amazon Translate, and compared with translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.book.files import check_outputs, json_bytes, read_document, write_files
from bot.cli.failures import Failures
from bot.cli.opened import OpenedProject, open_languages, open_project
from bot.cli.options import LanguageCode, OutputFile, SourceCode, given
from bot.cli.output import Output, make_output, number
from bot.cli.taught_languages import ResourceKind, add_delete, add_list, moment, state_data, teach
from bot.errors import ConfigError, InputError, UsageError
from bot.model import Direction
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.engines.teaching import ImportedTerminology, TerminologyService, TerminologyState
    from bot.glossary import Glossary
    from bot.glossary.mining import TermProposal

command = typer.Typer()
_KIND: ResourceKind[TerminologyService] = ResourceKind(
    "terminology", "there is no terminology; `amts term import` makes one", lambda engine: engine.terminology
)


@command.command("check")
@given(make_output)
def check_command(
    out: Output,
    file: Annotated[Path, typer.Argument(help="A glossary: Markdown list or table, CSV, TSV, TBX or TMX.")],
    language: LanguageCode,
    source_language: SourceCode = "en",
    source: Annotated[Path | None, typer.Option(help="A document, to check its translation --target.")] = None,
    target: Annotated[Path | None, typer.Option(help="The translation of --source: which terms does it lack?")] = None,
) -> None:
    """Read a glossary and show its terms; with two documents, show the terms that the translation does not follow."""
    from bot.book.glossaries import read_glossary_file
    from bot.book.package_data import known_language
    from bot.documents import parse
    from bot.glossary import term_doubts

    if (source is None) is not (target is None):
        raise UsageError("name a document with --source and its translation with --target, or none of them")
    direction = Direction(known_language(source_language), known_language(language))
    glossary = read_glossary_file(file, direction)
    if source is None or target is None:
        _show_glossary(file, glossary, direction, out)
        return
    english = parse(read_document(source), direction.source, str(source))
    translation = parse(read_document(target), direction.target, str(target))
    doubts = list(term_doubts(glossary.terms, (english, translation), direction))
    out.data([asdict(doubt) for doubt in doubts])
    for doubt in doubts:
        for term in doubt.terms:
            out.say(f"{target}:{doubt.line}: {term.source} is not {' or '.join(term.targets)}: {doubt.target}")
    total = sum(len(doubt.terms) for doubt in doubts)
    out.say(f"{target}: {counted(total, 'term')} not followed, in {counted(len(doubts), 'sentence')}")


@command.command("import")
@given(open_languages)
def import_command(
    opened: OpenedProject,
    force: Annotated[bool, typer.Option("--force", help="Import the terms even if they have not changed.")] = False,
) -> None:
    """Push the glossaries of the configuration to the translation service."""
    from bot.book.glossaries import load_glossary

    out, project = opened.out, opened.project
    services = _KIND.services(project, opened.asked)
    without = [name for name in services if not project.config.languages[name].glossary]
    if (opened.asked and without) or len(without) == len(services):
        raise ConfigError(f"no glossary for {', '.join(without)}; name the file under languages.{without[0]}.glossary")

    def import_terms(name: str) -> ImportedTerminology:
        glossary = load_glossary(project, name)
        assert glossary is not None
        imported = services[name].import_terms(glossary.terms, project.direction(name), force=force)
        if imported is None:
            raise InputError(f"no term of {project.config.languages[name].glossary} fits into a terminology")
        return imported

    def show(imported: Mapping[str, ImportedTerminology]) -> None:
        rows = [
            [name, number(result.state.terms), number(result.state.skipped), number(len(result.dropped))]
            for name, result in imported.items()
        ]
        out.table(["", "terms", "skipped", "left out"], rows)
        for name, result in imported.items():
            outcome = f"imported into {result.state.name}" if result.changed else "there already, nothing imported"
            out.say(f"{name}: {outcome}{f'; {result.state.message}' if result.state.message else ''}")
            for term, reason in result.dropped:
                out.say(f"{name}: {term.source} was left out: {reason}")

    names = [name for name in services if name not in without]
    teach(names, import_terms, _import_data, show, out, done="imported")


add_list(
    command,
    _KIND,
    ["terms", "skipped", "updated"],
    lambda state: [number(state.terms), number(state.skipped), moment(state.updated)],
)


@command.command("show")
@given(open_languages)
def show_command(opened: OpenedProject) -> None:
    """Show the terminology of each language, and whether it is the current glossary."""
    from bot.book.glossaries import load_glossary

    out, project = opened.out, opened.project
    services = _KIND.services(project, opened.asked)
    states: dict[str, TerminologyState] = {}
    current: dict[str, bool] = {}
    failures = Failures()
    for name, service in services.items():
        with failures.of(name):
            if state := service.find():
                glossary, direction = load_glossary(project, name), project.direction(name)
                current[name] = glossary is not None and service.is_current(state, glossary.terms, direction)
                states[name] = state
    if not states and not failures.errors:
        raise InputError(_KIND.missing)
    out.data({name: {**state_data(state), "current": current[name]} for name, state in states.items()})
    for name, state in states.items():
        today = "the glossary of today" if current[name] else "not the glossary of today; `amts term import` pushes it"
        out.say(f"{name}: {state.name}: {counted(state.terms, 'term')}, updated {moment(state.updated)}; {today}")
        if state.message:
            out.say(f"{name}: {state.message}")
    failures.raise_all("asked for")


add_delete(command, _KIND, "Delete the terminology of the named languages from the translation service.")


@command.command("mine")
@given(open_project)
def mine_command(
    opened: OpenedProject,
    drafts: Annotated[
        list[Path] | None,
        typer.Option(help="Machine drafts: a memory, or a JSON list of path and commit (repeatable)."),
    ] = None,
    least: Annotated[int, typer.Option("--min-count", min=2, help="The least number of sentences with the term.")] = 5,
    consistency: Annotated[
        float, typer.Option("--min-consistency", min=0, max=1, help="The least share that is translated the same way.")
    ] = 0.6,
    limit: Annotated[int, typer.Option(min=0, help="How many terms to propose per language (0: all).")] = 100,
    output_format: Annotated[
        Literal["md", "csv", "json"], typer.Option("--format", help="The format of the list.")
    ] = "md",
    output: OutputFile = None,
) -> None:
    """Propose terms that people translate consistently; with --drafts, terms that the machine translates otherwise."""
    from bot.book.glossaries import load_glossary
    from bot.glossary.mining import Thresholds, mine
    from bot.parallel_data.term_sentences import mining_sentences
    from bot.report.terms import proposals_csv, proposals_markdown

    check_outputs(output)
    out, project, names = opened.out, opened.project, opened.names
    if len(names) > 1 and (drafts or output_format == "csv"):
        raise UsageError("drafts and a CSV are of one language; name it with --language")
    mined: dict[str, Sequence[TermProposal]] = {}
    failures = Failures()
    for name in names:
        with failures.of(name):
            glossary = load_glossary(project, name)
            with opened.edition(name) as edition:
                sentences = mining_sentences(edition, drafts or [])
            known = glossary.terms if glossary else ()
            thresholds = Thresholds(least=least, consistency=consistency)
            mined[name] = mine(sentences, edition.direction, known, thresholds)[: limit or None]
    if not mined:
        failures.raise_all("read")
    data = {
        name: [{**asdict(term), "consistency": term.consistency} for term in proposals]
        for name, proposals in mined.items()
    }
    match output_format:
        case "json":
            listed = json_bytes(data, indent=2)
        case "csv":
            # The file has one language: it is a glossary once unwanted lines are deleted.
            listed = proposals_csv(mined[names[0]], project.direction(names[0])).encode("utf-8")
        case "md":
            lists = [proposals_markdown(proposals, project.direction(name)) for name, proposals in mined.items()]
            listed = "\n".join(lists).encode("utf-8")
    if output:
        write_files({output: listed})
        for name, proposals in mined.items():
            out.say(f"{name}: {counted(len(proposals), 'term')} proposed; {output}: written")
        out.data(data)
    elif out.as_json:
        out.data(data)
    elif not out.quiet:
        out.result(listed)
    failures.raise_all("read")


def _import_data(imported: ImportedTerminology) -> dict[str, object]:
    return {
        "changed": imported.changed,
        **state_data(imported.state),
        "left_out": [{"source": term.source, "reason": reason} for term, reason in imported.dropped],
    }


def _show_glossary(file: Path, glossary: Glossary, direction: Direction, out: Output) -> None:
    from bot.glossary import terminology_csv

    source, target = (language.engine_codes.get("amazon") for language in direction)
    dropped = terminology_csv(glossary.terms, source, target).dropped if source and target else ()
    out.data(
        {
            "format": glossary.form,
            "sides": glossary.sides,
            "terms": [asdict(term) for term in glossary.terms],
            "unread": [asdict(part) for part in glossary.unread],
            "not_importable": [{"source": term.source, "reason": reason} for term, reason in dropped],
        }
    )
    for term in glossary.terms:
        out.say(f"{term.source}: {' | '.join(term.targets)}")
    for part in glossary.unread:
        out.say(f"{file}: {part.place}: no term, {part.reason}{f': {part.text}' if part.text else ''}")
    for term, reason in dropped:
        out.say(f"{term.source}: can't be imported into Amazon Translate: {reason}")
    several = sum(len(term.targets) > 1 for term in glossary.terms)
    choice = f", {several:,} with several translations" if several else ""
    out.say(f"{file}: {counted(len(glossary.terms), 'term')}{choice} ({glossary.form}; {glossary.sides})")
