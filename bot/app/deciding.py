"""A sync respects what people decided in comments: which language waits, which files and sentences stay."""

from __future__ import annotations

from dataclasses import replace

from bot.app.glossaries import load_glossary
from bot.app.loading import Loaded, file_result
from bot.app.project import Project
from bot.commands.decisions import Decisions, parse_state, state_path
from bot.commands.glossary import serialize_terms, terms_path
from bot.forge.book import TranslatedFile
from bot.forge.git import Snapshot
from bot.memory.glossary import Term, read_glossary
from bot.model import FileChange, FileResult

PAUSED = "people paused this language; `/amts resume` in a comment lets it go on"
_KEPT = "people keep this file as it is; `/amts unkeep` in a comment ends that"


def read_decisions(target: Snapshot, name: str) -> Decisions:
    """What is decided of language `name` in a commit of its repository. Raises InputError for a broken record."""
    path = state_path(name)
    return parse_state(target.read(path), path) if path in target.entries else Decisions()


def with_recorded_terms(project: Project, name: str, target: Snapshot) -> Project:
    """The project whose engine for the language follows the terms that people recorded as well; they come before those
    of the configured glossary. Raises InputError for a glossary that can't be read."""
    recorded = recorded_terms(project, name, target)
    if not recorded:
        return project
    glossary = load_glossary(project, name)
    configured = glossary.terms if glossary else ()
    sources = {term.source for term in recorded}
    terms = [*recorded, *(term for term in configured if term.source not in sources)]
    text = serialize_terms(terms, project.languages(name)).decode("utf-8")
    return replace(project, glossaries={**project.glossaries, name: text})


def recorded_terms(project: Project, name: str, target: Snapshot) -> tuple[Term, ...]:
    """The terms that a commit of the language repository has from comments."""
    path = terms_path(name)
    if path not in target.entries:
        return ()
    return read_glossary(target.read(path), project.languages(name), path).terms


def respect(loaded: Loaded, decisions: Decisions, target: Snapshot) -> Loaded:
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
    return Loaded(settled, texts)


def _skipped(file: TranslatedFile) -> FileResult:
    return file_result(file, FileChange.SKIPPED, problem=_KEPT)
