"""The pull request of one language: its title, its body and the message of its commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Action, FileResult, Language
from bot.report.clashes import Clashing, clashes_part
from bot.report.english import SourceCommit, SourcePage, english_part
from bot.report.files import files_part, untouched_part
from bot.report.layout import FULL_REPORT, BodyPart, Laid, lay_out, pages
from bot.report.left_for_people import doubts_part, left_part, leftovers_part
from bot.report.leftovers import Leftover
from bot.report.markdown import code_span, counted, subject, table
from bot.report.summary import ACTIONS, UNWRITTEN, file_totals, sentence_totals, unit_totals, written_files

# GitHub refuses bodies above 65,536 characters; what is kept free is for what the bot notes there, hidden.
MAX_BODY = 46_000
_MAX_TEXT = 3_000
_MAX_WORDS = 200
_MAX_CHAPTER = 80


@dataclass(frozen=True, slots=True)
class Context:
    """What a body says besides the results. `source_commit` is the English that the result is in step with, `engine`
    who translated, `base` the branch that the pull request goes into, `chapter` the folder that it is about ("" for the
    files in none, None for all), `earlier` what former updates of it left,
    `clashes` what gave way when the base was merged in, `quote` what the engine costs ("" for nothing), `source_url`
    the web page of the source's repository ("" where it has none), `commits` those of the source that made the
    difference, newest first, and `source_base` the one before them, `terms` the section on terms that people may want
    to record, `scores` the one on the machine's quality, `commands` what people can tell the bot where it listens,
    as they type it; the last one asks for help."""

    language: Language
    source_language: Language
    source_commit: str
    engine: str
    base: str = "main"
    chapter: str | None = None
    reviewers: tuple[str, ...] = ()
    earlier: tuple[Leftover, ...] = ()
    clashes: tuple[Clashing, ...] = ()
    quote: str = ""
    source_url: str = ""
    commits: tuple[SourceCommit, ...] = ()
    source_base: str = ""
    terms: str = ""
    scores: str = ""
    commands: tuple[str, ...] = ()

    @property
    def revision(self) -> str:
        return self.source_commit[:10]

    @property
    def page(self) -> SourcePage:
        return SourcePage(self.source_url)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a pull request in Markdown, shorter than `MAX_BODY`, and the files of the full report: none where the
    body holds everything; else it refers to the first of them as `[report]`."""

    text: str
    report: tuple[str, ...] = ()


def pull_request_title(context: Context, results: Sequence[FileResult]) -> str:
    """One line; of the book it has no more than the name of a chapter."""
    names = context.language.name, context.source_language.name
    about = f"{names[0]}, {subject(_chapter(context.chapter))}" if context.chapter is not None else names[0]
    return f"{about}: in step with the {names[1]} of {context.revision} ({written_files(results)})"


def commit_message(context: Context, results: Sequence[FileResult], start: str, co_authors: Sequence[str] = ()) -> str:
    """Subject, figures, and trailers that name the source range, `start` (the commit that was continued) and authors of
    the source as `Name <address>`. No path or text of the book but for the name of a
    chapter, made harmless: in a commit message `#1` and `@name` mean something."""
    sentences = sentence_totals(results)
    figures = ", ".join(f"{number:,} {action}" for action, number in sentences.items() if number)
    lines = [f"Files: {file_totals(results)}."]
    if figures:
        lines.append(f"Sentences: {figures}.")
    bases = sorted({result.base for result in results if result.base and result.change not in UNWRITTEN})
    trailers = [
        f"AMTS-Source-Commit: {context.source_commit}",
        *(f"AMTS-Source-Base: {base}" for base in bases),
        *([f"AMTS-Engine: {context.engine}"] if unit_totals(results)[Action.TRANSLATED.value] else []),
        f"AMTS-Continues: {start}",
        *(f"Co-authored-by: {author}" for author in co_authors),
    ]
    return "\n".join([pull_request_title(context, results), "", *lines, "", *trailers]) + "\n"


def pull_request_body(context: Context, results: Sequence[FileResult]) -> Body:
    """What a reader needs in the first minute, more of it in collapsed parts, the rest in the full report."""
    english, base, head = context.source_language.name, context.source_base, context.source_commit
    # In the order of the body, each with the characters that it may fill (None: what the others leave free).
    parts: list[tuple[BodyPart | str, int | None]] = [
        (_summary(context, results), _MAX_TEXT),
        (untouched_part(results), 2_000),
        (english_part(context.commits, context.page, base, head, english), 2_500),
        (clashes_part(context.clashes, context.base), 4_000),
        (left_part(results), None),
        (doubts_part(results), 3_500),
        (leftovers_part(context.earlier, english), 3_000),
        (files_part(results, lambda words, start: context.page.compared(words, start or "", head)), 10_000),
        (context.terms, 3_000),
        (context.scores, 8_000),
        (_checks(context, results), _MAX_TEXT),
    ]
    commands = _commands(context)
    laid = {place: _laid(part, room) for place, (part, room) in enumerate(parts) if room is not None}
    free = MAX_BODY - len(commands) - sum(len(one.text) + 2 for one in laid.values())
    found = [laid[place] if place in laid else _laid(part, free) for place, (part, _) in enumerate(parts)]
    text = "\n\n".join(filter(None, (*(one.text for one in found), commands))) + "\n"
    if not any(one.missing for one in found):
        return Body(text)
    title = f"{context.language.name}: in step with the {english} of {context.revision}"
    return Body(text, pages(title, [part for part, _ in parts]))


