"""The stale sentences of a book: where they stand, and their record beside the files of a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.book.loading import text_at
from bot.book.stale_record import EffectiveBases, StaleRecord, serialize_stale, stale_path
from bot.book.state import Book, TranslatedFile
from bot.changes import StaleSentence, stale_sentences
from bot.errors import InputError
from bot.model import Merge
from bot.pipeline import parse


@dataclass(frozen=True, slots=True)
class StandingSentence:
    """A stale sentence on the lines (from 1) `first` to `last` of the translation at `path`."""

    path: str
    first: int
    last: int
    sentence: StaleSentence


def list_stale(effective: EffectiveBases, book: Book, file: TranslatedFile) -> list[StandingSentence]:
    """The stale sentences of a file, in its order. Raises InputError for a broken record, or a file that is no text."""
    if file.base is None or not file.exists or not effective.recorded(file.path):
        return []
    text = text_at(book.target, file.path)
    segments = parse(text, effective.direction.target, file.path).segments
    return [
        StandingSentence(
            file.path,
            text.count("\n", 0, segments[place.target[0]].start) + 1,
            text.count("\n", 0, segments[place.target[-1]].end) + 1,
            place.sentence,
        )
        for place in effective.find(file.path, book.baselines.english(file.base), text)
    ]


def without_stale(effective: EffectiveBases, accepted: Iterable[StandingSentence]) -> dict[str, bytes | None]:
    """The record for a commit in which the translations `accepted` count as made from the English that stands now."""
    dropped = {(one.path, one.sentence) for one in accepted}
    gone = {sentence for _, sentence in dropped}
    present = effective.target.entries
    return stale_files(
        effective,
        {
            path: frozenset(e for e in entries if (path, e) not in dropped and (path in present or e not in gone))
            for path, entries in effective.record.items()
        },
    )


def record_stale(
    effective: EffectiveBases,
    book: Book,
    contents: Mapping[TranslatedFile, bytes | None],
    merges: Mapping[TranslatedFile, Merge],
    holds: Callable[[str], bool] = lambda _: True,
) -> dict[str, bytes | None]:
    """The record to commit beside `contents`, empty if it does not change.

    The merges say what is stale in their files; a file without a merge (it is removed, or accepted as it is) has
    nothing stale. In the other files that the pull request `holds`, sentences that people edited are stale no more; the
    entries of a file that people renamed go with it.
    """
    written = {file.path for file in contents}
    stale = {path: entries for path, entries in effective.record.items() if path in book.target.entries}
    gone = frozenset[StaleSentence]().union(*(effective.record[path] for path in effective.record.keys() - stale))
    for path in book.baselines.bases if gone else ():
        stale[path] = stale.get(path, frozenset()) | gone
    stale = {
        path: _standing(effective, book, path, entries) if gone or holds(path) else entries
        for path, entries in stale.items()
        if path not in written
    }
    for file, merge in merges.items():
        stale[file.new_path] = stale_sentences(merge)
    return stale_files(effective, stale)


def stale_files(effective: EffectiveBases, stale: StaleRecord) -> dict[str, bytes | None]:
    """The file of the record `stale` for a commit; nothing if the record is the same as before."""
    path, data, target = stale_path(effective.name), serialize_stale(stale), effective.target
    return {} if data == (target.read(path) if path in target.entries else None) else {path: data}


def _standing(
    effective: EffectiveBases, book: Book, path: str, entries: frozenset[StaleSentence]
) -> frozenset[StaleSentence]:
    """The entries whose translation stands in the file; all if nothing says which English it was made from."""
    try:
        text = text_at(book.target, path)
        words = _letters([text])
        if path not in book.baselines.bases or all(_letters(entry.translation) in words for entry in entries):
            return entries
        english = book.baselines.english(book.baselines.bases[path])
    except InputError:
        return entries
    return frozenset(place.sentence for place in effective.find(path, english, text) if place.sentence in entries)


def _letters(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())
