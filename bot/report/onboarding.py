"""The pull request that proposes a configuration, with a preview of what the first run would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.model import FileChange, Language
from bot.report.markdown import code_span, counted, escaped, fitted, table, table_row

CONFIG_PATH = "amts.yaml"

# Characters of the lists of problems and of files.
_MAX_PROBLEMS = 8_000
_MAX_FILES = 25_000
_MAX_NAMED_FILES = 10
_MAX_NAMED_PATHS = 5
# Certainty of an inferred baseline, in percent: below the first it may well be wrong, from the second it rarely is.
_UNSURE, _SURE = 50, 90
_BANDS = ((_SURE, 101, "at least 90% certain"), (_UNSURE, _SURE, "at least 50%"), (0, _UNSURE, "less"))
_STATUSES = ("current", "stale", "missing", "new", "deleted", "unknown")


@dataclass(frozen=True, slots=True)
class OnboardingRow:
    """A file of the book, with its status as in `amts status`. `sure` and `linked` (in percent) say how certain the
    inferred baseline is and how well the sentences align with it; both are None if the baseline is recorded."""

    path: str
    source_path: str | None
    status: str
    base: str | None
    sure: int | None
    linked: int | None
    note: str


@dataclass(frozen=True, slots=True)
class FirstRun:
    """A preview of the first sync: files by change, sentences by action, and the requests and characters for the
    engine; `untranslated` of the `characters` are in files without any translation, `left_in_added` of the sentences
    left for a person in those of them that are added. `quote` is the price in words (""
    for nothing), `problem` a limit that the price exceeds. `spends` says that the engine costs money."""

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
    left_in_added: int = 0


@dataclass(frozen=True, slots=True)
class Onboarding:
    """One language under a proposed configuration. `own` are documents without a source, `untranslated` files of the
    source without a translation, of which `new_files` says what becomes (add, list or ignore); `remarks` are doubts."""

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
    new_files: str = "add"
    untranslated: tuple[str, ...] = ()

    @property
    def statuses(self) -> Mapping[str, int]:
        """The number of files of each status that occurs, in the order in which people read them."""
        counts = Counter(row.status for row in self.rows)
        return {status: counts[status] for status in _STATUSES if counts[status]}

    @property
    def unsure(self) -> list[OnboardingRow]:
        """Files whose inferred baseline may be wrong, the least certain first."""
        rows = [row for row in self.rows if row.sure is not None and row.sure < _UNSURE]
        return sorted(rows, key=lambda row: (row.sure or 0, row.path))

    @property
    def missing_folders(self) -> list[tuple[str, int]]:
        """Folders of the source without any translation, with the number of their files."""
        folders = Counter(_folder(row.source_path or row.path) for row in self.rows if row.status == "missing")
        begun = {_folder(row.source_path) for row in self.rows if row.status != "missing" and row.source_path}
        return sorted((folder, number) for folder, number in folders.items() if folder not in begun and folder)

    def new_files_words(self, mark: Callable[[str], str] = str) -> str:
        """The question whether the files without a translation are wanted, "" if there are none. `mark` formats
        words of the configuration."""
        if not self.untranslated:
            return ""
        left = counted(self.first_run.left_in_added, "sentence")
        will = {
            "add": f"are added by the first run, with {left} left for a person",
            "list": "are named, and added once somebody asks for one by its path",
            "ignore": "are left out, if the translators never had them",
        }
        other = {
            "add": f"{mark('add')} adds such files",
            "list": f"{mark('list')} only names those that the translators never had",
            "ignore": f"{mark('ignore')} leaves these out without a word",
        }
        others = ", ".join(words for choice, words in other.items() if choice != self.new_files)
        return (
            f"Are files without a translation wanted? The source has {len(self.untranslated):,}. As proposed, they"
            f" {will[self.new_files]} ({mark(f'files.new: {self.new_files}')}); {others}"
        )

    def baseline_words(self, mark: Callable[[str], str] = str) -> str:
        """Where the base of a file is recorded, or the confidence of an inferred base. `mark` formats file names."""
        if self.baseline == "origin-file":
            names = " or ".join(mark(f"X{suffix}.md") for suffix in self.suffixes)
            return f"recorded in {names} beside {mark('X.md')}"
        if self.baseline == "lock-file":
            return f"recorded in {mark('.amts/lock.yaml')}"
        inferred = [row.sure for row in self.rows if row.sure is not None]
        if not inferred:
            return "recorded nowhere, and nothing could be inferred"
        bands = [(sum(low <= sure < high for sure in inferred), words) for low, high, words in _BANDS]
        spread = ", ".join(f"{number:,} {words}" for number, words in bands if number)
        return f"recorded nowhere; inferred for {counted(len(inferred), 'file')}: {spread}"


def onboarding_title(proposed: Sequence[Onboarding]) -> str:
    return f"Configure AMTS for the {_translations(proposed)}"


def onboarding_message(proposed: Sequence[Onboarding], start: str) -> str:
    """The commit's message; `start` is its parent."""
    return f"{onboarding_title(proposed)}\n\nNothing happens until this is merged.\n\nAMTS-Continues: {start}\n"