def _laid(part: BodyPart | str, room: int) -> Laid:
    if isinstance(part, BodyPart):
        return lay_out(part, room)
    if len(part) <= room:
        return Laid(part)
    heading = part.partition("\n")[0]
    told = f"Too long for this place: it stands in the {FULL_REPORT}."
    return Laid(f"{heading}\n\n{told}" if len(heading) <= _MAX_WORDS else told, 1)


def _summary(context: Context, results: Sequence[FileResult]) -> str:
    """What a reviewer needs in the first minute: what happened to how many sentences, and what that asks of them."""
    sentences = sentence_totals(results)
    everything = unit_totals(results)
    english = context.source_language.name
    what = f"the {context.language.name} translation"
    if context.chapter is not None:
        name = _chapter(context.chapter)
        what = f"{code_span(name) if context.chapter else name} of {what}"
    opening = (
        f"This brings {what} in step with the {english} of"
        f" {context.page.commit(context.source_commit)}: {written_files(results)}"
        + (f" ({file_totals(results)})." if file_totals(results) else ".")
    )
    translated, left = sentences[Action.TRANSLATED.value], everything[Action.LEFT.value]
    earlier = len(context.earlier)
    tasks = [
        *([f"{counted(translated, 'sentence')} to review"] if translated else []),
        *([f"{counted(left, 'place')} left for you"] if left else []),
        *([f"{counted(earlier, 'sentence')} still in {english} from earlier updates"] if earlier else []),
    ]
    *first, last = tasks or [""]
    listed = f"{', '.join(first)} and {last}" if first else last
    verdict = f"**{listed}.**" if listed else ""
    if not left:
        verdict += " Nothing new is left for a person."
    meanings = {
        Action.KEPT: (f"as people wrote them; their {english} did not change", "–"),
        Action.PATCHED: ("words kept; maths, code, references, links or numbers exchanged", "a glance"),
        Action.REUSED: ("people's translation of the same sentence elsewhere in the book", "a glance"),
        Action.MOVED: ("words kept, in a new place", "a glance"),
        Action.TRANSLATED: (f"new, by engine {code_span(context.engine[:_MAX_WORDS])}", "**review**"),
        Action.REMOVED: (f"their {english} is gone", "–"),
        Action.LEFT: ("see “Left for you”", "**decide**"),
    }
    rows = [
        [action.value, *meanings[action], f"{sentences[action.value]:,}"]
        for action in ACTIONS
        if sentences[action.value]
    ]
    parts = [opening, verdict.strip()]
    if rows:
        parts.append(table(["", "what that means", "for you", "sentences"], rows, numbers_from=3))
    others = ", ".join(
        f"{number:,} {action.value}"
        for action in ACTIONS
        if action is not Action.KEPT and (number := everything[action.value] - sentences[action.value])
    )
    if others:
        parts.append(f"Code, formulas, labels, images and the like: {others}.")
    return "\n\n".join(parts)


def _chapter(name: str) -> str:
    name = name or "the files in no folder"
    return name if len(name) <= _MAX_CHAPTER else f"{name[:_MAX_CHAPTER]}…"


def _checks(context: Context, results: Sequence[FileResult]) -> str:
    characters = sum(result.merge.characters for result in results if result.merge)
    size = sum(result.size for result in results)
    checked = sum(result.merge is not None and result.merge.verified for result in results)
    ratio = f" ({characters / size:,.1%} of these files)" if size else ""
    bill = f", billed as {context.quote}" if context.quote else ""
    asked = f"Sent to the engine: {counted(characters, 'character')}{ratio}{bill}."
    if not context.scores:
        asked += " What is new has no reference, so its quality was not measured."
    lines = [
        "## Checks",
        f"Verified before publishing, {counted(checked, 'file')}: every sentence whose {context.source_language.name}"
        " did not change is the same byte for byte; code, maths, references, labels and headings read as intended;"
        " every change is declared.",
        asked,
    ]
    if context.reviewers:
        lines.append("Reviewers: " + ", ".join(code_span(name) for name in context.reviewers))
    return "\n\n".join(lines)


def _commands(context: Context) -> str:
    """In inline code and within a line: nothing here may be taken for a command itself."""
    if not context.commands:
        return ""
    *some, last = map(code_span, context.commands)
    return (
        f"## Commands\n\nAt the beginning of a comment: {', '.join(some)}; {last} tells what they do, and the others."
    )
