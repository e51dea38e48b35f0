"""What reviewers made of the machine's drafts in an open pull request, to be applied where the same draft stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.changes import DraftCorrection
from bot.documents import Untranslated, fold
from bot.drafts.authorship import Sentences, read_revisions, read_version
from bot.forge.git import Snapshot
from bot.forge.trailers import BranchCommit, read_commits
from bot.model import Kind


class Divided(NamedTuple):
    """English whose draft reviewers corrected in different ways, and the files in which it still stands as it was."""

    english: str
    corrections: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class ReviewedDrafts:
    """`corrections` are by the path in which the same draft stands untouched."""

    corrections: Mapping[str, tuple[DraftCorrection, ...]] = field(default_factory=dict)
    divided: tuple[Divided, ...] = ()


_Draft = tuple[Sentences, str]


def read_reviewed(edition: LanguageEdition, head: str, now: Snapshot) -> ReviewedDrafts:
    """The corrections in the pull request whose branch stands at `head`; `now` is the branch with the base branch
    merged in. Costs next to nothing unless people made commits there."""
    start = edition.repository.merge_base(edition.published.commit, head)
    commits = read_commits(edition.repository, head, [start], first_parent=True)
    if all(commit.by_bot for commit in commits):
        return ReviewedDrafts()
    cache = Cache(edition.project.cache / "corrections")
    drafts: defaultdict[str, dict[Sentences, str]] = defaultdict(dict)
    for commit in commits:
        if commit.by_bot and commit.parents:
            for path, sentences, draft in _drafts_of(edition, commit, cache):
                drafts[path][sentences] = draft
    untouched: defaultdict[_Draft, list[str]] = defaultdict(list)
    corrected: defaultdict[_Draft, dict[str, tuple[str, Kind]]] = defaultdict(dict)
    joiner, baselines = edition.direction.target.joiner, edition.baselines(now)
    for path, made in sorted(drafts.items()):
        version = read_version(edition, now, baselines, path)
        if version is None:
            continue
        untranslated = Untranslated(version.english)
        for bead in version.beads:
            sentences = tuple(version.english.segments[i].text for i in bead.source)
            target = [version.translation.segments[t] for t in bead.target]
            if not target or sentences not in made:
                continue
            text = fold(joiner.join(segment.text for segment in target))
            if text == fold(made[sentences]):
                untouched[sentences, made[sentences]].append(path)
            elif not untranslated.has_copy(bead.source, target):
                kind = version.english.segments[bead.source[0]].kind
                corrected[sentences, made[sentences]].setdefault(text, (path, kind))
    return _sorted_out(untouched, corrected)


def _sorted_out(
    untouched: Mapping[_Draft, list[str]], corrected: Mapping[_Draft, Mapping[str, tuple[str, Kind]]]
) -> ReviewedDrafts:
    corrections: defaultdict[str, list[DraftCorrection]] = defaultdict(list)
    divided = []
    for key, texts in corrected.items():
        sentences, draft = key
        places = untouched.get(key, [])
        if len(texts) == 1:
            for text, (origin, kind) in texts.items():
                for path in dict.fromkeys(places):
                    corrections[path].append(DraftCorrection(sentences, draft, text, origin, kind))
        elif places:
            divided.append(Divided(" ".join(sentences), tuple(texts), tuple(dict.fromkeys(places))))
    return ReviewedDrafts({path: tuple(found) for path, found in corrections.items()}, tuple(divided))


def _drafts_of(edition: LanguageEdition, commit: BranchCommit, cache: Cache) -> list[tuple[str, Sentences, str]]:
    """The machine's answers that a commit of the bot brought, by path and English. To know them, its plan is made
    again; a commit never changes, so they are kept."""
    files = edition.project.config.files_of(edition.name)
    settings = edition.settings.model_dump_json(), files.model_dump_json()
    key = cache_key("drafts of a commit", edition.direction, *settings, commit.id)
    known = cache.get(key, _answers)
    if known is None:
        known = [
            (path, sentences, answer)
            for path, revision in read_revisions(edition, commit).items()
            for sentences, answer in revision.answers.items()
            if answer is not None
        ]
        cache.put(key, known)
    return known


def _answers(rows: Sequence[tuple[str, Sequence[str], str]]) -> list[tuple[str, Sentences, str]]:
    return [(path, tuple(sentences), answer) for path, sentences, answer in rows]
