"""Files in step that have English where a translation belongs: which of them a sync can do something about, and what
stays for people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.book.book_merge import Prepared
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition
from bot.book.loading import LoadedFiles, text_at
from bot.book.state import Book, FileStatus, TranslatedFile
from bot.documents import parse
from bot.drafts.machine_drafts import examples_of
from bot.drafts.states import BookStates, SentenceRow
from bot.engines.base import Engine
from bot.errors import InputError
from bot.forge.trailers import last_asked
from bot.model import Request
from bot.report.left_for_people import Standing
from bot.report.markdown import counted

_Key = tuple[Scope, TranslatedFile]


def translatable_files(edition: LanguageEdition, book: Book, states: BookStates) -> frozenset[TranslatedFile]:
    """The files in step with English that people have translated elsewhere, or that the engine was not asked for."""
    asks, people = edition.project.engine(edition.name).translates_anything, states.people
    found = set()
    for file, rows in _in_step(states):
        missing = {row.source for row in rows}
        if not missing.isdisjoint(people) or (asks and missing - refused_sentences(edition, book, file, rows)):
            found.add(file)
    return frozenset(found)


def with_refused(edition: LanguageEdition, book: Book, states: BookStates, loaded: LoadedFiles) -> LoadedFiles:
    """The files with the English that the engine is not asked for again."""
    texts = {}
    for file, text in loaded.texts.items():
        rows = [row for row in states.files[file].untranslated if row.line] if file in states.files else []
        texts[file] = replace(text, refused=refused_sentences(edition, book, file, rows)) if rows else text
    return replace(loaded, texts=texts)


def refused_sentences(
    edition: LanguageEdition, book: Book, file: TranslatedFile, rows: Sequence[SentenceRow]
) -> frozenset[str]:
    """The English that the engine was asked for by the sync that wrote the file last, and that stands all the same.
    Only what git still knows counts: a squashed or amended commit tells nothing, and the engine is asked once more."""
    engine = edition.project.engine(edition.name)
    if not engine.translates_anything:
        return frozenset()
    commit = last_asked(book.target.repository, book.target.commit, file.path, engine.label)
    if not commit:
        return frozenset()
    try:
        text = text_at(book.target.repository.snapshot(commit), file.path)
    except InputError:
        return frozenset()
    standing = {segment.text for segment in parse(text, edition.direction.target, file.path).segments}
    return frozenset(row.source for row in rows if standing.issuperset(row.targets))


def within_cap(edition: LanguageEdition, prepared: Prepared[_Key]) -> frozenset[_Key]:
    """The files in step that wait because translating their English as well would cost more than one run may: the last
    ones by path. What changed in the English comes first."""
    engine = edition.project.engine(edition.name)
    extra = sorted((key for key in prepared.requests if key[1].status is FileStatus.CURRENT), key=_order)
    asked = prepared.requests
    if not engine.spends or not extra:
        return frozenset()
    first = [request for key, requests in asked.items() if key not in extra for request in requests]

    def is_over(number: int) -> bool:
        requests = first + [request for key in extra[:number] for request in asked[key]]
        return _is_over_cap(engine, edition, requests, prepared)

    if is_over(0):
        # The cap stops the run, whatever waits.
        return frozenset()
    allowed = bisect_left(range(1, len(extra) + 1), True, key=is_over)
    return frozenset(extra[allowed:])


def count_held(held: Collection[TranslatedFile]) -> str:
    """A remark, "" if no file waits."""
    files = counted(len(held), "file")
    return f"{files} with untranslated sentences more than one run may cost: a later run asks for them" if held else ""


def count_standing(states: BookStates, scope: Scope) -> str:
    """A remark on a book in step, "" if all of it is translated."""
    number = sum(
        row.number
        for file, found in states.files.items()
        if scope.holds(file.new_path)
        for row in found.untranslated
        if row.line
    )
    return f"{counted(number, 'sentence')} in it not translated yet; amts status counts them" if number else ""


def list_standing(
    states: BookStates, published: BookStates, written: Collection[str], scope: Scope
) -> Iterator[Standing]:
    """The English in the files of a pull request's scope that this update does not write. What the published book has
    not is new."""
    before = {
        (states.path, row.source) for states in published.files.values() for row in states.untranslated if row.line
    }
    for file, found in states.files.items():
        if file.new_path in written or not scope.holds(file.new_path):
            continue
        for row in found.untranslated:
            if row.line:
                yield Standing(file.path, row.line, row.source, is_new=(file.path, row.source) not in before)


def _in_step(states: BookStates) -> Iterator[tuple[TranslatedFile, list[SentenceRow]]]:
    for file, found in states.files.items():
        if file.status is FileStatus.CURRENT:
            rows = [row for row in found.untranslated if row.whole]
            if rows:
                yield file, rows


def _is_over_cap(
    engine: Engine, edition: LanguageEdition, requests: Sequence[Request], prepared: Prepared[_Key]
) -> bool:
    cost = engine.price(requests, edition.direction, examples_of(edition, engine, prepared.memory))
    return bool(requests) and bool(engine.over_cap(cost))


def _order(key: _Key) -> tuple[str, str]:
    scope, file = key
    return file.new_path, scope.label
