"""The pull request of one language: its title, its body and the message of its commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Action, FileResult, Language
from bot.report.clashes import Clashing, clashes_section
from bot.report.left import doubts_section, left_section, leftovers_section
from bot.report.leftovers import Leftover
from bot.report.markdown import code_span, counted, fitted, table, table_row
from bot.report.summary import ACTIONS, UNWRITTEN, file_totals, sentence_totals, unit_totals, written_files

# GitHub refuses bodies above 65,536 characters; what is kept free is for what the bot notes there, hidden.
MAX_BODY = 48_000
# The lists of a body may fill so much, so that none of them crowds out the others.
_MAX_LIST = 12_000
_MAX_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Context:
    """What a body says besides the results. `source_commit` is the English that the result is in step with, `engine`
    who translated, `base` the branch that the pull request goes into, `earlier` what former updates of it left,
    `clashes` what gave way when the base was merged in, `quote` what the engine costs ("" for nothing), `source_url`
    the web page of the source's repository ("" where it has none), `scores` the section on the machine's quality."""

    language: Language
    source_language: Language
    source_commit: str
    engine: str
    base: str = "main"
    reviewers: tuple[str, ...] = ()
    earlier: tuple[Leftover, ...] = ()
    clashes: tuple[Clashing, ...] = ()
    quote: str = ""
    source_url: str = ""
    scores: str = ""

    @property
    def revision(self) -> str:
        return self.source_commit[:10]

    @property
    def linked_revision(self) -> str:
        """The revision, with a link to its commit where there is a page of it."""
        shown = code_span(self.revision)
        return f"[{shown}]({self.source_url}/commit/{self.source_commit})" if self.source_url else shown

    def compared(self, words: str, base: str | None) -> str:
        """The words, with a link to what changed in the source since `base`."""
        if not self.source_url or base is None or base == self.source_commit:
            return words
        return f"[{words}]({self.source_url}/compare/{base}...{self.source_commit})"


def pull_request_title(context: Context, results: Sequence[FileResult]) -> str:
    """One line without text of the book."""
    names = context.language.name, context.source_language.name
    return f"{names[0]}: in step with the {names[1]} of {context.revision} ({written_files(results)})"


def commit_message(context: Context, results: Sequence[FileResult], start: str) -> str:
    """Subject, figures, and trailers that name the source range and `start`, the commit that was continued. No path or
    text of the book: in a commit message `#1` and `@name` mean something."""
    sentences = sentence_totals(results)
    figures = ", ".join(f"{number:,} {action}" for action, number in sentences.items() if number)
    lines = [f"Files: {file_totals(results)}."]
    if figures:
        lines.append(f"Sentences: {figures}.")
    bases = sorted({result.base for result in results if result.base and result.change not in UNWRITTEN})
    trailers = [
        f"AMTS-Source-Commit: {context.source_commit}",
        *(f"AMTS-Source-Base: {base}" for base in bases),
        f"AMTS-Continues: {start}",
    ]
    return "\n".join([pull_request_title(context, results), "", *lines, "", *trailers]) + "\n"


def pull_request_body(context: Context, results: Sequence[FileResult]) -> str:
    """The body in Markdown, always shorter than `MAX_BODY`: what does not fit is counted and said to be left out."""
    head = [_summary(context, results), _untouched(results)]
    head.append(clashes_section(context.clashes, context.base, _MAX_LIST))
    foot = [
        doubts_section(results, _MAX_LIST),
        leftovers_section(context.earlier, context.source_language.name, _MAX_LIST),
        _files(context, results),
        context.scores,
        _checks(context, results),
    ]
    room = MAX_BODY - sum(len(part) + 2 for part in [*head, *foot])
    return "\n\n".join(part for part in [*head, left_section(results, room), *foot] if part) + "\n"


def _summary(context: Context, results: Sequence[FileResult]) -> str:
    """What a reviewer needs in the first minute: what happened to how many sentences, and what that asks of them."""
    sentences = sentence_totals(results)
    everything = unit_totals(results)
    left = everything["left"]
    opening = (
        f"This brings the {context.language.name} translation in step with the {context.source_language.name} of"
        f" {context.linked_revision}: {written_files(results)}"
        + (f" ({file_totals(results)})." if file_totals(results) else ".")
    )
    verdict = (
        f"**{counted(left, 'place')} left for you**, listed below." if left else "Nothing new is left for a person."
    )
    english = context.source_language.name
    meanings = {
        Action.KEPT: (f"as people wrote them; their {english} did not change", "–"),
        Action.PATCHED: ("words kept; maths, code, references, links or numbers exchanged", "a glance"),
        Action.REUSED: ("people's translation of the same sentence elsewhere in the book", "a glance"),
        Action.MOVED: ("words kept, in a new place", "a glance"),
        Action.TRANSLATED: (f"new, by engine {code_span(context.engine)}", "**review**"),
        Action.REMOVED: (f"their {english} is gone", "–"),
        Action.LEFT: ("see “Left for you”", "**decide**"),
    }
    rows = [
        [f"{sentences[action.value]:,}", action.value, *meanings[action]]
        for action in ACTIONS
        if sentences[action.value]
    ]
    parts = [f"{opening} {verdict}"]
    if rows:
        parts.append(table(["sentences", "", "what that means", "for you"], rows, numbers_from=4))
    others = ", ".join(
        f"{number:,} {action.value}"
        for action in ACTIONS
        if action is not Action.KEPT and (number := everything[action.value] - sentences[action.value])
    )
    if others:
        parts.append(f"Code, formulas, labels, images and the like: {others}.")
    return "\n\n".join(parts)


def _untouched(results: Sequence[FileResult]) -> str:
    """The files that were not written, before anything else: a failure must not look like a success."""
    entries = [
        f"- {code_span(result.path)} ({result.change.value}): {code_span(result.problem)}"
        for result in results
        if result.change in UNWRITTEN
    ]
    return "\n\n".join(["## Not touched", fitted(entries, _MAX_LIST, "\n")]) if entries else ""


def _files(context: Context, results: Sequence[FileResult]) -> str:
    """Sentences by file and action; blank means none. The kind of change links to what changed in the source."""
    rows = []
    for result in results:
        if result.change in UNWRITTEN:
            continue
        name = code_span(result.path)
        if result.old_path:
            name += f" (was {code_span(result.old_path)})"
        counts = result.merge.sentences if result.merge else {}
        numbers = [f"{number:,}" if (number := counts.get(action.value, 0)) else "" for action in ACTIONS]
        rows.append(table_row([name, context.compared(result.change.value, result.base), *numbers]))
    if not rows:
        return ""
    header = table(["file", "change", *(action.value for action in ACTIONS)], [], numbers_from=2)
    return f"## Files\n\nSentences of each file:\n\n{header}\n{fitted(rows, _MAX_FILES, chr(10))}"


def _checks(context: Context, results: Sequence[FileResult]) -> str:
    characters = sum(result.merge.characters for result in results if result.merge)
    size = sum(result.size for result in results)
    checked = sum(result.merge is not None and result.merge.verified for result in results)
    ratio = f" ({characters / size:.1%} of these files)" if size else ""
    bill = f", billed as {context.quote}" if context.quote else ""
    lines = [
        "## Checks",
        f"Verified before publishing, {counted(checked, 'file')}: every sentence whose {context.source_language.name}"
        " did not change is the same byte for byte; code, maths, references, labels and headings read as intended;"
        " every change is declared.",
        f"Sent to the engine: {counted(characters, 'character')}{ratio}{bill}."
        " What is new has no reference, so its quality was not measured.",
    ]
    if context.reviewers:
        lines.append("Reviewers: " + ", ".join(code_span(name) for name in context.reviewers))
    return "\n\n".join(lines)
