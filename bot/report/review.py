"""Review comments at the lines of a translation: the change in the source, the old translation, and doubts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from rapidfuzz.distance import Indel

from bot.model import Action, Doubt, Edit, FileResult, Merge, ReviewNote, Span
from bot.report.files import sentence_totals
from bot.report.markdown import code_block, code_span, shortened

_WORD = re.compile(r"\s+|\w+(?:-\w+)*|[^\w\s]")
_MAX_CHARACTERS = 1_500


def review_notes(results: Sequence[FileResult]) -> tuple[ReviewNote, ...]:
    """A note for each machine translation that replaced people's or is doubtful: doubts first, then by file and line. A
    new sentence without doubts has no note: nobody translated it before, and its source is in the commit."""
    notes = [note for result in results if result.merge for note in _notes(result.path, result.merge)]
    return tuple(note for _, note in sorted(notes, key=lambda ranked: ranked[0]))


def review_status(results: Sequence[FileResult], earlier: int = 0) -> str:
    """One line for the commit; `earlier` is the number of sentences left by earlier updates."""
    sentences = sentence_totals(results)
    left = sentences[Action.LEFT.value] + earlier
    return f"translations: {sentences[Action.TRANSLATED.value]:,} to review, {left:,} left"


def word_diff(old: str, new: str) -> str:
    """`The [-old-]{+new+} way`, as `git diff --word-diff` shows it; consecutive changed words are one change."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    parts, removed, added = [], "", ""
    steps = Indel.opcodes(before, after)
    for number, step in enumerate(steps, 1):
        old_words = "".join(before[step.src_start : step.src_end])
        new_words = "".join(after[step.dest_start : step.dest_end])
        is_between = old_words.isspace() and bool(removed or added) and number < len(steps)
        if step.tag == "equal" and not is_between:
            parts += [_changed(removed, added), old_words]
            removed, added = "", ""
        else:
            removed += old_words
            added += new_words
    return "".join([*parts, _changed(removed, added)])


def _changed(removed: str, added: str) -> str:
    if removed.isspace() and added.startswith(removed):
        return removed + _changed("", added.removeprefix(removed))
    return (f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else "")


def _notes(path: str, merge: Merge) -> Iterator[tuple[tuple[bool, int], ReviewNote]]:
    """Each note with its rank."""
    for edit in merge.edits:
        if edit.action is not Action.TRANSLATED or edit.after[0] == edit.after[1]:
            continue
        start, end = edit.after
        piece = merge.text[start:end]
        # Without the white space around.
        span = start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
        doubt = next((doubt for doubt in merge.doubts if span[0] <= doubt.after[0] < span[1]), None)
        if doubt or edit.fuzzy:
            yield (doubt is None, span[0]), _note(path, merge.text, span, edit, doubt)


def _note(path: str, text: str, span: Span, edit: Edit, doubt: Doubt | None) -> ReviewNote:
    parts = [f"Worth a second look: {code_span('; '.join(doubt.warnings))}"] if doubt else []
    if edit.fuzzy:
        change = word_diff(edit.fuzzy.source, edit.source)
        parts += ["What changed in the source:", code_block(shortened(change, _MAX_CHARACTERS))]
        parts += _old_translation(text, span, edit.fuzzy.target)
    else:
        parts += ["The source:", code_block(shortened(edit.source, _MAX_CHARACTERS))]
    key = sha256(f"{path}\0{edit.source}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return ReviewNote(path, text.count("\n", 0, span[0]) + 1, key, "\n\n".join(parts))


def _old_translation(text: str, span: Span, old: str) -> list[str]:
    """A suggestion that one click commits if the sentence stands on one line; else text to read."""
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    end = len(text) if end < 0 else end
    line = (text[start : span[0]] + old.replace("\n", " ") + text[span[1] : end]).rstrip("\r")
    suggestion = code_block(line, "suggestion")
    # A block shows invisible characters as escapes, which nobody should commit.
    if "\n" in text[span[0] : span[1]] or len(line) > _MAX_CHARACTERS or line not in suggestion:
        return ["The translation of the old sentence:", code_block(shortened(old, _MAX_CHARACTERS))]
    return ["To restore the translation of the old sentence:", suggestion]
