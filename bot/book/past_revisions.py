"""Past revisions in a book's history: the sentences whose English changed in the same step as their translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Any

from bot.alignment import align
from bot.book.baselines import Baselines, BaselineStrategy, Paths
from bot.book.cache import Cache, cache_key
from bot.book.history import History
from bot.book.workers import Runner
from bot.changes.diff import match
from bot.documents import decode, parse
from bot.errors import AmtsError, InputError
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import read_commits
from bot.model import Bead, Direction
from bot.repair import Habits, KeptShare, PastRevision, learn, observe

# The newest are enough to know a team by, and a first run must not take minutes.
_MAX_STEPS, _MAX_FILES = 60, 60
# A pair of sentences that corresponds less surely says nothing about people.
_MIN_SCORE = 0.5
_LOG = (
    *("-c", "log.showSignature=false", "log", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-color", "--no-notes"),
    *("--first-parent", "--diff-merges=first-parent", "--diff-filter=M", "--format=%x02%H %P"),
)


@dataclass(frozen=True, slots=True)
class FileStep:
    """A translated file before and after one step of the published branch, as blobs, and its English then. `commits`
    are those before and after."""

    path: str
    commits: tuple[str, str]
    english: tuple[str, str]
    translation: tuple[str, str]


@dataclass(frozen=True)
class PastRevisions:
    """Where past revisions are looked for: in the steps of the `published` branch. A step is a commit, or a merged pull
    request as a whole; those of the bot alone are not people's."""

    source: Snapshot
    history: History
    published: Snapshot
    strategy: BaselineStrategy
    paths: Paths
    direction: Direction

    def read(self, cache: Cache, runner: Runner) -> list[PastRevision]:
        """Newest first. What a file's step holds is cached by its texts."""
        steps = list(islice(chain.from_iterable(islice(self._steps(), _MAX_STEPS)), _MAX_FILES))
        keys = [cache_key("past revisions", step, self.direction) for step in steps]
        known = {key: value for key in keys if isinstance(value := cache.get(key), list)}
        missing = {key: step for key, step in zip(keys, steps, strict=True) if key not in known}
        items = [(step.path, self._texts(step)) for step in missing.values()]
        for key, result in zip(missing, runner.map("learning habits", read_file, items, self.direction), strict=True):
            known[key] = [] if isinstance(result, AmtsError) else result
            cache.put(key, known[key])
        return [PastRevision(*fields) for key in keys for fields in known[key]]

    def _texts(self, step: FileStep) -> tuple[bytes, ...]:
        """The effective English: of a sentence that the step left stale, people said nothing."""
        repository = self.published.repository
        recorded = map(self._baselines(self.published).repository.read, step.english)
        translations = [*map(repository.read, step.translation)]
        sides = zip(step.commits, recorded, translations, strict=True)
        return (*(self._effective(step.path, *side) for side in sides), *translations)

    def _effective(self, path: str, commit: str, english: bytes, translation: bytes) -> bytes:
        baselines = self._baselines(self.published.repository.snapshot(commit))
        try:
            return baselines.effective(path, decode(english, path), decode(translation, path)).encode()
        except InputError:
            return english

    def _steps(self) -> Iterator[list[FileStep]]:
        """The files of each step that brought translations in step, newest first."""
        repository = self.published.repository
        records = self._baselines(self.published).companions
        for commit, parent, changes in _first_parents(repository, self.published.commit):
            if records & changes.keys() and _is_of_people(repository, commit, parent):
                files = self._files(repository, commit, parent, changes)
                if files:
                    yield files

    def _files(
        self, repository: Repository, commit: str, parent: str, changes: Mapping[str, tuple[str, str]]
    ) -> list[FileStep]:
        try:
            before, after = (self._baselines(repository.snapshot(c)).bases for c in (parent, commit))
        except AmtsError:
            # A record that people broke, and mended later.
            return []
        return [
            FileStep(path, (parent, commit), (before[path].blob, after[path].blob), blobs)
            for path, blobs in changes.items()
            if path in before and path in after and before[path].blob != after[path].blob
        ]

    def _baselines(self, target: Snapshot) -> Baselines:
        return self.strategy.read(self.source, self.history, target, self.paths)


def _first_parents(repository: Repository, head: str) -> Iterator[tuple[str, str, dict[str, tuple[str, str]]]]:
    """Each commit of the branch itself with its first parent and the blobs of the files that it changed."""
    commit = parent = ""
    changes: dict[str, tuple[str, str]] = {}
    tokens = iter(repository.run(*_LOG, head, "--").decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        word = token.lstrip("\n")
        if word.startswith("\x02"):
            if changes:
                yield commit, parent, changes
            commit, parent = [*word[1:].split(), ""][:2]
            changes = {}
        elif word.startswith(":"):
            _, _, old, new, _ = word.split(" ")
            changes[next(tokens)] = old, new
    if changes:
        yield commit, parent, changes


def _is_of_people(repository: Repository, commit: str, parent: str) -> bool:
    """Whether people wrote something of this step: a reviewer who only merges says little."""
    brought = read_commits(repository, commit, [parent])
    return any(not made.by_bot and len(made.parents) < 2 for made in brought)


def read_file(path: str, texts: Sequence[bytes], direction: Direction) -> list[PastRevision]:
    """The sentences whose English changed, from the texts of a file: base, new, translation before and after. Raises
    InputError for a file that is no text."""
    languages = (direction.source, direction.source, direction.target, direction.target)
    base, new, before, after = (
        parse(decode(text, path), language, path) for text, language in zip(texts, languages, strict=True)
    )
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
        if later is not None and len(images) == len(bead.source):
            sides = (base, bead.source), (new, images), (before, bead.target), (after, later.target)
            if all(len({document.segments[i].block for i in indices}) == 1 for document, indices in sides):
                texts_of = (document.raw(indices[0], indices[-1]) for document, indices in sides)
                found.append(PastRevision(*texts_of)._replace(path=path))
    return found


def learned_habits(past: PastRevisions, cache: Cache, runner: Runner) -> Habits:
    """What the past revisions teach, cached by the published commit."""
    key = cache_key("habits", past.published.commit, past.strategy, past.direction)
    known = cache.get(key)
    if isinstance(known, dict):
        return habits_from(known)
    observed = (observe(revision, past.direction) for revision in past.read(cache, runner))
    habits = learn(observation for observation in observed if observation is not None)
    cache.put(key, asdict(habits))
    return habits


def habits_from(data: Mapping[str, Any]) -> Habits:
    """The habits that `asdict` and JSON made `data` of."""
    counts = {kind: (carried, left) for kind, (carried, left) in data["counts"].items()}
    return Habits(**{**data, "counts": counts, "kept": tuple(KeptShare(*share) for share in data["kept"])})


def _is_evidence(bead: Bead) -> bool:
    return bool(bead.source and bead.target) and bead.score >= _MIN_SCORE
