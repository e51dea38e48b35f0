"""What a machine wrote in a book and nobody touched since, from the bot's own commits.

However people merge a pull request, its branch still has the bot's commits as they were, and their seals prove them.
What people commit there, or later in the base branch, has other words, so it is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.book.loading import text_at
from bot.documents import fold
from bot.drafts.authorship import FileRevision, FileVersion, read_revisions, read_version
from bot.engines.base import Engine
from bot.errors import BaselineError, InputError
from bot.forge.git import Snapshot
from bot.forge.trailers import SEAL, BranchCommit, parse_commit
from bot.memory import TranslationMemory
from bot.model import Draft, Drafts, Segment, without_spaces

# What a commit holds never changes, so what is known of it outlives the code that read it. Raise it with the rules.
_RULES = 1
# The bot changes no more than a part of a sentence that it carries over to other English.
_MIN_LIKENESS = 50.0


@dataclass(frozen=True)
class CarriedDraft:
    """A translation that the bot carried over to other English, without a person: still a draft if it was one."""

    before: Draft
    after: Draft


@dataclass(frozen=True)
class MachineWork:
    """What a machine did in one commit of the bot."""

    written: tuple[Draft, ...] = ()
    carried: tuple[CarriedDraft, ...] = ()


def known_drafts(edition: LanguageEdition) -> Drafts:
    """The drafts in all pull requests of the bot, merged or not. The first time, each commit takes seconds, since its
    plans are made again. Raises RepositoryError if the host can't be asked."""
    cache, repository = Cache(edition.project.cache / "drafts"), edition.repository
    heads = dict.fromkeys([edition.published.commit, *edition.fetch_heads()])
    names = repository.lines("rev-list", "--reverse", "--topo-order", f"--grep=^{SEAL}: ", *heads)
    commits = [parse_commit(name, repository.read(name)) for name in names]
    # Before a machine wrote anything, the bot had nothing of it to carry over.
    first = next((place for place, commit in enumerate(commits) if commit.by_bot and commit.engine), len(commits))
    return gather(_work(edition, commit, cache) for commit in commits[first:] if commit.by_bot and commit.parents)


def examples_of(edition: LanguageEdition, engine: Engine, memory: TranslationMemory) -> TranslationMemory:
    """What an engine may learn from a memory: what people wrote. One that only looks translations up may find all."""
    return memory.without(known_drafts(edition)) if engine.translates_anything else memory


def gather(works: Iterable[MachineWork]) -> Drafts:
    """The drafts of several commits, whatever their order, those carried over to other English included."""
    works = list(works)
    drafts = Drafts(draft for work in works for draft in work.written)
    carried = [one for work in works for one in work.carried]
    while drafts:
        more = {one.after for one in carried if drafts.hold(one.before.path, one.before.source, one.before.targets)}
        if more <= drafts.all:
            break
        drafts = Drafts(drafts.all | more)
    return drafts


def _work(edition: LanguageEdition, commit: BranchCommit, cache: Cache) -> MachineWork:
    settings = edition.settings
    layout = settings.baseline, *settings.origin_suffixes, settings.paths
    key = cache_key("machine drafts", _RULES, edition.direction, *layout, commit.id, lasting=True)
    known = cache.get(key, _from_cache)
    if known is None:
        known = _read(edition, commit)
        cache.put(key, [list(known.written), [[one.before, one.after] for one in known.carried]])
    return known


def _from_cache(value: Any) -> MachineWork:
    written, carried = value
    return MachineWork(tuple(map(_draft, written)), tuple(CarriedDraft(*map(_draft, pair)) for pair in carried))


def _draft(row: Any) -> Draft:
    path, source, targets = row
    return Draft(path, source, tuple(targets))


def _read(edition: LanguageEdition, commit: BranchCommit) -> MachineWork:
    parent = edition.repository.snapshot(commit.parents[0])
    written: dict[Draft, None] = {}
    carried: dict[CarriedDraft, None] = {}
    try:
        baselines, elsewhere = edition.baselines(parent), _Elsewhere(edition, parent)
        # A commit without a named engine has nothing of a machine: its plans need not be made again.
        revisions = read_revisions(edition, commit, asks=bool(commit.engine))
    except BaselineError:  # records that were damaged then say nothing of what the machine was asked
        return MachineWork()
    for path, revision in revisions.items():
        if revision.version is not None:
            written |= dict.fromkeys(_written(path, revision, revision.version, elsewhere))
            old = read_version(edition, parent, baselines, path) if revision.added else None
            if old is not None:
                carried |= dict.fromkeys(_carried(path, old, revision.version, revision))
    return MachineWork(tuple(written), tuple(carried))


def _written(path: str, revision: FileRevision, version: FileVersion, elsewhere: _Elsewhere) -> Iterator[Draft]:
    for source, target in version.stretches():
        if revision.answers.get(tuple(segment.text for segment in source)) is not None:
            draft = _as_draft(path, source, target)
            yield draft if elsewhere.has(draft.targets) else draft._replace(path="")


def _carried(path: str, old: FileVersion, new: FileVersion, revision: FileRevision) -> Iterator[CarriedDraft]:
    """The stretches that the bot made of others, because their English changed."""
    standing = {segment.text for segment in new.translation.segments}
    gone = [
        (source, target)
        for source, target in old.stretches()
        if target and not standing.issuperset(segment.text for segment in target)
    ]
    former = [_as_draft(path, source, target) for source, target in gone]
    for source, target in new.stretches():
        is_new = target and not revision.added.isdisjoint(segment.text for segment in target)
        if not is_new or tuple(segment.text for segment in source) in revision.answers:
            continue
        after = _as_draft(path, source, target)
        words = " ".join(after.targets)
        best = max(former, key=lambda draft: fuzz.ratio(" ".join(draft.targets), words), default=None)
        # The same English with other words is a reviewer's correction, which the bot applied here too.
        if best is None or best.source == after.source:
            continue
        if fuzz.ratio(" ".join(best.targets), words) >= _MIN_LIKENESS:
            yield CarriedDraft(best, after)


class _Elsewhere:
    """The words of the whole translation in one commit."""

    def __init__(self, edition: LanguageEdition, snapshot: Snapshot) -> None:
        self._edition, self._snapshot = edition, snapshot
        self._texts: list[str] | None = None

    def has(self, targets: Sequence[str]) -> bool:
        """Whether one of the sentences stands anywhere."""
        if self._texts is None:
            self._texts = list(self._read())
        return any(words in text for words in map(without_spaces, targets) for text in self._texts)

    def _read(self) -> Iterator[str]:
        for path in self._edition.baselines(self._snapshot).bases:
            if path in self._snapshot.entries:
                try:
                    yield without_spaces(text_at(self._snapshot, path))
                except InputError:  # a text that can't be read has no translations to give
                    continue


def _as_draft(path: str, source: Sequence[Segment], target: Sequence[Segment]) -> Draft:
    english = " ".join(fold(segment.text) for segment in source)
    sentences = [fold(segment.text) for segment in target]
    return Draft(path, english, (*sentences, *([" ".join(sentences)] if len(sentences) > 1 else [])))
