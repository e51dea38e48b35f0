"""`/amts align`: how the sentences of a file are linked with their source."""

from __future__ import annotations

from dataclasses import dataclass

from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, read_place
from bot.report.explanation import ExplanationRow, Passage, Verdict, explain, location, summarize
from bot.report.markdown import code_span, fitted, table, table_row

_MAX_TABLE_CHARACTERS = 30_000
_MAX_CELL_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Align(PullRequestCommand):
    """Asks how certain the links between the sentences of a file and its source are."""

    place: FilePlace

    def run(self, case: Case) -> Reply:
        """The number of links, and each link that is not sure."""
        file = case.file(self.place)
        version = case.align(file)
        rows = explain(version.english, version.translation, version.beads)
        summary = f"{code_span(file.path)}: {summarize(rows)}."
        doubtful = [_row(row) for row in rows if row.verdict is not Verdict.SURE and row.kind.is_prose]
        if not doubtful:
            return Reply(summary)
        header = table(["line", "line of the source", "score", "translation", "source"], [], numbers_from=5)
        return Reply(
            f"{summary}\n\nLinks that are not sure:\n\n{header}\n{fitted(doubtful, _MAX_TABLE_CHARACTERS, chr(10))}"
        )


FORM = Form(
    "align <path>",
    "show how certain the links between the file's sentences and their source are",
    lambda words: Align(read_place(words, line=False)),
)


def _row(row: ExplanationRow) -> str:
    score = "alone" if row.verdict is Verdict.ALONE else f"{int(row.score * 100)} %"
    return table_row([location(row.target), location(row.source), score, _text(row.target), _text(row.source)])


def _text(passages: tuple[Passage, ...]) -> str:
    text = " ".join(passage.text for passage in passages)
    return code_span(text if len(text) <= _MAX_CELL_CHARACTERS else f"{text[:_MAX_CELL_CHARACTERS]}…")
