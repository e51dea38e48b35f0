"""`/amts term`: terms and their translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Word, no_words
from bot.errors import UsageError
from bot.glossary import Term
from bot.glossary.terms import check_side
from bot.report.markdown import code_span, counted, fitted, table, table_row

_MAX_LIST = 40_000


@dataclass(frozen=True, slots=True)
class AddTerm(Owned):
    """Records that `source` is to be translated as `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ListTerms(Owned):
    """Asks for all terms of the language."""


def read(words: Sequence[Word]) -> AddTerm | ListTerms:
    verb = words[0].text if words else ""
    if verb == "list":
        no_words(words[1:])
        return ListTerms()
    if verb != "add":
        raise UsageError(f'"{verb}" is neither add nor list' if verb else "add or list is missing")
    if len(words) != 4 or words[2] != Word("=") or not (words[1].quoted and words[3].quoted):
        raise UsageError("a term is written between quotation marks, with = between it and its translation")
    return AddTerm(check_side(words[1].text), check_side(words[3].text))


FORM = Form('term add "source" = "target"', "record how a term is translated; `term list` shows all", read)


def added(source: str, target: str, old: str, commit: str) -> str:
    """`old` is the former translation, "" for a new term; `commit` is empty where it was recorded so already."""
    if not commit:
        return f"{code_span(source)} = {code_span(target)} was recorded already."
    before = f" (before: {code_span(old)})" if old else ""
    return f"{code_span(source)} = {code_span(target)}{before} is recorded in {commit[:10]}, for the next translations."


def listing(terms: Sequence[Term], recorded: int) -> str:
    """The first `recorded` of the terms were added by comments."""
    if not terms:
        return 'There is no term yet; `/amts term add "source" = "target"` records one.'
    told = f"{counted(len(terms), 'term')}, {recorded:,} of them recorded in comments:"
    rows = [
        table_row([code_span(term.source), " / ".join(code_span(text) for text in term.targets), origin])
        for term, origin in zip(terms, _origins(len(terms), recorded), strict=True)
    ]
    header = table(["term", "translation", "from"], [], numbers_from=3)
    return f"{told}\n\n{header}\n{fitted(rows, _MAX_LIST, chr(10))}"


def _origins(terms: int, recorded: int) -> Sequence[str]:
    return ["comments"] * recorded + ["the glossary"] * (terms - recorded)
