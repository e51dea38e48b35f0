"""The pull request of one language: its title, its body and the message of its commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.markup.sending import safe_line
from bot.model import Action, FileResult, Language
from bot.report.applied import DividedDraft, applied_part
from bot.report.clashes import Clashing, clashes_part
from bot.report.commands import ACCEPT_COMMAND, ACCEPT_IN_SHELL
from bot.report.files import (
    ACTIONS,
    UNWRITTEN,
    file_totals,
    files_part,
    sentence_totals,
    unit_totals,
    untouched_part,
    written_files,
)
from bot.report.layout import FULL_REPORT, BodyPart, LaidOut, lay_out, pages
from bot.report.left_for_people import (
    Standing,
    doubts_part,
    left_part,
    standing_part,
    standing_sentences,
    stranded_part,
)
from bot.report.markdown import code_span, counted, shortened, subject, table
from bot.report.revised import RevisedSentence, settled_part, stale, stale_part, unsure, unsure_part
from bot.report.source_changes import SourceCommit, SourcePage, source_changes_part

MAX_BODY = 46_000
"""GitHub refuses bodies above 65,536 characters; the difference is for the bot's hidden notes."""

_MAX_TEXT = 3_000
_MAX_NAME = 200
_MAX_CHAPTER = 80


@dataclass(frozen=True, slots=True)
class Context:
    """The input of a body besides the results. `source_commit` is the commit of the source that the result is in step
    with; `source_base` is the commit before the `commits` (newest first) that made the difference. `chapter` is the
    folder that the pull request is about: "" for the files in none, None for all. `standing` is the English that
    stands in other files, and `stale` what earlier updates left stale; `clashes` are the texts that were dropped when
    the branch `base` was merged in. `quote` is the price of the engine ("" for nothing), `source_url` the web page of
    the source's repository ("" if it has none). `terms` and `scores` are sections of the body. `commands` are the
    commands that people can use there; the last one asks for help. `retranslated_below` is the policy's, in per cent.
    `name` is the language's in the configuration ("": its code). `divided` are drafts that reviewers corrected in
    different ways. `sent`: the engine is a service that text is sent to.
    """

    language: Language
    source_language: Language
    source_commit: str
    engine: str
    sent: bool = True
    base: str = "main"
    chapter: str | None = None
    reviewers: tuple[str, ...] = ()
    standing: tuple[Standing, ...] = ()
    divided: tuple[DividedDraft, ...] = ()
    stale: tuple[RevisedSentence, ...] = ()
    clashes: tuple[Clashing, ...] = ()
    quote: str = ""
    source_url: str = ""
    commits: tuple[SourceCommit, ...] = ()
    source_base: str = ""
    terms: str = ""
    scores: str = ""
    commands: tuple[str, ...] = ()
    retranslated_below: int = 0
    name: str = ""

    @property
    def page(self) -> SourcePage:
        return SourcePage(self.source_url)

    @property
    def chapter_name(self) -> str:
        return shortened(self.chapter or "the files in no folder", _MAX_CHAPTER)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a pull request in Markdown, shorter than `MAX_BODY`, and the pages of the full report. There are
    pages only if the body can't hold everything. The body then links to the first page as `[report]`."""

    text: str
    report: tuple[str, ...] = ()


def pull_request_title(context: Context, results: Sequence[FileResult]) -> str:
    """One line. The only text of the book in it is the name of a chapter."""
    chapter = f", {subject(context.chapter_name)}" if context.chapter is not None else ""
    source = f"the {context.source_language.name} of {context.source_commit[:10]}"
    return f"{context.language.name}{chapter}: in step with {source} ({written_files(results)})"


