"""`/amts term`: the glossary that grows by comments, in the language repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.book.glossaries import load_glossary
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import Form, Word, no_words
from bot.errors import UsageError
from bot.glossary import Term
from bot.glossary.terms import check_side
from bot.report.markdown import code_span, counted, fitted, table, table_row
from bot.sync.recorded_terms import recorded_terms, serialize_terms, terms_path

_MAX_LIST_CHARACTERS = 40_000


@dataclass(frozen=True, slots=True)
class AddTerm(PullRequestCommand):
    """Records that `source` is to be translated as `target`; a term that is recorded already gets the new
    translation."""

    source: str
    target: str

    def run(self, case: Case) -> Reply:
        terms = {term.source: term for term in recorded_terms(case.edition.project, case.name, case.head)}
        old = terms.get(self.source)
        terms[self.source] = Term(self.source, (self.target,))
        data = serialize_terms(terms.values(), case.direction)
        commit = case.commit({terms_path(case.name): data}, "Record a term")
        term = f"{code_span(self.source)} = {code_span(self.target)}"
        if not commit:
            return Reply(f"{term} was recorded already.")
        before = f" (before: {code_span(old.targets[0])})" if old else ""
        return Reply(f"{term}{before} is recorded in {case.commit_link(commit)}, for the next translations.")


@dataclass(frozen=True, slots=True)
class ListTerms(PullRequestCommand):
    """Lists all terms of the language: recorded terms, then terms of the configured glossary that they don't
    replace."""

    def run(self, case: Case) -> Reply:
        recorded = recorded_terms(case.edition.project, case.name, case.head)
        sources = {term.source for term in recorded}
        glossary = load_glossary(case.edition.project, case.name)
        configured = [term for term in glossary.terms if term.source not in sources] if glossary else []
        if not (recorded or configured):
            return Reply('There is no term yet; `/amts term add "source" = "target"` records one.')
        summary = f"{counted(len(recorded) + len(configured), 'term')}, {len(recorded):,} of them recorded in comments:"
        rows = [_row(term, "comments") for term in recorded] + [_row(term, "the glossary") for term in configured]
        header = table(["term", "translation", "from"], [], numbers_from=3)
        return Reply(f"{summary}\n\n{header}\n{fitted(rows, _MAX_LIST_CHARACTERS, chr(10))}")


def _row(term: Term, origin: str) -> str:
    return table_row([code_span(term.source), " / ".join(code_span(text) for text in term.targets), origin])


def _read(words: Sequence[Word]) -> AddTerm | ListTerms:
    verb = words[0].text if words else ""
    if verb == "list":
        no_words(words[1:])
        return ListTerms()
    if verb != "add":
        raise UsageError(f'"{verb}" is neither add nor list' if verb else "add or list is missing")
    if len(words) != 4 or words[2] != Word("=") or not (words[1].quoted and words[3].quoted):
        raise UsageError("a term is written between quotation marks, with = between it and its translation")
    return AddTerm(check_side(words[1].text), check_side(words[3].text))


FORM = Form('term add "source" = "target"', "record the translation of a term; `term list` lists all terms", _read)
