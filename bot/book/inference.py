"""The baseline strategy `infer`: for a repository that recorded nothing, the English revision that fits each file
best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from bot.alignment import Lexicon, align, count_pair, learn_lexicon, read_features
from bot.alignment.revisions import (
    EnglishRevision,
    Fit,
    TranslationVersion,
    anchor_distances,
    looks_translated,
    measure_fit,
    read_anchors,
    weigh,
)
from bot.book.baselines import Base, Baselines, Certainty, Paths
from bot.book.history import History
from bot.book.lock_file import LockFile
from bot.book.timelines import Edition, Period, Timelines, read_editions, read_tags, refuse_cut_history
from bot.documents import decode, parse
from bot.errors import InputError
from bot.forge.git import Repository, Snapshot
from bot.model import Direction, Document

# Only the best few revisions are aligned: those whose log-odds are at most this far below the best.
_MAX_ALIGNED_REVISIONS, _MAX_LOG_ODDS_GAP = 3, 4.0
# A file whose sentences score less than this on average is not a translation of the text.
_MIN_MEAN_SCORE = 0.5
# Files that score at least this teach the lexicon with which the others are tried again; so many of them are enough.
_MIN_TEACHER_SCORE, _MAX_TEACHERS = 0.8, 40
# A book follows a release if at least this share of its files (and there are at least so many) fits no revision better.
_MIN_RELEASE_SHARE, _MIN_RELEASE_FILES = 0.9, 5


@dataclass(frozen=True)
class _Case:
    """A translation without a record. Of revision k of its English, `periods[k]` are the periods, `odds[k]` the
    log-odds, and `far[k]` the number of anchors in which today's translation differs; infinite if the revision is too
    new."""

    path: str
    english: str
    periods: tuple[tuple[Period, ...], ...]
    odds: NDArray[np.float64]
    far: NDArray[np.float64]

    def period(self, revision: int) -> Period:
        """The newest at the translation's own English path: the translation then follows later renames."""
        periods = self.periods[revision]
        return next((period for period in reversed(periods) if period.path == self.english), periods[-1])

    def at(self, order: int) -> int | None:
        """The revision at a place in the history's order."""
        before = [(p.order, k) for k, periods in enumerate(self.periods) for p in periods if p.order <= order]
        return max(before)[1] if before else None

    def fits(self, revision: int | None) -> bool:
        """Whether today's translation differs from no other revision in fewer anchors."""
        return revision is not None and bool(self.far[revision] == self.far.min())


@dataclass(frozen=True, slots=True)
class _Choice:
    """`belief` is the probability that the file is a translation at all."""

    revision: int
    chance: float
    fit: Fit
    belief: float = 1.0

    @property
    def certainty(self) -> Certainty:
        # Nothing inferred is certain.
        return Certainty(int(100 * min(self.chance * self.belief, 0.99)), int(100 * self.fit.linked))


