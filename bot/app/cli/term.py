"""`amts term`: glossaries of translators, read, pushed to Amazon Translate, and compared with translations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.alignment import align
from bot.app.cli import term_mine
from bot.app.cli.amazon_languages import amazon_languages, attempt, by_region, raise_first
from bot.app.cli.files import read_document
from bot.app.cli.options import DEFAULT_CONFIG, ConfigOption, Json, Languages, NamedLanguages, Quiet
from bot.app.cli.output import Output, number
from bot.app.glossaries import load_glossary, read_glossary_file
from bot.app.languages import known_language
from bot.app.project import Project, load_project
from bot.documents import parse
from bot.engines.amazon import terminology
from bot.engines.amazon.clients import connect
from bot.engines.amazon.settings import service_code
from bot.engines.amazon.terminology import Imported, State
from bot.errors import ConfigError, EngineError, InputError, UsageError
from bot.memory.glossary import Glossary, Term, terminology_csv, unfollowed
from bot.model import Language
from bot.report.markdown import counted

app = typer.Typer(help="Terms: the translators' glossary, and whether translations follow it.")
_HEADER = ["", "terms", "skipped", "left out"]


@app.callback()
def root() -> None:
    """A command of its own for each thing to do with terms."""


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(help="A glossary: Markdown list or table, CSV, TSV, TBX or TMX.")],
    language: Annotated[str, typer.Option("--language", "-l", help="Language of the translation, such as zh.")],
    source_language: Annotated[str, typer.Option("--source-language", help="Language of the source.")] = "en",
    source: Annotated[Path | None, typer.Option(help="A document of the source…")] = None,
    target: Annotated[Path | None, typer.Option(help="…and its translation, to find terms not followed.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a glossary and say what it holds; with two documents, which of its terms the translation does not follow."""
    languages = known_language(source_language), known_language(language)
    out = Output(quiet, as_json)
    if source is not None and target is not None:
        compare(read_glossary_file(file, languages), (source, target), languages, out)
    elif source is None and target is None:
        check(read_glossary_file(file, languages), file, languages, out)
    else:
        raise UsageError("name a document with --source and its translation with --target, or none of them")