def onboarding_body(proposed: Sequence[Onboarding], *, edited: bool = False) -> str:
    """The body in Markdown, well below GitHub's limit: long lists are cut, and say so. `edited`: people changed it."""
    parts = [_welcome(proposed, edited=edited)]
    for onboarding in proposed:
        name = f"{onboarding.language.name}: " if len(proposed) > 1 else ""
        parts += [
            _settings(onboarding, name),
            _first_run(onboarding.first_run, name),
            _problems(onboarding, name, _MAX_PROBLEMS // len(proposed)),
        ]
    parts.append(_afterwards(proposed))
    parts += [_files(onboarding, _MAX_FILES // len(proposed)) for onboarding in proposed]
    return "\n\n".join(part for part in parts if part) + "\n"


def _translations(proposed: Sequence[Onboarding]) -> str:
    *others, last = [onboarding.language.name for onboarding in proposed]
    return f"{', '.join(others)} and {last} translations" if others else f"{last} translation"


def _welcome(proposed: Sequence[Onboarding], *, edited: bool) -> str:
    changed = " The figures below are for the file as edited here." if edited else ""
    return (
        f"This adds `{CONFIG_PATH}`. With it, AMTS keeps the {_translations(proposed)} in step with the"
        f" {proposed[0].source_language.name} source, sentence by sentence: where a sentence of the source did not"
        " change, its translation stays the same byte for byte.\n\n"
        "**Nothing happens until this is merged.** You can edit the file on this branch; the next `amts init` keeps"
        f" your edits and updates the figures below.{changed} To decline, close this pull request: the same"
        " configuration is not proposed again."
    )


def _settings(onboarding: Onboarding, name: str) -> str:
    language, reason = onboarding.language.name, onboarding.language_reason
    source = f"{code_span(onboarding.source)}, branch {code_span(onboarding.source_branch)}"
    paths = [f"{code_span(source)} → {code_span(target)}" for source, target in onboarding.paths.items()]
    if len(paths) > _MAX_NAMED_PATHS:
        paths[_MAX_NAMED_PATHS:] = [f"and {len(paths) - _MAX_NAMED_PATHS:,} more"]
    statuses = onboarding.statuses
    rows = [
        ["source", f"{source}, {onboarding.source_language.name}"],
        ["translation", f"{language}{f' ({escaped(reason)})' if reason else ''}"],
        ["branch", f"pull requests go into {code_span(onboarding.branch)}"],
        ["the text that each file was made from", onboarding.baseline_words(code_span)],
        ["paths", ", ".join(paths) or "each translation has the path of its source"],
        ["files", f"{sum(statuses.values()):,}: " + ", ".join(f"{n:,} {status}" for status, n in statuses.items())],
    ]
    return f"## {name}What was found\n\n" + table(["", ""], rows, numbers_from=2)


def _first_run(run: FirstRun, name: str) -> str:
    files = files_words(run)
    if not files:
        return f"## {name}The first run\n\nThe translation is in step: the first run has nothing to propose."
    rows = [[f"{number:,}", action] for action, number in first_sentences(run)]
    sentences = table(["sentences", ""], rows, numbers_from=2) if rows else ""
    parts = [
        f"## {name}The first run",
        f"Files: {files}.",
        sentences,
        f"{cost_words(replace(run, quote=code_span(run.quote)))}.",
    ]
    return "\n\n".join(filter(None, parts))


def files_words(run: FirstRun) -> str:
    """`98 updated, 11 added`; empty if no file changes."""
    return ", ".join(f"{run.changes[change]:,} {change.value}" for change in FileChange if run.changes.get(change))


def first_sentences(run: FirstRun) -> list[tuple[str, int]]:
    """The actions on the sentences, in words. A preview does not ask an engine that costs money: its sentences count as
    to be translated."""
    words = {
        "kept": "kept as they are",
        "patched": "kept, with only maths, code, references or numbers exchanged",
        "reused": "reused: people translated the same sentence elsewhere in the book",
        "moved": "kept, in a new place",
        "translated": f"translated by {run.engine}",
        "removed": "removed, because their source is gone",
        "left": f"to be translated by {run.engine}" if run.spends else "left for a person, marked in the pull request",
    }
    return [(words[action], number) for action, number in run.sentences.items() if number]


def cost_words(run: FirstRun) -> str:
    """The requests that the engine would get, and their price."""
    price = f"It would cost {run.quote}. This preview cost nothing" if run.quote else "It costs nothing"
    if not run.requests:
        return price
    text = f"New text for the engine: {counted(run.characters, 'character')} in {counted(run.requests, 'place')}"
    if run.untranslated:
        added = counted(run.changes.get(FileChange.ADDED, 0), "file")
        text += f"; {run.untranslated:,} of these characters are in {added} to be added"
    return f"{text}. {price}"


def _problems(onboarding: Onboarding, name: str, room: int) -> str:
    """The points that a person should check before merging."""
    run, unsure = onboarding.first_run, onboarding.unsure
    entries = [f"- {code_span(remark)}" for remark in (run.problem, *onboarding.remarks) if remark]
    entries += [f"- {code_span(path)} can't be merged: {code_span(problem)}" for path, problem in run.failed]
    entries += [f"- {code_span(row.path)}: {code_span(row.note)}" for row in onboarding.rows if row.status == "unknown"]
    if unsure:
        named = ", ".join(f"{code_span(row.path)} ({row.sure}%)" for row in unsure[:_MAX_NAMED_FILES])
        entries.append(
            f"- For {counted(len(unsure), 'file')}, the source revision behind the translation is less than {_UNSURE}%"
            " certain. AMTS takes the likeliest of several similar revisions; the first pull request writes it into"
            f" `.amts/lock.yaml`, where you can correct it. The least certain: {named}."
        )
    if question := onboarding.new_files_words(code_span):
        entries.append(f"- {question}.")
    if onboarding.missing_folders:
        named = ", ".join(f"{code_span(f'{folder}/')} ({number:,})" for folder, number in onboarding.missing_folders)
        entries.append(
            f"- Nothing is translated yet in {named}. The first run adds these files; to leave a folder untranslated,"
            f" put it into `exclude` of `{CONFIG_PATH}`."
        )
    return "\n\n".join([f"## {name}Look at this before you merge", fitted(entries, room, "\n")]) if entries else ""


def _afterwards(proposed: Sequence[Onboarding]) -> str:
    branches = ", ".join(f"`amts/{item.language.code}` into {code_span(item.branch)}" for item in proposed)
    return (
        "## After the merge\n\n"
        "1. Each run of `amts sync` with this file compares the source with the translation. It opens one pull request"
        f" for each language (from {branches}), or updates the open one.\n"
        "2. Translators review the pull request. Their commits on its branch are kept; closing it means “not now”.\n"
        "3. Run `amts sync` by hand or by a workflow on a schedule; `docs/guides/start.md` of AMTS has one to copy."
    )


def _files(onboarding: Onboarding, room: int) -> str:
    """All files, collapsed."""
    rows = onboarding.rows
    if not rows:
        return ""
    inferred = any(row.sure is not None for row in rows)
    header = ["translation", "source", "state", "made from revision", *(["certain", "aligned"] if inferred else [])]
    return (
        f"<details>\n<summary>{onboarding.language.name}: all {counted(len(rows), 'file')}</summary>\n\n"
        f"{table(header, [], numbers_from=4)}\n"
        f"{fitted([_file(row, inferred=inferred) for row in rows], room, chr(10))}\n\n</details>"
    )


def _file(row: OnboardingRow, *, inferred: bool) -> str:
    source = "–" if row.source_path is None else "same" if row.source_path == row.path else code_span(row.source_path)
    base = code_span(row.base[:10]) if row.base else "" if row.status in ("missing", "unknown") else "no exact revision"
    percentages = ["" if value is None else f"{value}%" for value in (row.sure, row.linked)] if inferred else []
    return table_row([code_span(row.path), source, row.status, base, *percentages])


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
