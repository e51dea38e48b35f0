"""The pull request of one language: its title, body and commit message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model import Action, FileChange, FileResult, Language, Left
from bot.report.markdown import code_block, code_span, counted, table

# GitHub refuses bodies above 65,536 characters; what is kept free is for what a host adds.
MAX_BODY = 60_000
_ACTIONS = (Action.KEPT, Action.PATCHED, Action.REUSED, Action.MOVED, Action.TRANSLATED, Action.REMOVED, Action.LEFT)
_UNWRITTEN = (FileChange.SKIPPED, FileChange.FAILED)


@dataclass(frozen=True, slots=True)
class Context:
    """What a body says besides the results. `source_commit` is the English that the result is in step with."""

    language: Language
    source_language: Language
    source_commit: str
    engine: str
    reviewers: tuple[str, ...] = ()


def pull_request_title(context: Context, results: Sequence[FileResult]) -> str:
    files = counted(sum(result.change not in _UNWRITTEN for result in results), "file")
    return f"{context.language.name}: in step with the {context.source_language.name} of {context.source_commit[:10]} ({files})"


def commit_message(context: Context, results: Sequence[FileResult]) -> str:
    """Subject, the files' changes, and trailers that name the source range."""
    written = [result for result in results if result.change not in _UNWRITTEN]
    lines = [f"{result.change.value}: {result.path}" for result in written]
    bases = sorted({result.base for result in written if result.base})
    trailers = [f"AMTS-Source-Commit: {context.source_commit}"]
    trailers += [f"AMTS-Source-Base: {base}" for base in bases]
    return "\n".join([pull_request_title(context, results), "", *lines, "", *trailers]) + "\n"


def pull_request_body(context: Context, results: Sequence[FileResult]) -> str:
    """The body in Markdown, always shorter than `MAX_BODY`: what does not fit is counted and said to be left out."""
    head = [_summary(context, results), "## Files", _file_table(results)]
    troubles = _troubles(results)
    if troubles:
        head += ["## Not touched", troubles]
    foot = _footer(context, results)
    body = "\n\n".join(head)
    if len(body) + len(foot) > MAX_BODY:
        body = body[: MAX_BODY - len(foot) - 200].rsplit("\n", 1)[0] + "\n\nThe rest of this list does not fit here."
    left = _left_section(results, MAX_BODY - len(body) - len(foot) - 10)
    return "\n\n".join(part for part in [body, left, foot] if part) + "\n"


def totals(results: Iterable[FileResult]) -> dict[str, int]:
    """Pieces by action over all files, in the order of the table."""
    counts = {action.value: 0 for action in _ACTIONS}
    for result in results:
        for name, number in (result.merge.counts if result.merge else {}).items():
            counts[name] += number
    return counts


def _summary(context: Context, results: Sequence[FileResult]) -> str:
    counts = totals(results)
    english = context.source_language.name
    sentences = [
        f"Brings the {context.language.name} translation in step with the {english} of"
        f" {code_span(context.source_commit[:10])}.",
        f"{counted(counts['kept'] + counts['moved'], 'piece')} of human text kept as they were,"
        f" {counts['patched']:,} patched, {counts['reused']:,} reused from elsewhere in the book,"
        f" {counts['translated']:,} translated by engine {code_span(context.engine)},"
        f" {counts['removed']:,} removed.",
    ]
    left = counts["left"]
    sentences.append(
        f"**{counted(left, 'piece')} left for you**, listed below." if left else "Nothing is left for a person."
    )
    return " ".join(sentences)


def _file_table(results: Sequence[FileResult]) -> str:
    rows = []
    for result in results:
        if result.change in _UNWRITTEN:
            continue
        name = code_span(result.path)
        if result.old_path:
            name += f" (was {code_span(result.old_path)})"
        counts = result.merge.counts if result.merge else {}
        rows.append([name, result.change.value, *(str(counts.get(action.value, 0)) for action in _ACTIONS)])
    if not rows:
        return "None."
    return table(["file", "change", *(action.value for action in _ACTIONS)], rows, numbers_from=2)


def _troubles(results: Sequence[FileResult]) -> str:
    return "\n".join(
        f"- {code_span(result.path)}: {result.change.value}: {code_span(result.problem)}"
        for result in results
        if result.change in _UNWRITTEN
    )


def _left_section(results: Sequence[FileResult], room: int) -> str:
    """What is left for a person, as much as fits into `room` characters."""
    parts = ["## Left for you"]
    used = len(parts[0])
    total = shown = 0
    for result in results:
        left = result.merge.left if result.merge else ()
        total += len(left)
        for number, item in enumerate(left):
            entry = ([f"### {code_span(result.path)}"] if number == 0 else []) + [_left_entry(result, item)]
            size = sum(len(part) + 2 for part in entry)
            if used + size > room - 120:
                continue
            parts += entry
            used += size
            shown += 1
    if not total:
        return ""
    if shown < total:
        parts.append(f"{total - shown:,} more do not fit here; `amts sync --json` lists all.")
    return "\n\n".join(parts)


def _left_entry(result: FileResult, left: Left) -> str:
    text = result.merge.text if result.merge else ""
    line = text.count("\n", 0, left.after[0]) + 1
    entry = f"Line {line}: {code_span(left.reason)}\n\n{code_block(left.source)}"
    if left.fuzzy is not None and left.fuzzy.target:
        percent = f"{int(left.fuzzy.similarity * 100)} % " if left.fuzzy.path else ""
        entry += f"\n\n{percent}offered:\n\n{code_block(left.fuzzy.target)}"
    return entry


def _footer(context: Context, results: Sequence[FileResult]) -> str:
    characters = sum(result.merge.characters for result in results if result.merge)
    size = sum(result.size for result in results)
    checked = sum(result.merge is not None and result.merge.verified for result in results)
    ratio = f" ({characters / size:.1%} of these files)" if size else ""
    lines = [
        "## Checks",
        f"Verified before publishing, {counted(checked, 'file')}: every sentence whose {context.source_language.name} did"
        " not change is the same byte for byte; code, maths, references, labels and headings read as intended; every"
        " change is declared.",
        f"Sent to the engine: {characters:,} characters{ratio}. Quality is not measured: new sentences have no reference.",
    ]
    if context.reviewers:
        lines.append("Reviewers: " + ", ".join(code_span(name) for name in context.reviewers))
    return "\n\n".join(lines)