@app.command("import")
def import_command(
    config: ConfigOption = DEFAULT_CONFIG,
    language: Languages = None,
    force: Annotated[bool, typer.Option("--force", help="Import the terms even where they are there.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Push the glossaries of the configuration to Amazon Translate."""
    import_terms(load_project(config), language or [], Output(quiet, as_json), force=force)


@app.command("list")
def list_command(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> None:
    """List all terminologies of the account, in the regions of the configuration."""
    list_states(load_project(config), Output(quiet, as_json))


@app.command("show")
def show_command(
    config: ConfigOption = DEFAULT_CONFIG, language: Languages = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show the terminology of each language, and whether it is the glossary of today."""
    show(load_project(config), language or [], Output(quiet, as_json))


@app.command("delete")
def delete_command(
    language: NamedLanguages, config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Delete the terminology of the languages named from Amazon Translate."""
    delete(load_project(config), language, Output(quiet, as_json))


term_mine.register(app)


def check(glossary: Glossary, file: Path, languages: tuple[Language, Language], out: Output) -> None:
    dropped = _not_importable(glossary, languages)
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


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A pair of sentences whose translation did not follow some terms; `line` is the translation's, from 1."""

    line: int
    source: str
    target: str
    terms: tuple[Term, ...]


def compare(glossary: Glossary, paths: tuple[Path, Path], languages: tuple[Language, Language], out: Output) -> None:
    """Of all linked sentences."""
    doubts = list(_doubts(glossary.terms, (read_document(paths[0]), read_document(paths[1])), languages))
    out.data([asdict(doubt) for doubt in doubts])
    for doubt in doubts:
        for term in doubt.terms:
            out.say(f"{paths[1]}:{doubt.line}: {term.source} is not {' or '.join(term.targets)}: {doubt.target}")
    total = sum(len(doubt.terms) for doubt in doubts)
    out.say(f"{paths[1]}: {counted(total, 'term')} not followed, in {counted(len(doubts), 'sentence')}")


def _doubts(terms: Sequence[Term], texts: tuple[str, str], languages: tuple[Language, Language]) -> Iterator[_Doubt]:
    documents = parse(texts[0], languages[0]), parse(texts[1], languages[1])
    for bead in align(*documents, languages):
        source, target = (
            [document.segments[i] for i in side if document.segments[i].is_prose]
            for document, side in zip(documents, (bead.source, bead.target), strict=True)
        )
        if source and target:
            left = languages[0].joiner.join(segment.text for segment in source)
            right = languages[1].joiner.join(segment.text for segment in target)
            if found := unfollowed(terms, left, right, languages):
                yield _Doubt(texts[1].count("\n", 0, target[0].start) + 1, left, right, found)


def import_terms(project: Project, languages: Sequence[str], out: Output, *, force: bool) -> None:
    """One language that fails does not stop the others; the first failure gives the exit code."""
    settings = amazon_languages(project, languages)
    without = [name for name in settings if not project.config.languages[name].glossary]
    if (languages and without) or len(without) == len(settings):
        raise ConfigError(f"no glossary for {', '.join(without)}; name the file under languages.{without[0]}.glossary")

    def import_one(name: str) -> Imported:
        glossary = load_glossary(project, name)
        assert glossary is not None
        clients, pair = connect(settings[name]), project.languages(name)
        imported = terminology.import_terms(clients, settings[name], glossary.terms, pair, force=force)
        if imported is None:
            raise InputError(f"no term of {project.config.languages[name].glossary} fits into Amazon Translate")
        return imported

    done, errors = attempt([name for name in settings if name not in without], import_one)
    data = {name: _import_report(one) for name, one in done.items()}
    out.data({"languages": data, "errors": {name: str(error) for name, error in errors.items()}})
    if done:
        rows = [[name, *map(number, (i.state.terms, i.state.skipped, len(i.dropped)))] for name, i in done.items()]
        out.table(_HEADER, rows)
    for name, one in done.items():
        told = f"imported into {one.state.name}" if one.changed else "there already, nothing imported"
        out.say(f"{name}: {told}{f'; {one.state.message}' if one.state.message else ''}")
        for term, reason in one.dropped:
            out.say(f"{name}: {term.source} was left out: {reason}")
    raise_first(errors, "imported")


def list_states(project: Project, out: Output) -> None:
    settings = amazon_languages(project, ())
    found = [
        (region, languages.get(state.name, ""), state)
        for region, languages in by_region(settings).items()
        for state in terminology.list_all(connect(next(one for one in settings.values() if one.region == region)))
    ]
    out.data([{"region": region, "language": name or None, **_report(state)} for region, name, state in found])
    if not found:
        out.say("there is no terminology; `amts term import` makes one")
        return
    rows = [[state.name, name, number(state.terms), number(state.skipped), _moment(state)] for _, name, state in found]
    out.table(["name", "language", "terms", "skipped", "updated"], rows)


def show(project: Project, languages: Sequence[str], out: Output) -> None:
    """Raises InputError where none of the languages has a terminology."""
    states: dict[str, State] = {}
    for name, settings in amazon_languages(project, languages).items():
        if state := terminology.show(connect(settings), settings):
            states[name] = state
    if not states:
        raise InputError("there is no terminology; `amts term import` makes one")
    current = {name: _is_current(project, name, state) for name, state in states.items()}
    out.data({name: {**_report(state), "current": current[name]} for name, state in states.items()})
    for name, state in states.items():
        today = "the glossary of today" if current[name] else "not the glossary of today; `amts term import` pushes it"
        out.say(f"{name}: {state.name}: {counted(state.terms, 'term')}, updated {_moment(state)}; {today}")
        if state.message:
            out.say(f"{name}: {state.message}")


def delete(project: Project, languages: Sequence[str], out: Output) -> None:
    deleted: dict[str, bool] = {}
    for name, settings in amazon_languages(project, languages).items():
        deleted[name] = terminology.delete(connect(settings), settings)
        out.say(f"{name}: {f'{settings.resource} is deleted' if deleted[name] else 'there was no terminology'}")
    out.data({name: {"deleted": existed} for name, existed in deleted.items()})


def _not_importable(glossary: Glossary, languages: tuple[Language, Language]) -> Sequence[tuple[Term, str]]:
    try:
        codes = service_code(languages[0]), service_code(languages[1])
    except EngineError:
        return ()
    return terminology_csv(glossary.terms, *codes).dropped


def _is_current(project: Project, name: str, state: State) -> bool:
    glossary = load_glossary(project, name)
    return glossary is not None and terminology.is_current(state, glossary.terms, project.languages(name))


def _moment(state: State) -> str:
    return f"{state.updated:%Y-%m-%d %H:%M}" if state.updated else ""


def _report(state: State) -> dict[str, object]:
    return {**asdict(state), "updated": state.updated.isoformat() if state.updated else None}


def _import_report(one: Imported) -> dict[str, object]:
    left_out = [{"source": term.source, "reason": reason} for term, reason in one.dropped]
    return {"changed": one.changed, **_report(one.state), "left_out": left_out}