def commit_message(context: Context, results: Sequence[FileResult], start: str, co_authors: Sequence[str] = ()) -> str:
    """Subject, figures, and trailers: the range of the source, `start` (the commit that was continued) and authors of
    the source as `Name <address>`. The only text of the book is a chapter's name, without `#1` and `@name`."""
    figures = ", ".join(f"{number:,} {action}" for action, number in sentence_totals(results).items() if number)
    engine = safe_line(context.engine)
    bases = sorted({result.base for result in results if result.base and result.change not in UNWRITTEN})
    lines = [
        pull_request_title(context, results),
        "",
        f"Files: {file_totals(results)}.",
        *([f"Sentences: {figures}."] if figures else []),
        "",
        f"AMTS-Source-Commit: {context.source_commit}",
        *(f"AMTS-Source-Base: {base}" for base in bases),
        *([f"AMTS-Engine: {engine}"] if unit_totals(results)[Action.TRANSLATED.value] else []),
        *([f"AMTS-Asked: {engine}"] if any(r.merge and r.merge.characters for r in results) else []),
        f"AMTS-Retranslated-Below: {context.retranslated_below}",
        f"AMTS-Continues: {start}",
        *(f"Co-authored-by: {author}" for author in co_authors),
    ]
    return "\n".join(lines) + "\n"


def pull_request_body(context: Context, results: Sequence[FileResult]) -> Body:
    """The most important points come first, more in collapsed parts, the rest in the full report."""
    english, base, head = context.source_language.name, context.source_base, context.source_commit
    in_shell = ACCEPT_IN_SHELL.format(language=context.name or context.language.code)
    accept = ACCEPT_COMMAND if context.commands else in_shell
    # In the order of the body, each with the characters that it may fill at first.
    parts: list[tuple[BodyPart | str, int]] = [
        (_summary(context, results), _MAX_TEXT),
        (untouched_part(results), 1_500),
        (source_changes_part(context.commits, context.page, base, head, english), 2_500),
        (clashes_part(context.clashes, context.base), 2_500),
        (stale_part([*stale(results), *context.stale], english, accept), 5_000),
        (unsure_part(results, english), 2_000),
        (applied_part(results, context.divided), 1_500),
        (left_part(results), 5_000),
        (stranded_part(results), 2_500),
        (doubts_part(results), 2_000),
        (
            standing_part([*standing_sentences(results), *context.standing], english, keeps=bool(context.commands)),
            2_500,
        ),
        (settled_part(results, english), 1_200),
        (files_part(results, lambda words, start: context.page.compared(words, start or "", head)), 2_500),
        (context.terms, 3_000),
        (context.scores, 8_000),
        (_checks(context, results), _MAX_TEXT),
    ]
    commands = ""
    if context.commands:
        # In inline code and within a line: nothing here may be taken for a command itself.
        *others, last = map(code_span, context.commands)
        listed = f"Begin a comment with one of these: {', '.join(others)}."
        commands = f"## Commands\n\n{listed} The comment {last} explains all commands."
    shown = [_lay_out(part, room) for part, room in parts]
    spare = MAX_BODY - len(commands) - sum(len(part.text) + 2 for part in shown)
    for place, (part, _) in enumerate(parts):
        if shown[place].missing:
            # The first parts, which matter most, have what room is left.
            narrow = len(shown[place].text)
            shown[place] = _lay_out(part, narrow + spare)
            spare -= len(shown[place].text) - narrow
    text = "\n\n".join(filter(None, (*(part.text for part in shown), commands))) + "\n"
    if not any(part.missing for part in shown):
        return Body(text)
    source = f"the {context.source_language.name} of {context.page.commit(context.source_commit)}"
    return Body(text, pages(f"{context.language.name}: in step with {source}", [part for part, _ in parts]))


def _lay_out(part: BodyPart | str, room: int) -> LaidOut:
    if isinstance(part, BodyPart):
        return lay_out(part, room)
    if len(part) <= room:
        return LaidOut(part)
    heading = part.partition("\n")[0]
    notice = f"This section is too long to show here; see the {FULL_REPORT}."
    return LaidOut(f"{heading}\n\n{notice}" if len(heading) <= _MAX_NAME else notice, 1)


