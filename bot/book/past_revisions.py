"""Past revisions in a book's history: the sentences whose English changed in the same step as their translation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from bot.alignment import align
from bot.book.baselines import Baselines, BaselineStrategy, Paths
from bot.book.cache import Cache, cache_key
from bot.book.history import History
from bot.book.stale_record import stale_path
from bot.book.workers import Runner
from bot.changes.diff import match
from bot.documents import decode, parse
from bot.errors import AmtsError
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import read_commits
from bot.model import Bead, Direction
from bot.repair import Habits, KeptShare, PastRevision, learn, observe

# The newest are enough to know a team by, and a first run must not take minutes.
_MAX_CANDIDATES, _MAX_STEPS, _MAX_FILES = 200, 60, 16
# A pair of sentences that corresponds less surely says nothing about people.
_MIN_SCORE = 0.5
_LOG = (
    *("-c", "log.showSignature=false", "log", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-color", "--no-notes"),
    *("--first-parent", "--diff-merges=first-parent", "--diff-filter=M", "--format=%x02%H %P"),
)


class FileStep(NamedTuple):
    """A translated file in one step of the published branch: the English that it was really made from before and after,
    and its text before and after."""

    path: str
    base: str
    new: str
    before: str
    after: str


@dataclass(frozen=True)
class PastRevisions:
    """Where past revisions are looked for: in the steps of the `published` branch. A step is a commit, or a merged pull
    request as a whole; those of the bot alone are not people's. `name` is the language's in the configuration."""

    source: Snapshot
    history: History
    published: Snapshot
    strategy: BaselineStrategy
    paths: Paths
    direction: Direction
    name: str

    def read(self, cache: Cache, runner: Runner) -> list[PastRevision]:
        """Newest first. What a file's step holds is cached by its texts."""
        steps = list(islice(chain.from_iterable(islice(self._steps(), _MAX_STEPS)), _MAX_FILES))
        keys = [cache_key("past revisions", step, self.direction) for step in steps]
        known = {key: value for key in keys if (value := cache.get(key, _revisions)) is not None}
        missing = {key: (step,) for key, step in zip(keys, steps, strict=True) if key not in known}
        results = runner.map("learning habits", read_step, list(missing.values()), self.direction)
        for key, result in zip(missing, results, strict=True):
            known[key] = [] if isinstance(result, AmtsError) else result
            cache.put(key, known[key])
        return [revision for key in keys for revision in known[key]]

    def _steps(self) -> Iterator[list[FileStep]]:
        """The files of each step that brought translations in step, newest first."""
        repository = self.published.repository
        for commit, parent, changed in islice(self.candidates(), _MAX_CANDIDATES):
            if _is_of_people(repository, commit, parent):
                files = list(self._files(repository.snapshot(parent), repository.snapshot(commit), changed))
                if files:
                    yield files

    def candidates(self) -> Iterator[tuple[str, str, set[str]]]:
        """The steps that changed a record of the English, or translations where some may be stale: an edit of a stale
        sentence changes no record."""
        repository = self.published.repository
        for commit, parent, changed in _first_parents(repository, self.published.commit):
            if self.records & changed or repository.holds(f"{parent}:{stale_path(self.name)}"):
                yield commit, parent, changed

    def _files(self, parent: Snapshot, commit: Snapshot, changed: Iterable[str]) -> Iterator[FileStep]:
        try:
            sides = [(snapshot, self._baselines(snapshot)) for snapshot in (parent, commit)]
        except AmtsError:
            # A record that people broke, and mended later.
            return
        for path in sorted(changed):
            if all(path in baselines.bases for _, baselines in sides):
                try:
                    (base, before), (new, after) = (_version(path, *side) for side in sides)
                except AmtsError:
                    continue
                if base != new:
                    yield FileStep(path, base, new, before, after)

    @cached_property
    def records(self) -> frozenset[str]:
        """The paths of what records the English."""
        return self._baselines(self.published).companions

    def _baselines(self, target: Snapshot) -> Baselines:
        return self.strategy.read(self.source, self.history, target, self.paths)


def _revisions(rows: Sequence[Sequence[str]]) -> list[PastRevision]:
    return [PastRevision(*row) for row in rows]


def _version(path: str, snapshot: Snapshot, baselines: Baselines) -> tuple[str, str]:
    """The English that a translation was really made from, and its text."""
    text = decode(snapshot.read(path), path)
    return baselines.made_from(path, text), text


def _first_parents(repository: Repository, head: str) -> Iterator[tuple[str, str, set[str]]]:
    """Each commit of the branch itself with its first parent and the files that it changed."""
    commit = parent = ""
    changed: set[str] = set()
    tokens = iter(repository.run(*_LOG, head, "--").decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            if changed:
                yield commit, parent, changed
            commit, parent = [*word[1:].split(), ""][:2]
            changed = set()
        elif word.startswith(":"):
            changed.add(next(tokens))
    if changed:
        yield commit, parent, changed


def _is_of_people(repository: Repository, commit: str, parent: str) -> bool:
    """Whether people wrote something of this step: a reviewer who only merges says little."""
    brought = read_commits(repository, commit, [parent])
    return any(not made.by_bot and len(made.parents) < 2 for made in brought)


def read_step(step: FileStep, direction: Direction) -> list[PastRevision]:
    """The sentences whose English changed."""
    base, new = (parse(text, direction.source, step.path) for text in (step.base, step.new))
    before, after = (parse(text, direction.target, step.path) for text in (step.before, step.after))
    matches = match(base, new)
    image = {m.base: m.new for m in matches}
    changed = {m.base for m in matches if not m.same and base.segments[m.base].is_prose}
    if not changed:
        return []
    after_of = {bead.source: bead for bead in align(new, after, direction) if _is_evidence(bead)}
    found = []
    for bead in align(base, before, direction):
        if not _is_evidence(bead) or changed.isdisjoint(bead.source):
            continue
        images = tuple(sorted(image[b] for b in bead.source if b in image))
        later = after_of.get(images)
        if later is not None:
            sides = (base, bead.source), (new, images), (before, bead.target), (after, later.target)
            if all(len({document.segments[i].block for i in indices}) == 1 for document, indices in sides):
                texts_of = (document.raw(indices[0], indices[-1]) for document, indices in sides)
                found.append(PastRevision(*texts_of)._replace(path=step.path))
    return found


def learned_habits(past: PastRevisions, cache: Cache, runner: Runner) -> Habits:
    """What the past revisions teach, cached by the published commit."""
    key = cache_key("habits", past.name, past.published.commit, sorted(past.records), past.direction)
    known = cache.get(key, habits_from)
    if known is not None:
        return known
    if next(past.candidates(), None) is None:
        # Cheap to find out again: a dry run that learns nothing writes nothing.
        return Habits()
    observed = (observe(revision, past.direction) for revision in past.read(cache, runner))
    habits = learn(observation for observation in observed if observation is not None)
    cache.put(key, asdict(habits))
    cache.trim()
    return habits


def habits_from(data: Mapping[str, Any]) -> Habits:
    """The habits that `asdict` and JSON made `data` of."""
    counts = {kind: (carried, left) for kind, (carried, left) in data["counts"].items()}
    return Habits(**{**data, "counts": counts, "kept": tuple(KeptShare(*share) for share in data["kept"])})


def _is_evidence(bead: Bead) -> bool:
    return bool(bead.source and bead.target) and bead.score >= _MIN_SCORE
