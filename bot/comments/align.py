"""`/amts align`: which sentence of a file translates which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.report.explanation import ExplanationRow, Verdict, location, summarize
from bot.report.markdown import code_span, fitted, table, table_row


@dataclass(frozen=True, slots=True)
class Align(Owned):
    """Asks how sure the links between the sentences of a file and its source are."""

    place: Place


def read(words: Sequence[Word]) -> Align:
    return Align(one_place(words, line=False))


FORM = Form("align <path>", "how sure it is which sentence of the file translates which", read)

_MAX_ROWS = 30_000
_MAX_CELL = 120


def links_answer(path: str, rows: Sequence[ExplanationRow]) -> str:
    """What there is to look at in all, and each link that is not sure."""
    doubtful = [row for row in rows if row.verdict is not Verdict.SURE and row.kind.is_prose]
    told = f"{code_span(path)}: {summarize(rows)}."
    if not doubtful:
        return told
    header = table(["line", "line of the source", "score", "translation", "source"], [], numbers_from=5)
    cells = [table_row([location(row.target), location(row.source), _score(row), *_texts(row)]) for row in doubtful]
    return f"{told}\n\nLess than sure:\n\n{header}\n{fitted(cells, _MAX_ROWS, chr(10))}"


def _score(row: ExplanationRow) -> str:
    return "alone" if row.verdict is Verdict.ALONE else f"{int(row.score * 100)} %"


def _texts(row: ExplanationRow) -> tuple[str, str]:
    sides = (" ".join(passage.text for passage in side) for side in (row.target, row.source))
    first, second = (code_span(text if len(text) <= _MAX_CELL else f"{text[:_MAX_CELL]}…") for text in sides)
    return first, second
