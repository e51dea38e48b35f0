"""The commands of `amts term` that reach the engine's service: import, list, show, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.book.glossaries import load_glossary
from bot.book.project import Project, load_project
from bot.cli.output import Output, number
from bot.cli.taught_languages import (
    attempt,
    delete_resources,
    moment,
    one_a_region,
    raise_first,
    terminologies_of,
)
from bot.engines.teaching import ImportedTerminology, TerminologyService, TerminologyState
from bot.errors import ConfigError, InputError
from bot.report.markdown import counted

_HEADER = ["", "terms", "skipped", "left out"]


def import_terms(config: Path, languages: Sequence[str], out: Output, *, force: bool) -> None:
    """One language that fails does not stop the others; the first failure gives the exit code."""
    project = load_project(config)
    services = terminologies_of(project, languages)
    without = [name for name in services if not project.config.languages[name].glossary]
    if (languages and without) or len(without) == len(services):
        raise ConfigError(f"no glossary for {', '.join(without)}; name the file under languages.{without[0]}.glossary")

    def import_one(name: str) -> ImportedTerminology:
        glossary = load_glossary(project, name)
        assert glossary is not None
        imported = services[name].import_terms(glossary.terms, project.direction(name), force=force)
        if imported is None:
            raise InputError(f"no term of {project.config.languages[name].glossary} fits into a terminology")
        return imported

    done, errors = attempt([name for name in services if name not in without], import_one)
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


def list_states(config: Path, out: Output) -> None:
    found = [
        (service.region, owners.get(state.name, ""), state)
        for service, owners in one_a_region(terminologies_of(load_project(config), ()))
        for state in service.list_all()
    ]
    out.data([{"region": region, "language": name or None, **_report(state)} for region, name, state in found])
    if not found:
        out.say("there is no terminology; `amts term import` makes one")
        return
    rows = [
        [state.name, name, number(state.terms), number(state.skipped), moment(state.updated)]
        for _, name, state in found
    ]
    out.table(["name", "language", "terms", "skipped", "updated"], rows)


def show(config: Path, languages: Sequence[str], out: Output) -> None:
    """Raises InputError where none of the languages has a terminology."""
    project = load_project(config)
    services = terminologies_of(project, languages)
    states = {name: state for name, service in services.items() if (state := service.find())}
    if not states:
        raise InputError("there is no terminology; `amts term import` makes one")
    current = {name: _is_current(project, name, services[name], state) for name, state in states.items()}
    out.data({name: {**_report(state), "current": current[name]} for name, state in states.items()})
    for name, state in states.items():
        today = "the glossary of today" if current[name] else "not the glossary of today; `amts term import` pushes it"
        out.say(f"{name}: {state.name}: {counted(state.terms, 'term')}, updated {moment(state.updated)}; {today}")
        if state.message:
            out.say(f"{name}: {state.message}")


def delete(config: Path, languages: Sequence[str], out: Output) -> None:
    delete_resources(terminologies_of(load_project(config), languages), "terminology", out)


def _is_current(project: Project, name: str, service: TerminologyService, state: TerminologyState) -> bool:
    glossary = load_glossary(project, name)
    return glossary is not None and service.is_current(state, glossary.terms, project.direction(name))


def _report(state: TerminologyState) -> dict[str, object]:
    return {**asdict(state), "updated": state.updated.isoformat() if state.updated else None}


def _import_report(one: ImportedTerminology) -> dict[str, object]:
    left_out = [{"source": term.source, "reason": reason} for term, reason in one.dropped]
    return {"changed": one.changed, **_report(one.state), "left_out": left_out}
