"""Corrections of reviewers that were applied to the same draft elsewhere, and those that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.changes import CORRECTED
from bot.model import Action, FileResult
from bot.report.layout import BodyPart, ListEntry, clipped, item, quoted
from bot.report.markdown import code_span

_MAX_SHOWN = 3


class DividedDraft(NamedTuple):
    """English whose draft was corrected in different ways, and the files in which the draft stands untouched."""

    english: str
    corrections: tuple[str, ...]
    paths: tuple[str, ...]


def applied_part(results: Sequence[FileResult], divided: Sequence[DividedDraft]) -> BodyPart:
    """By file and line; those that were not applied come first."""
    entries = [*(ListEntry(text) for text in _divided(divided)), *(ListEntry(text) for text in _applied(results))]
    intro = "A reviewer's correction goes wherever the same draft of the same sentence stands untouched."
    return BodyPart("Corrected once, applied elsewhere", tuple(entries), "sentence", 5, intro)


def _applied(results: Sequence[FileResult]) -> Iterator[str]:
    for result in results:
        for edit in result.merge.edits if result.merge else ():
            if edit.action is Action.REUSED and edit.reason.startswith(CORRECTED) and result.merge is not None:
                line = result.merge.line_at(edit.after[0])
                origin = edit.reason.removeprefix(CORRECTED).strip()
                text = f"{code_span(result.path)}, line {line}: as in {code_span(origin)}"
                yield item(text, quoted(edit.text.strip()))


def _divided(divided: Sequence[DividedDraft]) -> Iterator[str]:
    for one in divided:
        files = ", ".join(map(code_span, one.paths[:_MAX_SHOWN])) + (" …" if len(one.paths) > _MAX_SHOWN else "")
        text = f"Not applied in {files}, since the corrections of {code_span(clipped(one.english))} differ:"
        yield item(text, *(quoted(correction) for correction in one.corrections[:_MAX_SHOWN]))
