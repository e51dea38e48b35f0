"""Translations that a book had before: of English that went away and came back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from bot import pipeline
from bot.book.edition import LanguageEdition
from bot.book.history import History
from bot.book.loading import text_at
from bot.book.state import Book, TranslatedFile
from bot.documents import Untranslated, decode
from bot.errors import AmtsError, InputError
from bot.model import TranslationUnit
from bot.pipeline import Alignment, Texts

# English that comes back mostly comes soon; an old file has hundreds of revisions.
_MAX_REVISIONS, _MAX_STEPS = 100, 60
# White space and the prefixes of quoted lines, where a text folds to one space.
_WRAPPING = re.compile(rb"\s+(?:>\s*)*")
_Version = tuple[Texts, str, frozenset[str]]


@dataclass(frozen=True)
class PastTranslations:
    """Looks in the history of one version of a book."""

    edition: LanguageEdition
    book: Book

    def find(self, missing: Mapping[TranslatedFile, Collection[str]]) -> list[TranslationUnit]:
        """The newest translations of the `missing` sentences (on one line each) that their own files had. Only files
        whose English once had one of them are looked into, as far back as 60 revisions of the translation."""
        found: list[_Version] = []
        for file, sentences in missing.items():
            gone = self._former_sentences(file, sentences)
            found += self._versions(file, gone) if gone else ()
        items = [(texts,) for texts, _, _ in found]
        aligned = self.edition.runner.map("aligning", pipeline.align_texts, items, self.edition.direction)
        units: list[TranslationUnit] = []
        for (texts, commit, sentences), result in zip(found, aligned, strict=True):
            if isinstance(result, Alignment):
                path = f"{texts.path} of {commit[:10]}"
                units += (replace(unit, path=path) for unit in result.units if fold_line(unit.source) in sentences)
        return units

    def _former_sentences(self, file: TranslatedFile, sentences: Collection[str]) -> frozenset[str]:
        """Those of the sentences that need a translation, and that the file's English had in its past."""
        source, history = self.book.source, self.edition.source.history
        if file.source_path is None or not sentences:
            return frozenset()
        today = source.entries[file.source_path].blob
        try:
            english = pipeline.parse(
                decode(source.repository.read(today), file.source_path), self.edition.direction.source, file.path
            )
        except InputError:
            return frozenset()
        untranslated = Untranslated(english)
        needed = {
            fold_line(segment.text)
            for place, segment in enumerate(english.segments)
            if fold_line(segment.text) in sentences and untranslated.needs_translation(place)
        }
        waiting = {sentence: sentence.encode() for sentence in needed}
        # No translation was ever made from newer English than the base.
        base = history.order.get(file.base.commit) if file.base is not None and file.base.commit else None
        for blob in islice(dict.fromkeys(_blobs(history, file.source_path, base)), _MAX_REVISIONS):
            if not waiting:
                break
            # Cheaper than to read it as a document: only a first choice.
            text = _WRAPPING.sub(b" ", source.repository.read(blob))
            waiting = {sentence: raw for sentence, raw in waiting.items() if raw not in text}
        return frozenset(needed - waiting.keys())

    def _versions(self, file: TranslatedFile, sentences: Collection[str]) -> Iterator[_Version]:
        """The newest version of the translation that was made from each sentence, unless the sentence itself stands
        there; each with its commit and its sentences."""
        waiting = set(sentences)
        for commit, path in islice(self._steps(file.path), _MAX_STEPS):
            if not waiting:
                return
            snapshot = self.book.target.repository.snapshot(commit)
            try:
                baselines = self.edition.baselines(snapshot)
                if path not in baselines.bases or path not in snapshot.entries:
                    continue
                recorded = fold_line(baselines.english(baselines.bases[path]))
                if not any(sentence in recorded for sentence in waiting):
                    continue
                text = text_at(snapshot, path)
                english = baselines.made_from(path, text)
            except AmtsError:
                # A record that people broke, and mended later.
                continue
            present = waiting & _sentences(english, path, self.edition)
            # If people last had the English there, no older translation is better.
            had = present - _sentences(text, path, self.edition, side=1)
            waiting -= present
            if had:
                yield Texts(path, english, "", text), commit, frozenset(had)

    def _steps(self, path: str) -> Iterator[tuple[str, str]]:
        """The commits that changed the file, newest first, with its path then, and the commit before the oldest."""
        repository, head = self.book.target.repository, self.book.target.commit
        form = ("log", "--follow", "-m", "--first-parent", "-z", "--name-only", "--diff-filter=AMR", "--format=%x02%H")
        commit = ""
        for token in repository.run(*form, head, "--", path).decode("utf-8", "surrogateescape").split("\0"):
            word = token.lstrip("\n")
            if word.startswith("\x02"):
                commit = word[1:]
            elif word and commit:
                yield commit, word


def fold_line(text: str) -> str:
    """The text on one line, whatever white space it has."""
    return " ".join(text.split())


def _blobs(history: History, path: str, before: int | None) -> Iterator[str]:
    """The contents that a file of the source had under any of its names, newest first; only those of commits `before`
    this one of the history, or before the newest."""
    names, waiting = {path}, [path]
    while waiting:
        name = waiting.pop()
        earlier = {old for old, left in history.departures.items() if any(new == name for _, new in left)} - names
        names |= earlier
        waiting += earlier
    found = sorted(
        (history.order[sighting.commit], blob)
        for blob, sightings in history.sightings.items()
        for sighting in sightings
        if sighting.path in names
    )
    limit = found[-1][0] if before is None and found else before
    return (blob for at, blob in reversed(found) if limit is None or at < limit)


def _sentences(text: str, path: str, edition: LanguageEdition, side: int = 0) -> frozenset[str]:
    document = pipeline.parse(text, edition.direction[side], path)
    return frozenset(fold_line(segment.text) for segment in document.segments)
