"""`/amts term`: the glossary that grows by comments, in the language repository."""

from __future__ import annotations

from bot.book.glossaries import load_glossary
from bot.comments.case import Case, Reply
from bot.comments.term import AddTerm, added, listing
from bot.glossary import Term
from bot.sync.decisions import recorded_terms
from bot.sync.recorded_terms import serialize_terms, terms_path


def add_term(command: AddTerm, case: Case) -> Reply:
    """A term that is there already gets the new translation."""
    terms = {term.source: term for term in recorded_terms(case.edition.project, case.name, case.head)}
    old = terms.get(command.source)
    terms[command.source] = Term(command.source, (command.target,))
    data = serialize_terms(terms.values(), case.direction)
    commit = case.commit({terms_path(case.name): data}, "Record a term")
    return Reply(added(command.source, command.target, old.targets[0] if old else "", commit))


def list_terms(case: Case) -> Reply:
    """The recorded ones first, then those of the configured glossary that they don't replace."""
    recorded = recorded_terms(case.edition.project, case.name, case.head)
    sources = {term.source for term in recorded}
    glossary = load_glossary(case.edition.project, case.name)
    configured = [term for term in glossary.terms if term.source not in sources] if glossary else []
    return Reply(listing([*recorded, *configured], len(recorded)))
