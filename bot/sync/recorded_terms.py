"""What people recorded for the engine in the language repository: terms, by comments, in
`.amts/glossary.<language>.csv`; and the style that they ask for, `.amts/style.<language>.md`, a file like any other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.book.edition import LanguageEdition
from bot.book.glossaries import load_glossary
from bot.book.loading import text_at
from bot.book.project import Project
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.glossary import Term, read_glossary
from bot.model import Direction


def terms_path(name: str) -> str:
    return f".amts/glossary.{name}.csv"


def style_path(name: str) -> str:
    return f".amts/style.{name}.md"


def with_recorded_style(edition: LanguageEdition, *targets: Snapshot) -> LanguageEdition:
    """The edition with an engine that also follows the style file of these commits, the first one that has it. Raises
    InputError if that is no UTF-8."""
    project, name = edition.project, edition.name
    path = style_path(name)
    text = next((text_at(target, path) for target in targets if path in target.entries), "")
    return replace(edition, project=replace(project, styles={**project.styles, name: text})) if text else edition


def with_recorded_terms(edition: LanguageEdition, *targets: Snapshot) -> LanguageEdition:
    """The edition with an engine that also follows the terms recorded in these commits; the first commit with a term
    counts, before the configured glossary. Raises InputError for a glossary that can't be read."""
    project, name = edition.project, edition.name
    recorded = {term.source: term for target in reversed(targets) for term in recorded_terms(project, name, target)}
    if not recorded:
        return edition
    glossary = load_glossary(project, name)
    configured = glossary.terms if glossary else ()
    terms = [*recorded.values(), *(term for term in configured if term.source not in recorded)]
    text = serialize_terms(terms, edition.direction).decode("utf-8")
    return replace(edition, project=replace(project, glossaries={**project.glossaries, name: text}))


def recorded_terms(project: Project, name: str, target: Snapshot) -> tuple[Term, ...]:
    path = terms_path(name)
    return read_glossary(target.read(path), project.direction(name), path).terms if path in target.entries else ()


def join_terms(old: str, ours: str, theirs: str) -> str:
    """The table with the changes of both sides since `old`. If both changed the same term, theirs counts."""
    (_, was), (own_header, mine), (header, yours) = (_rows(text) for text in (old, ours, theirs))
    changed = {term for term in was.keys() | mine.keys() if was.get(term) != mine.get(term)}
    changed -= {term for term in was.keys() | yours.keys() if was.get(term) != yours.get(term)}
    rows = {term: translations for term, translations in yours.items() if term not in changed}
    rows |= {term: mine[term] for term in changed if term in mine}
    return _table(header or own_header, rows)


def serialize_terms(terms: Iterable[Term], direction: Direction) -> bytes:
    """A sorted table of two columns, with a row for each translation of a term; any glossary reader understands it."""
    rows: dict[str, list[list[str]]] = {}
    for term in terms:
        rows.setdefault(term.source, []).extend([term.source, target] for target in term.targets)
    return _table([language.code for language in direction], rows).encode("utf-8")


def _table(header: Sequence[str], rows: Mapping[str, Sequence[Sequence[str]]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for term in sorted(rows, key=lambda term: (term.casefold(), term)):
        writer.writerows(rows[term])
    return text.getvalue()


def _rows(text: str) -> tuple[list[str], dict[str, list[list[str]]]]:
    """The header, and the rows of each term. Raises InputError."""
    try:
        table = list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise InputError(f"a table of terms is not well-formed: {error}") from None
    rows: dict[str, list[list[str]]] = {}
    for row in filter(None, table[1:]):
        rows.setdefault(row[0], []).append(row)
    return next(iter(table), []), rows
