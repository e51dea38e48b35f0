"""Review comments at the lines of a translation: the change in the source, the old translation, and doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from bot.model import Action, Doubt, Edit, FileResult, Merge, ReviewNote, Revision, Span
from bot.report.files import sentence_totals
from bot.report.markdown import code_block, code_span, escaped, shortened
from bot.report.revised import RevisedSentence, unsure
from bot.report.word_changes import marked_diff

_MAX_CHARACTERS = 1_500


def review_notes(results: Sequence[FileResult], earlier: Sequence[RevisedSentence] = ()) -> tuple[ReviewNote, ...]:
    """A note for each sentence to revise or to check, and for each machine translation that replaced people's or is
    doubtful: sentences to revise (the `earlier` ones as well) and doubts first, then by file and line. A new sentence
    without doubts has no note: nobody translated it before, and its source is in the commit."""
    ranked = [found for result in results if result.merge for found in _notes(result.path, result.merge)]
    for path, line, revision in earlier:
        ranked.append((False, _note(path, line, revision.source, _about_stale(revision))))
    ranked.sort(key=lambda found: (found[0], found[1].path, found[1].line))
    return tuple(note for _, note in ranked)


def review_status(results: Sequence[FileResult], left: int = 0, stale: int = 0) -> str:
    """One line for the commit; `left` and `stale` are the numbers of sentences that earlier updates left so."""
    sentences = sentence_totals(results)
    tasks = {"to revise": sentences[Action.STALE] + stale, "to check": len(unsure(results))}
    others = {"to review": sentences[Action.TRANSLATED], "left": sentences[Action.LEFT] + left}
    named = {task: number for task, number in tasks.items() if number} | others
    return f"translations: {', '.join(f'{number:,} {task}' for task, number in named.items())}"


def _notes(path: str, merge: Merge) -> Iterator[tuple[bool, ReviewNote]]:
    """Each note, and whether it comes after others."""
    for revision in merge.revisions:
        if not revision.is_sure:
            is_stale = revision.action is Action.STALE
            parts = _about_stale(revision) if is_stale else _about_unsure(revision, merge.text)
            yield not is_stale, _note(path, merge.line_at(revision.after[0]), revision.source, parts)
    for edit in merge.edits:
        if edit.action is not Action.TRANSLATED or edit.after[0] == edit.after[1]:
            continue
        start, end = edit.after
        piece = merge.text[start:end]
        # Without the white space around.
        span = start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
        doubt = next((doubt for doubt in merge.doubts if span[0] <= doubt.after[0] < span[1]), None)
        if doubt or edit.fuzzy:
            parts = _about_translation(edit, doubt, merge.text, span)
            yield doubt is None, _note(path, merge.line_at(span[0]), edit.source, parts)


def _note(path: str, line: int, source: str, parts: Sequence[str]) -> ReviewNote:
    key = sha256(f"{path}\0{source}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return ReviewNote(path, line, key, "\n\n".join(parts))


def _about_stale(revision: Revision) -> list[str]:
    parts = [
        "To revise: the translation stands, but its source says something else now.",
        marked_diff(revision.base, revision.source),
    ]
    if revision.rejected:
        answer = code_block(shortened(revision.rejected, _MAX_CHARACTERS))
        parts += ["The machine's answer, which was not used:", answer]
    return parts


def _about_unsure(revision: Revision, text: str) -> list[str]:
    kinds = escaped(", ".join(revision.carried.unsure))
    return [
        f"To check: this follows the source, but a change may be wrong or stand in the wrong place ({kinds}).",
        marked_diff(revision.base, revision.source),
        *_old_translation(text, revision.after, revision.before),
    ]


def _about_translation(edit: Edit, doubt: Doubt | None, text: str, span: Span) -> list[str]:
    parts = [f"Worth a second look: {code_span('; '.join(doubt.warnings))}"] if doubt else []
    if edit.fuzzy is None:
        return [*parts, "The source:", code_block(shortened(edit.source, _MAX_CHARACTERS))]
    change = marked_diff(edit.fuzzy.source, edit.source)
    return [*parts, "What changed in the source:", change, *_old_translation(text, span, edit.fuzzy.target)]


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
