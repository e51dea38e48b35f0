"""What a sync made of each file, from its merge to what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.book.loading import Loaded, file_result
from bot.errors import AmtsError
from bot.forge.book import Status, TranslatedFile
from bot.forge.git import Snapshot
from bot.model import FileChange, FileResult, Merge
from bot.pipeline import Texts

Contents = Mapping[TranslatedFile, bytes | None]
"""The new bytes of each file that can be written; None deletes it."""


def collect(
    loaded: Loaded, merges: Sequence[Merge | AmtsError]
) -> tuple[Mapping[TranslatedFile, FileResult], Contents]:
    """The result of each file, and what is to be written. `merges` are those of the texts in order, or why there is
    none."""
    results = dict(loaded.settled)
    contents: dict[TranslatedFile, bytes | None] = {
        file: None for file, result in results.items() if result.change is FileChange.REMOVED
    }
    for (file, texts), merge in zip(loaded.texts.items(), merges, strict=True):
        results[file] = _merged(file, texts, merge)
        if isinstance(merge, Merge):
            contents[file] = merge.text.encode("utf-8")
    return results, contents


def _merged(file: TranslatedFile, texts: Texts, merge: Merge | AmtsError) -> FileResult:
    if isinstance(merge, AmtsError):
        return file_result(file, FileChange.FAILED, problem=str(merge))
    if file.status is Status.MISSING:
        change = FileChange.ADDED
    elif file.moves:
        change = FileChange.RENAMED
    else:
        change = FileChange.UPDATED if merge.text != texts.target else FileChange.RECORDED
    return replace(file_result(file, change), merge=merge, size=len(texts.new))


def is_same(snapshot: Snapshot, files: Mapping[str, bytes | None], published: Snapshot) -> bool:
    """Whether the snapshot with these files is what is published already."""
    entries = {path: entry for path, entry in snapshot.entries.items() if path not in files}
    written = {path: data for path, data in files.items() if data is not None}
    if entries.keys() | written.keys() != published.entries.keys():
        return False
    return all(published.entries[path] == entry for path, entry in entries.items()) and all(
        published.read(path) == data for path, data in written.items()
    )
