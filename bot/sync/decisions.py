"""Decisions of people in comments, recorded in `.amts/state.<language>.yaml` of the language repository: whether the
language is paused, and which files and sentences stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import yaml

from bot.book.loading import LoadedFiles, file_result
from bot.config.records import YamlRecord
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.model import FileChange

PAUSED = "people paused this language; `/amts resume` in a comment lets it go on"
_KEPT = "people keep this file as it is; `/amts unkeep` in a comment ends that"
_HEADER = "# Written by amts as people asked for in comments: what it leaves alone, and whether it waits.\n"
_KEYS = frozenset({"paused", "files", "sentences"})


@dataclass(frozen=True)
class Decisions:
    """The decisions on one language. The bot leaves alone the translations at the paths `files` and, by path, the
    translated sentences with the texts `sentences` (white space folded)."""

    paused: bool = False
    files: frozenset[str] = frozenset()
    sentences: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def keep(self, path: str, texts: Collection[str] = ()) -> Decisions:
        """The decisions with these sentences protected, or with the whole file if none is given."""
        if not texts:
            return replace(self, files=self.files | {path})
        kept = self.sentences.get(path, frozenset()) | frozenset(texts)
        return replace(self, sentences={**self.sentences, path: kept})

    def unkeep(self, path: str, texts: Collection[str] = ()) -> Decisions:
        """The decisions without the protection of these sentences, or of the file and all its sentences."""
        kept = self.sentences.get(path, frozenset()) - frozenset(texts) if texts else frozenset()
        others = {other: sentences for other, sentences in self.sentences.items() if other != path}
        files = self.files if texts else self.files - {path}
        return replace(self, files=files, sentences=others | ({path: kept} if kept else {}))

    def kept_in(self, path: str, existing: Collection[str]) -> frozenset[str]:
        """The protected sentences of a file, and of files that are gone: it may be one of them under a new name."""
        gone = (texts for other, texts in self.sentences.items() if other not in existing)
        return self.sentences.get(path, frozenset()).union(*gone)


def join_states(old: Decisions, ours: Decisions, theirs: Decisions) -> Decisions:
    """The decisions with the changes of both sides since `old`."""

    def both(was: frozenset[str], mine: frozenset[str], yours: frozenset[str]) -> frozenset[str]:
        return (yours | (mine - was)) - (was - mine)

    paths = old.sentences.keys() | ours.sentences.keys() | theirs.sentences.keys()
    none: frozenset[str] = frozenset()
    kept = {path: both(*(side.sentences.get(path, none) for side in (old, ours, theirs))) for path in paths}
    return Decisions(
        paused=theirs.paused if ours.paused == old.paused else ours.paused,
        files=both(old.files, ours.files, theirs.files),
        sentences={path: texts for path, texts in kept.items() if texts},
    )


def read_decisions(target: Snapshot, name: str) -> Decisions:
    """The decisions on language `name` in a commit of its repository. Raises InputError for a broken record."""
    path = state_path(name)
    return parse_state(target.read(path), path) if path in target.entries else Decisions()


def respect(loaded: LoadedFiles, decisions: Decisions, target: Snapshot) -> LoadedFiles:
    """Skips the protected files, with the reason, and marks the protected sentences of other files."""
    skipped = {
        file: file_result(file, FileChange.SKIPPED, problem=_KEPT)
        for file in [*loaded.settled, *loaded.texts]
        if file.path in decisions.files
    }
    texts = {
        file: replace(texts, kept=decisions.kept_in(file.path, target.entries))
        for file, texts in loaded.texts.items()
        if file not in skipped
    }
    return LoadedFiles({**loaded.settled, **skipped}, texts)


def state_path(name: str) -> str:
    """The path of a language's decisions. With a file for each, two languages in one repository never conflict."""
    return f".amts/state.{name}.yaml"


def parse_state(data: bytes, path: str) -> Decisions:
    """The reverse of `serialize_state`. Raises InputError, with the line, for anything else."""
    record = YamlRecord(path, InputError)
    top = record.top(data, _KEYS)
    paused = record.flag(top["paused"], "paused") if "paused" in top else False
    files = frozenset(map(record.name, record.items(top["files"]))) if "files" in top else frozenset()
    sentences = record.fields(top["sentences"]) if "sentences" in top else {}
    kept = {file: frozenset(map(record.text, record.items(texts))) for file, texts in sentences.items()}
    return Decisions(paused, files, kept)


def serialize_state(decisions: Decisions) -> bytes | None:
    """The file's text, sorted: the same decisions give the same bytes; None if nothing is decided."""
    sentences = {path: sorted(texts) for path, texts in sorted(decisions.sentences.items())}
    decided = {"paused": decisions.paused, "files": sorted(decisions.files), "sentences": sentences}
    entry = {"version": 1, **{key: value for key, value in decided.items() if value}}
    if entry == {"version": 1}:
        return None
    return (_HEADER + yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=4096)).encode()
