"""`/amts accept`: marks a file as current, without a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.report.markdown import code_span


@dataclass(frozen=True, slots=True)
class Accept(Owned):
    """Records that the translation of a file is in step with today's source, as it stands."""

    place: Place


def read(words: Sequence[Word]) -> Accept:
    return Accept(one_place(words, line=False))


FORM = Form("accept <path>", "mark the file as current, without changing its translation", read)


def accepted(path: str, source: str, commit: str) -> str:
    """`source` is the commit of the source; `commit` is empty where the file was current already."""
    if not commit:
        return f"{code_span(path)} was in step with the source of {source[:10]} already; nothing changed."
    return f"{code_span(path)} counts as in step with the source of {source[:10]}, as it stands ({commit[:10]})."