@dataclass(frozen=True)
class Infer(LockFile):
    """Files keep the base that the lock file records. The bases of others are inferred in each run, until the first
    pull request records them; `read` raises BaselineError where one of the two histories is cut off, since it would
    infer wrong ones. docs/how-it-works/baselines.md describes the method and measures it."""

    direction: Direction

    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        locked = super().read(source, history, target, paths)
        wanted = {}
        for path, entry in sorted(target.entries.items()):
            english = paths.source_of(path)
            if english is None or path in locked.bases or not entry.is_file:
                continue
            if english in history.paths and paths.wanted(english):
                wanted[path] = english
        bases, notes, certainties = dict(locked.bases), {}, {}
        if wanted:
            refuse_cut_history(source.repository, source.commit)
            refuse_cut_history(target.repository, target.commit)
            timelines = Timelines(source.repository, history)
            cases = list(_cases(wanted, source.repository, target, timelines))
            release = _common_release(cases, read_tags(source.repository, history))
            choices = {case.path: self._choose(case, source.repository, target, release) for case in cases}
            choices |= self._try_again(cases, choices, source.repository, target, release)
            for case in cases:
                choice = choices[case.path]
                period, certainty = case.period(choice.revision), choice.certainty
                if choice.fit.linked < _MIN_MEAN_SCORE and choice.belief == 1.0:
                    share = f"{choice.fit.linked:.0%}"
                    notes[case.path] = f"no revision of {case.english} aligns with it (the best scores {share})"
                    continue
                bases[case.path] = Base(period.blob, period.path, period.commit)
                certainties[case.path] = certainty
                date = datetime.fromtimestamp(timelines.date(period.commit), UTC).date()
                notes[case.path] = (
                    f"its English is inferred: {period.commit[:10]} of {date}, {certainty.sure}% sure; "
                    f"its sentences score {certainty.linked}%"
                )
        absent = f"{locked.absent}, and no text revision of its English is known"
        return Baselines(bases, locked.companions, source.repository, absent, notes, certainties, locked.others)

    def _try_again(
        self,
        cases: Sequence[_Case],
        choices: Mapping[str, _Choice],
        source: Repository,
        target: Snapshot,
        release: tuple[int, float] | None,
    ) -> Iterator[tuple[str, _Choice]]:
        """New choices for files whose sentences hardly link: with the words that the rest of the book teaches, and for
        small pages with everything else that a translation shares with its English."""
        weak = [case for case in cases if choices[case.path].fit.linked < _MIN_MEAN_SCORE]
        if not weak:
            return
        good = [case for case in cases if choices[case.path].fit.linked >= _MIN_TEACHER_SCORE][:_MAX_TEACHERS]
        taught = [
            (self._english(case, choices[case.path].revision, source), self._translation(case, target)) for case in good
        ]
        lexicon = learn_lexicon(count_pair(read_features(*pair, self.direction)) for pair in taught) if taught else None
        lengths = [sum(len(pair[side].text) for pair in taught) for side in (0, 1)]
        for case in weak:
            again = [self._choose(case, source, target, release, lexicon)] if lexicon else []
            choice = max([choices[case.path], *again], key=lambda choice: choice.fit.linked)
            linked = choice.fit.linked
            documents = self._english(case, choice.revision, source), self._translation(case, target)
            usual = lengths[1] / lengths[0] if taught else None
            if linked < _MIN_MEAN_SCORE and looks_translated(*documents, linked, usual):
                choice = replace(choice, belief=1.0 - _MIN_MEAN_SCORE + linked)
            yield case.path, choice

    def _english(self, case: _Case, revision: int, source: Repository) -> Document:
        text = decode(source.read(case.periods[revision][-1].blob), case.english)
        return parse(text, self.direction[0], case.path)

    def _translation(self, case: _Case, target: Snapshot) -> Document:
        return parse(decode(target.read(case.path), case.path), self.direction[1], case.path)

    def _choose(
        self,
        case: _Case,
        source: Repository,
        target: Snapshot,
        release: tuple[int, float] | None,
        lexicon: Lexicon | None = None,
    ) -> _Choice:
        translation = self._translation(case, target)
        if release is not None:
            revision = case.at(release[0])
            if revision is not None and case.fits(revision):
                return _Choice(revision, release[1], self._fit(case, revision, source, translation, lexicon))
        best = np.flatnonzero(case.odds >= case.odds.max() - _MAX_LOG_ODDS_GAP)
        best = best[np.argsort(-case.odds[best], kind="stable")][:_MAX_ALIGNED_REVISIONS]
        fits = {int(k): self._fit(case, int(k), source, translation, lexicon) for k in best}
        # Revisions that were not aligned must not gain from that.
        gains = [fits[k].gain if k in fits else min(fit.gain for fit in fits.values()) for k in range(len(case.odds))]
        odds = case.odds + np.array(gains)
        chance = np.exp(odds - odds.max())
        revision = max(fits, key=lambda k: (odds[k], -k))
        return _Choice(revision, float(chance[revision] / chance.sum()), fits[revision])

    def _fit(
        self, case: _Case, revision: int, source: Repository, translation: Document, lexicon: Lexicon | None
    ) -> Fit:
        english = self._english(case, revision, source)
        return measure_fit(english, translation, align(english, translation, self.direction, lexicon=lexicon))


def _cases(wanted: Mapping[str, str], source: Repository, target: Snapshot, timelines: Timelines) -> Iterator[_Case]:
    editions = read_editions(target.repository, target.commit)
    for path, english in wanted.items():
        # A text that came back is one revision with several periods.
        by_blob: dict[str, list[Period]] = {}
        for period in timelines.periods(english):
            by_blob.setdefault(period.blob, []).append(period)
        periods = [tuple(group) for group in by_blob.values()]
        revisions = [_revision(source, group) for group in periods]
        known = [k for k, revision in enumerate(revisions) if revision is not None]
        versions = [*_versions(target, path, editions.get(path, []))]
        if not known or not versions:
            continue
        readable = [revision for revision in revisions if revision is not None]
        odds = weigh(readable, versions)
        far = anchor_distances(readable, versions[-1:])[0]
        if np.isneginf(odds).all():
            continue
        far[np.isneginf(odds)] = np.inf
        yield _Case(path, english, tuple(periods[k] for k in known), odds, far)


def _revision(source: Repository, periods: Sequence[Period]) -> EnglishRevision | None:
    try:
        text = decode(source.read(periods[0].blob), periods[0].path)
    except InputError:
        return None
    return EnglishRevision(read_anchors(text), tuple((period.start, period.end) for period in periods))


def _versions(target: Snapshot, path: str, editions: Sequence[Edition]) -> Iterator[TranslationVersion]:
    """The readable versions of a translation, today's last; none if today's can't be read."""
    today = target.entries[path].blob
    past = list(editions)
    if not past or past[-1].blob != today:
        now = float(target.repository.lines("show", "-s", "--format=%at", target.commit)[0])
        past.append(Edition(today, now, 1.0))
    try:
        decode(target.repository.read(today), path)
    except InputError:
        return
    for edition in past:
        try:
            text = decode(target.repository.read(edition.blob), path)
        except InputError:
            continue
        yield TranslationVersion(read_anchors(text), edition.time, edition.share)


def _common_release(cases: Sequence[_Case], tags: Mapping[str, int]) -> tuple[int, float] | None:
    """The tag (by its place in the history) that most files fit, and their share; None if too few do. Of equally good
    tags, the oldest."""
    if len(cases) < _MIN_RELEASE_FILES:
        return None
    shares = [(sum(case.fits(case.at(order)) for case in cases) / len(cases), -order) for order in tags.values()]
    share, order = max(shares, default=(0.0, 0))
    return (-order, share) if share >= _MIN_RELEASE_SHARE else None
