"""The pull request that proposes a configuration: what it would do, told before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.model import FileChange, Language
from bot.report.markdown import code_span, counted, fitted, table, table_row

CONFIG_PATH = "amts.yaml"

_MAX_LIST = 8_000
_MAX_FILES = 25_000
# Of an inferred baseline, in percent: below the first it may well be wrong, from the second on it is as good as sure.
_UNSURE, _SURE = 50, 90
_NAMED = 10
_BANDS = ((_SURE, 101, "at least 90% sure"), (_UNSURE, _SURE, "at least 50%"), (0, _UNSURE, "less"))
_CHANGES = {
    FileChange.UPDATED: "updated",
    FileChange.ADDED: "added",
    FileChange.REMOVED: "removed",
    FileChange.RENAMED: "renamed",
    FileChange.RECORDED: "recorded",
    FileChange.DECLINED: "declined",
    FileChange.SKIPPED: "left alone",
    FileChange.FAILED: "that can't be merged",
}
_MEANINGS = {
    "current": "in step with the source of today",
    "stale": "their source has changed since",
    "missing": "not translated yet: the first run adds them",
    "deleted": "their source is gone: the first run removes them",
    "unknown": "left alone until a person decides",
}


@dataclass(frozen=True, slots=True)
class OnboardingRow:
    """A file of the book. `status` is that of `amts status`. `sure` and `linked` say, in percent, how likely the
    inferred baseline is and how well the sentences align with it; None where the baseline is recorded."""

    path: str
    source_path: str | None
    status: str
    base: str | None
    sure: int | None
    linked: int | None
    note: str


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first sync would do: files by change, sentences by action, and what the engine would be asked for
    (`quote` is its price in words, "" for nothing; `problem` what the price runs into). `untranslated` of the
    `characters` are those of files that have no translation at all."""

    changes: Mapping[FileChange, int]
    sentences: Mapping[str, int]
    requests: int
    characters: int
    untranslated: int
    quote: str
    engine: str
    spends: bool
    problem: str = ""
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Onboarding:
    """One language under a proposed configuration. `own` are documents of the translators that have no source;
    `remarks` are doubts of what was proposed."""

    language: Language
    source_language: Language
    source: str
    source_branch: str
    branch: str
    baseline: str
    suffixes: tuple[str, ...]
    paths: Mapping[str, str]
    rows: tuple[OnboardingRow, ...]
    own: tuple[str, ...]
    first_run: FirstRun
    language_reason: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def statuses(self) -> Mapping[str, int]:
        """Files by status, in the order in which people read them; those that there are."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in _MEANINGS if found[status]}

    @property
    def unsure(self) -> list[OnboardingRow]:
        """Files whose inferred baseline may be wrong, the least sure first."""
        rows = [row for row in self.rows if row.sure is not None and row.sure < _UNSURE]
        return sorted(rows, key=lambda row: (row.sure or 0, row.path))

    @property
    def missing_folders(self) -> list[tuple[str, int]]:
        """Folders of the source of which nothing is translated, with the number of their files."""
        folders = Counter(_folder(row.source_path or row.path) for row in self.rows if row.status == "missing")
        begun = {_folder(row.source_path) for row in self.rows if row.status != "missing" and row.source_path}
        return sorted((folder, number) for folder, number in folders.items() if folder not in begun and folder)

    def baseline_words(self, mark: Callable[[str], str] = str) -> str:
        """Where it is recorded which text a file was made from, and how sure that is. `mark` dresses names of files."""
        if self.baseline == "origin-file":
            names = " or ".join(mark(f"X{suffix}.md") for suffix in self.suffixes)
            return f"{names} beside {mark('X.md')} holds it"
        if self.baseline == "lock-file":
            return f"{mark('.amts/lock.yaml')} names it"
        inferred = [row.sure for row in self.rows if row.sure is not None]
        if not inferred:
            return "nothing records it, and nothing could be inferred"
        spread = ", ".join(
            f"{sum(low <= sure < high for sure in inferred):,} {words}"
            for low, high, words in _BANDS
            if any(low <= sure < high for sure in inferred)
        )
        return f"nothing records it; inferred for {counted(len(inferred), 'file')}: {spread}"


def onboarding_title(proposed: Sequence[Onboarding]) -> str:
    return f"Configure AMTS for the {_languages(proposed)} translation{'s' if len(proposed) > 1 else ''}"


def onboarding_message(proposed: Sequence[Onboarding], start: str) -> str:
    """Of the commit; `start` is the one that it goes on from."""
    return f"{onboarding_title(proposed)}\n\nNothing happens until this is merged.\n\nAMTS-Continues: {start}\n"


def onboarding_body(proposed: Sequence[Onboarding], *, edited: bool = False) -> str:
    """The body in Markdown, always well below what GitHub takes: long lists are cut, and say so. `edited` says that
    people changed the proposal."""
    parts = [_welcome(proposed, edited=edited)]
    for one in proposed:
        name = f"{one.language.name}: " if len(proposed) > 1 else ""
        parts += [_found(one, name), _first(one, name), _look(one, name, _MAX_LIST // len(proposed))]
    parts.append(_afterwards(proposed))
    parts += [_files(one, _MAX_FILES // len(proposed)) for one in proposed]
    return "\n\n".join(part for part in parts if part) + "\n"


def _languages(proposed: Sequence[Onboarding]) -> str:
    *others, last = [one.language.name for one in proposed]
    return f"{', '.join(others)} and {last}" if others else last


def _welcome(proposed: Sequence[Onboarding], *, edited: bool) -> str:
    several = len(proposed) > 1
    changed = " The figures below are those of the file as it was changed here." if edited else ""
    return (
        f"This adds `{CONFIG_PATH}`. With it, AMTS keeps the {_languages(proposed)} translation{'s' if several else ''}"
        f" in step with the {proposed[0].source_language.name} source, sentence by sentence: where a sentence of the"
        " source did not change, its translation stays byte for byte.\n\n"
        "**Nothing happens until this is merged.** Change the file on this branch as you like; the next `amts init`"
        f" keeps your changes and works out the figures anew.{changed} To decline, close this: the same is not proposed"
        " again."
    )


def _found(one: Onboarding, name: str) -> str:
    total = sum(one.statuses.values())
    rows = [
        ["source", f"{code_span(one.source)}, branch {code_span(one.source_branch)}, {one.source_language.name}"],
        ["translation", f"{one.language.name}{f' ({one.language_reason})' if one.language_reason else ''}"],
        ["branch", f"pull requests go into {code_span(one.branch)}"],
        ["the text that each file was made from", one.baseline_words(code_span)],
        ["paths", _paths(one)],
        ["files", f"{total:,}: " + ", ".join(f"{number:,} {status}" for status, number in one.statuses.items())],
    ]
    return f"## {name}What was found\n\n" + table(["", ""], rows, numbers_from=2)


def _paths(one: Onboarding) -> str:
    if not one.paths:
        return "a translation has the path of its source"
    shown = [f"{code_span(source)} → {code_span(target)}" for source, target in list(one.paths.items())[:5]]
    more = f", and {len(one.paths) - 5:,} more" if len(one.paths) > 5 else ""
    return ", ".join(shown) + more


def _first(one: Onboarding, name: str) -> str:
    run = one.first_run
    files = files_words(run)
    if not files:
        return f"## {name}The first run\n\nThe translation is in step: the first run has nothing to propose."
    rows = [[f"{number:,}", action] for action, number in first_sentences(run)]
    told = table(["sentences", ""], [[row[0], row[1]] for row in rows], numbers_from=2) if rows else ""
    return "\n\n".join(
        part for part in [f"## {name}The first run", f"Files: {files}.", told, f"{cost_words(run)}."] if part
    )


def files_words(run: FirstRun) -> str:
    """`98 updated, 11 added`; empty where no file changes."""
    return ", ".join(f"{run.changes[change]:,} {word}" for change, word in _CHANGES.items() if run.changes.get(change))


def first_sentences(run: FirstRun) -> list[tuple[str, int]]:
    """What becomes of the sentences, in words. What an engine that costs money is not asked in a preview counts as to
    be translated."""
    counts = dict(run.sentences)
    words = {
        "kept": "kept, as people wrote them",
        "patched": "kept, with maths, code, references or numbers exchanged",
        "reused": "translated already elsewhere in the book, and reused",
        "moved": "kept, in a new place",
        "translated": f"translated by {run.engine}",
        "removed": "removed, for their source is gone",
        "left": f"to be translated by {run.engine}" if run.spends else "left for a person, marked in the pull request",
    }
    return [(words[action], number) for action, number in counts.items() if number]


def cost_words(run: FirstRun) -> str:
    """What the engine would be sent, and for how much."""
    asked = f"{counted(run.requests, 'place')} with {counted(run.characters, 'character')}"
    added = run.changes.get(FileChange.ADDED, 0)
    where = f", {run.untranslated:,} of them in {counted(added, 'file')} to be added" if run.untranslated else ""
    price = f"It would cost {run.quote}; nothing was spent to find out" if run.quote else "It costs nothing"
    return f"New text for the engine: {asked}{where}. {price}" if run.requests else price


def _look(one: Onboarding, name: str, room: int) -> str:
    """What a person should look at before merging."""
    entries = [f"- {code_span(remark)}" for remark in (one.first_run.problem, *one.remarks) if remark]
    entries += [f"- {code_span(path)} can't be merged: {code_span(problem)}" for path, problem in one.first_run.failed]
    entries += [f"- {code_span(row.path)}: {code_span(row.note)}" for row in one.rows if row.status == "unknown"]
    if one.unsure:
        named = ", ".join(f"{code_span(row.path)} ({row.sure}%)" for row in one.unsure[:_NAMED])
        entries.append(
            f"- {counted(len(one.unsure), 'file')}: the revision that it was made from is less than {_UNSURE}% sure."
            " The likeliest of some similar ones is taken; the first pull request writes it into `.amts/lock.yaml`,"
            f" where it can be corrected. The least sure: {named}."
        )
    if one.missing_folders:
        named = ", ".join(f"{code_span(f'{folder}/')} ({number:,})" for folder, number in one.missing_folders)
        entries.append(
            f"- Nothing is translated yet of {named}. The first run adds these files; put a folder that is not to be"
            f" translated into `exclude` of `{CONFIG_PATH}`."
        )
    return "\n\n".join([f"## {name}Look at this before you merge", fitted(entries, room, "\n")]) if entries else ""


def _afterwards(proposed: Sequence[Onboarding]) -> str:
    ways = ", ".join(f"`amts/{one.language.code}` into {code_span(one.branch)}" for one in proposed)
    return (
        "## After the merge\n\n"
        "1. Each `amts sync` with this file compares the source with the translation, and opens one pull request for"
        f" each language (from {ways}) or updates the open one.\n"
        "2. Translators review it. Their commits on its branch stay; closing it means “not now”.\n"
        "3. Run it by hand, or by a workflow on a schedule: `docs/guides/start.md` of AMTS has one to copy."
    )


def _files(one: Onboarding, room: int) -> str:
    """Every pair, collapsed."""
    if not one.rows:
        return ""
    inferred = any(row.sure is not None for row in one.rows)
    header = [
        "translation",
        "source",
        "state",
        "made from revision",
        *(["sure", "sentences score"] if inferred else []),
    ]
    lines = [_pair(row, inferred=inferred) for row in one.rows]
    top = table(header, [], numbers_from=4)
    return (
        f"<details>\n<summary>{one.language.name}: all {counted(len(one.rows), 'file')}</summary>\n\n{top}\n"
        f"{fitted(lines, room, chr(10))}\n\n</details>"
    )


def _pair(row: OnboardingRow, *, inferred: bool) -> str:
    source = "–" if row.source_path is None else "same" if row.source_path == row.path else code_span(row.source_path)
    sure = [f"{row.sure}%" if row.sure is not None else "", f"{row.linked}%" if row.linked is not None else ""]
    nowhere = "" if row.status in ("missing", "unknown") else "no revision exactly"
    base = code_span(row.base[:10]) if row.base else nowhere
    return table_row([code_span(row.path), source, row.status, base, *(sure if inferred else [])])


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
