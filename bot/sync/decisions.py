"""A sync respects what people decided in comments: which language waits, which files and sentences stay."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.book.glossaries import load_glossary
from bot.book.loading import LoadedFiles, file_result
from bot.book.opening import LanguageEdition
from bot.book.project import Project
from bot.documents import decode
from bot.forge.book import TranslatedFile
from bot.forge.git import Snapshot
from bot.glossary import Term, read_glossary
from bot.model import FileChange, FileResult
from bot.sync.recorded import Decisions, join_states, parse_state, serialize_state, state_path
from bot.sync.recorded_terms import join_terms, serialize_terms, terms_path

PAUSED = "people paused this language; `/amts resume` in a comment lets it go on"
_STATE, _TERMS = re.compile(r"\.amts/state\.[^/]+\.yaml"), re.compile(r"\.amts/glossary\.[^/]+\.csv")
_KEPT = "people keep this file as it is; `/amts unkeep` in a comment ends that"


def read_decisions(target: Snapshot, name: str) -> Decisions:
    """What is decided of language `name` in a commit of its repository. Raises InputError for a broken record."""
    path = state_path(name)
    return parse_state(target.read(path), path) if path in target.entries else Decisions()


def with_recorded_terms(edition: LanguageEdition, *targets: Snapshot) -> LanguageEdition:
    """The edition whose engine follows the terms that people recorded as well, in any of these commits
    of its repository (the first one counts); they come before those of the configured glossary. Raises InputError for a
    glossary that can't be read."""
    project, name = edition.project, edition.name
    found = {term.source: term for target in reversed(targets) for term in recorded_terms(project, name, target)}
    recorded = tuple(found.values())
    if not recorded:
        return edition
    glossary = load_glossary(project, name)
    configured = glossary.terms if glossary else ()
    sources = {term.source for term in recorded}
    terms = [*recorded, *(term for term in configured if term.source not in sources)]
    text = serialize_terms(terms, edition.direction).decode("utf-8")
    return replace(edition, project=replace(project, glossaries={**project.glossaries, name: text}))


def recorded_terms(project: Project, name: str, target: Snapshot) -> tuple[Term, ...]:
    """The terms that a commit of the language repository has from comments."""
    path = terms_path(name)
    if path not in target.entries:
        return ()
    return read_glossary(target.read(path), project.direction(name), path).terms


def join_recorded(path: str, old: bytes | None, ours: bytes | None, theirs: bytes | None) -> bytes | None:
    """A file of decisions or terms with what both sides recorded since `old` (None: no such file). Raises InputError
    where one of them can't be read."""
    if _TERMS.fullmatch(path):
        texts = [decode(data or b"", path) for data in (old, ours, theirs)]
        return join_terms(texts[0], texts[1], texts[2]).encode("utf-8")
    states = [parse_state(data, path) if data is not None else Decisions() for data in (old, ours, theirs)]
    return serialize_state(join_states(states[0], states[1], states[2]))


def is_recorded(path: str) -> bool:
    """Whether a path is that of a file in which decisions or terms of people are."""
    return bool(_STATE.fullmatch(path) or _TERMS.fullmatch(path))


def respect(loaded: LoadedFiles, decisions: Decisions, target: Snapshot) -> LoadedFiles:
    """Files that people keep are skipped, with the reason; of others the kept sentences are marked."""
    settled: dict[TranslatedFile, FileResult] = {
        file: _skipped(file) if file.path in decisions.files else result for file, result in loaded.settled.items()
    }
    settled |= {file: _skipped(file) for file in loaded.texts if file.path in decisions.files}
    texts = {
        file: replace(found, kept=decisions.kept_in(file.path, target.entries))
        for file, found in loaded.texts.items()
        if file not in settled
    }
    return LoadedFiles(settled, texts)


def _skipped(file: TranslatedFile) -> FileResult:
    return file_result(file, FileChange.SKIPPED, problem=_KEPT)
