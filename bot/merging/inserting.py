"""Puts a passage of the translators' own into a merged document, behind the English that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.documents import FORMATS, directive_pairs, newline_of, open_directives
from bot.merging.verifying import verify_edits
from bot.model import Action, Document, Doubt, Edit, Language, Left, Merge, Revision, Span

_Placed = TypeVar("_Placed", Left, Doubt, Revision)


def insert_passage(
    merge: Merge, old: str, behind: Edit, passage: str, reason: str, language: Language, form: str
) -> Merge | None:
    """The merge with `passage` (whole blocks) in the next gap between blocks after the edit `behind`. `old` is the
    translation before the merge, `form` the name of the documents' format. None if the document would not read as it
    did, with the passage in it: the place is inside a list or a table, say. Raises VerificationError."""
    parse = FORMATS[form].parse
    document = parse(merge.text, language)
    gap = _gap(document, behind.after[1])
    if gap is None:
        return None
    at, place = gap
    newline = newline_of(merge.text)
    passage = newline.join(passage.splitlines())
    is_gap = at == len(merge.text.rstrip()) or merge.text.startswith(newline, at)
    inserted = f"{newline}{newline}{passage}" if is_gap else ""
    if not inserted:
        return None
    text = merge.text[:at] + inserted + merge.text[at:]
    before = [segment.text for segment in document.segments]
    alone = parse(passage, language)
    within = [segment.text for segment in alone.segments]
    read = [segment.text for segment in parse(text, language).segments]
    if open_directives(alone) or read != [*before[:place], *within, *before[place:]]:
        return None
    edits = _with_insertion(merge.edits, at, inserted, reason)
    verify_edits(old, text, edits)

    def moved(things: Sequence[_Placed]) -> tuple[_Placed, ...]:
        return tuple(replace(thing, after=_shifted(thing.after, at, len(inserted))) for thing in things)

    counts = {**merge.counts, Action.MOVED.value: merge.counts.get(Action.MOVED.value, 0) + 1}
    return replace(
        merge,
        text=text,
        edits=tuple(edits),
        counts=counts,
        left=moved(merge.left),
        doubts=moved(merge.doubts),
        revisions=moved(merge.revisions),
        beside=moved(merge.beside),
    )


def _gap(document: Document, position: int) -> tuple[int, int] | None:
    """The end of the block at `position`, or of a later one, that a blank line follows; and the number of segments
    before it, outside all directives. None inside a container."""
    pairs = directive_pairs(document)
    for block in document.blocks:
        if any(opening < block.last <= closing for opening, closing in pairs):
            continue
        if block.end >= position and (not document.text[block.end :].strip() or _is_blank_after(document, block.end)):
            return None if block.container else (block.end, block.last)
    return None


def _is_blank_after(document: Document, end: int) -> bool:
    rest = document.text[end:]
    return rest[: len(rest) - len(rest.lstrip())].count("\n") > 1


def _with_insertion(edits: Sequence[Edit], at: int, inserted: str, reason: str) -> list[Edit]:
    result: list[Edit] = []
    shift = 0
    """Result minus old translation, before the insertion."""
    made = False
    for edit in edits:
        if not made and edit.after[1] > at and edit.after[0] < at:
            # Within one change: it becomes longer.
            cut = at - edit.after[0]
            text = edit.text[:cut] + inserted + edit.text[cut:]
            result.append(replace(edit, text=text, after=(edit.after[0], edit.after[0] + len(text))))
            made = True
            continue
        if not made and edit.after[0] >= at and edit.after[1] > at:
            result.append(_insertion(at, shift, inserted, reason))
            made = True
        shift = edit.after[1] - edit.before[1]
        moved = _shifted(edit.after, at, len(inserted)) if made else edit.after
        result.append(replace(edit, after=moved))
    return result if made else [*result, _insertion(at, shift, inserted, reason)]


def _insertion(at: int, shift: int, inserted: str, reason: str) -> Edit:
    return Edit(Action.MOVED, reason, (at - shift, at - shift), (at, at + len(inserted)), "", inserted)


def _shifted(span: Span, at: int, length: int) -> Span:
    return (span[0] + length, span[1] + length) if span[0] >= at and span[1] > at else span