def _summary(context: Context, results: Sequence[FileResult]) -> str:
    """The number of sentences by action, and the work for a reviewer."""
    sentences, units = sentence_totals(results), unit_totals(results)
    english, standing = context.source_language.name, standing_sentences(results)
    what = f"the {context.language.name} translation"
    if context.chapter is not None:
        what = f"{code_span(context.chapter_name) if context.chapter else context.chapter_name} of {what}"
    parts = [
        f"This brings {what} in step with the {english} of {context.page.commit(context.source_commit)}:"
        f" {written_files(results)}" + (f" ({file_totals(results)})." if file_totals(results) else "."),
        _verdict(context, results),
    ]
    meanings = {
        Action.KEPT: (f"unchanged, because the {english} did not change in substance", "–"),
        Action.PATCHED: (f"words kept; a small change of the {english} was carried over", "a glance"),
        Action.REUSED: ("people's translation of the same sentence elsewhere in the book", "a glance"),
        Action.MOVED: ("words kept, in a new place", "a glance"),
        Action.TRANSLATED: (f"new translation by the engine {code_span(context.engine[:_MAX_NAME])}", "**review**"),
        Action.REMOVED: (f"the {english} was removed", "–"),
        Action.STALE: (f"words kept; the {english} says something else now", "**revise**"),
        Action.LEFT: (f"see “Left for you”{' and “Not translated yet”' * bool(standing)}", "**decide**"),
    }
    rows = [
        [action.value, *meanings[action], f"{sentences[action.value]:,}"]
        for action in ACTIONS
        if sentences[action.value]
    ]
    if rows:
        parts.append(table(["", "what it means", "for you", "sentences"], rows, numbers_from=3))
    others = ", ".join(
        f"{number:,} {action.value}"
        for action in ACTIONS
        if action is not Action.KEPT and (number := units[action.value] - sentences[action.value])
    )
    if others:
        parts.append(f"Code, formulas, labels, images and the like: {others}.")
    return "\n\n".join(parts)


def _verdict(context: Context, results: Sequence[FileResult]) -> str:
    standing = len(standing_sentences(results))
    sentences, left = sentence_totals(results), unit_totals(results)[Action.LEFT] - standing
    # The table below counts sentences only.
    others = left - sentences[Action.LEFT] + standing
    kinds = f" ({left - others:,} in prose, {others:,} in code and the like)" if others else ""
    stale = sentences[Action.STALE] + len(context.stale)
    tasks = {
        "to revise": stale,
        "to check": len(unsure(results)),
        "to review": sentences[Action.TRANSLATED],
        f"left for you{kinds}": left,
        f"not translated yet, still in {context.source_language.name}": standing + len(context.standing),
    }
    named = [
        f"{counted(number, 'place' if task.startswith('left') else 'sentence')} {task}"
        for task, number in tasks.items()
        if number
    ]
    stranded = sum(len(result.stranded) for result in results)
    if stranded:
        named.append(f"{counted(stranded, 'passage')} of removed files without a place")
    listed = " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))
    return " ".join(
        [
            *([f"**{listed}.**"] if listed else []),
            *([] if stale or left or stranded else ["Nothing new is left for you."]),
        ]
    )


def _checks(context: Context, results: Sequence[FileResult]) -> str:
    characters = sum(result.merge.characters for result in results if result.merge)
    size = sum(result.size for result in results)
    checked = sum(result.merge is not None and result.merge.verified for result in results)
    ratio = f" ({characters / size:,.1%} of these files)" if size else ""
    bill = f", billed as {code_span(context.quote)}" if context.quote else ""
    sent = "Nothing was sent to an engine."
    if characters and context.sent:
        sent = f"Sent to the engine: {counted(characters, 'character')}{ratio}{bill}."
    if not context.scores and sentence_totals(results)[Action.TRANSLATED]:
        sent += " New sentences have no reference translation, so their quality was not measured."
    lines = [
        "## Checks",
        f"Verified before publishing, in {counted(checked, 'file')}: where the {context.source_language.name} did not"
        " change, the translation is the same byte for byte; code, maths, references, labels and headings agree with"
        f" the new {context.source_language.name}; every change is accounted for.",
        sent,
    ]
    if context.reviewers:
        lines.append("Reviewers: " + ", ".join(code_span(name) for name in context.reviewers))
    return "\n\n".join(lines)
