"""What a language repository is to its source: pairs, language, branch, and where its baselines are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.book.languages import known_language
from bot.book.opening import Source
from bot.book.workers import Runner
from bot.config.schema import Baseline
from bot.documents import decode
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.forge.lock_file import LOCK_PATH
from bot.model import Direction, Language
from bot.onboarding.layout import Layout, find_layout, included, path_mapping
from bot.onboarding.matching import Match, match_contents
from bot.onboarding.naming import Named, are_same, detect, name_language
from bot.onboarding.places import Place

# The language of a book shows in a few of its documents.
_READ = 8


@dataclass(frozen=True)
class Found:
    """What is known of one language repository. `remarks` are sentences for a person: doubts, and what to look at."""

    place: Place
    branch: str
    snapshot: Snapshot
    language: Named
    layout: Layout
    matches: tuple[Match, ...]
    baseline: Baseline
    remarks: tuple[str, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """Pairs that the contents told, translation to source."""
        return {match.path: match.source_path for match in self.matches}

    @property
    def paths(self) -> Mapping[str, str]:
        return path_mapping(self.layout, self.renamed)

    @property
    def include(self) -> tuple[str, ...]:
        return included(self.layout, self.renamed)

    @property
    def exclude(self) -> tuple[str, ...]:
        """English files whose place holds a copy of the English: they would be taken for translations."""
        return tuple(sorted(f"/{path}" for path in self.layout.copies.values()))

    @property
    def unpaired(self) -> tuple[str, ...]:
        return tuple(path for path in self.layout.unpaired if path not in self.renamed)


def find(
    place: Place, snapshot: Snapshot, branch: str, source: Source, english: Language, asked: str, runner: Runner
) -> Found:
    """Looks at one language repository; `asked` is the code of its language where the user named it.

    Raises InputError where nothing in it is a translation of the source, UsageError where only the user can tell.
    """
    layout = find_layout(source.snapshot, source.history, snapshot, language=asked, source_language=english.code)
    sample = [*layout.pairs, *layout.unpaired]
    texts = list(_sample(snapshot, sample))
    where = source.repository.name
    named = (
        Named(known_language(asked).code, "you named it", _doubt(texts, asked))
        if asked
        else name_language(place.given, where, layout.code, texts, english)
    )
    direction = Direction(english, known_language(named.code))
    matches = match_contents(source.snapshot, snapshot, layout.free, layout.unpaired, direction, runner)
    if not layout.pairs and not matches:
        held = "are still in the source's language" if layout.copies else "correspond to none of it, by path or content"
        raise InputError(
            f"{place.given}: no translation was found: its documents {held}; is {where} its source, and"
            f" {branch} the branch with the translations?"
        )
    remarks = [*([f"the language may be another: {named.doubt}"] if named.doubt else []), *_remarks(layout)]
    baseline: Baseline = "lock-file" if LOCK_PATH in snapshot.entries else "origin-file" if layout.suffixes else "infer"
    return Found(place, branch, snapshot, named, layout, tuple(matches), baseline, tuple(remarks))


def source_doubt(source: Source, english: Language) -> str:
    """What speaks against the source's being in its language; empty for nothing."""
    documents = [path for path, entry in source.snapshot.entries.items() if entry.is_file and path.endswith(".md")]
    heard = detect(list(_sample(source.snapshot, documents)))
    return "" if not heard or are_same(heard, english.code) else f"py3langid takes the words of the source for {heard}"


def _doubt(texts: Sequence[str], asked: str) -> str:
    heard = detect(texts)
    return "" if not heard or are_same(heard, asked) else f"py3langid takes its words for {heard}"


def _remarks(layout: Layout) -> Iterator[str]:
    if layout.copies:
        some = ", ".join(sorted(layout.copies)[:3]) + (", …" if len(layout.copies) > 3 else "")
        yield (
            f"files that are English still: {len(layout.copies)} ({some}); they are excluded, since they would pass"
            " for translations: delete them there and take them out of exclude to have them translated"
        )


def _sample(snapshot: Snapshot, paths: Sequence[str]) -> Iterator[str]:
    """The texts of some of the documents, taken from all over."""
    for path in paths[:: max(1, len(paths) // _READ)][:_READ]:
        try:
            yield decode(snapshot.read(path), path)
        except InputError:
            continue
