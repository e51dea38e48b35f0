"""People's corrections of the machine's drafts: each draft of a merged pull request beside the text that was merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.drafts.authorship import FileVersion, Sentences, read_revisions, read_version
from bot.evaluation.corrections import Correction, Figures, Rendition, judge, matched, summarize
from bot.forge.base import MergedPullRequest
from bot.forge.trailers import read_commits
from bot.report.scores import RecentDrafts

RECENT = 200
"""How many of the latest drafts tell how people take them."""
# Each costs seconds the first time, so no more are read for them.
_RECENT_PULL_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """The machine's translation of a source text (sentences that were translated together), and the text that was
    merged. All on one line each; `path` is the translation's."""

    path: str
    source: str
    draft: str
    final: str


def recent_drafts(edition: LanguageEdition) -> RecentDrafts:
    """The latest drafts in merged pull requests. Raises RepositoryError if the host can't be asked."""
    cache = Cache(edition.project.cache / "corrections")
    found: list[MergedDraft] = []
    for merged in edition.fetch_merged(_RECENT_PULL_REQUESTS):
        if len(found) >= RECENT:
            break
        found += read_drafts(edition, merged, cache)
    found = found[:RECENT]
    changed = [draft for draft in found if draft.draft.split() != draft.final.split()]
    edits = sum(Levenshtein.distance(draft.draft, draft.final) for draft in changed)
    characters = sum(max(len(draft.draft), len(draft.final)) for draft in changed)
    return RecentDrafts(len(found), len(changed), edits / characters if characters else 0.0)


def read_drafts(edition: LanguageEdition, merged: MergedPullRequest, cache: Cache) -> list[MergedDraft]:
    """The machine's answers that were merged, corrected or not. Answers that people removed are left out."""
    files = edition.project.config.files_of(edition.name)
    settings = edition.settings.model_dump_json(), files.model_dump_json()
    key = cache_key("merged drafts", edition.direction, *settings, merged.pull.head, merged.result, merged.earlier)
    known = cache.get(key, lambda rows: [MergedDraft(*row) for row in rows])
    if known is not None:
        return known
    joiner = edition.direction.source.joiner
    drafts = []
    # A commit without a named engine has no answers of a machine: its plans need not be made again.
    for path, (version, pairs) in _compare(edition, merged, every=False).items():
        for draft, final in pairs:
            if not draft.left and draft.text and final.text:
                source = joiner.join(version.english.segments[place].text for place in draft.places)
                drafts.append(MergedDraft(path, *(" ".join(text.split()) for text in (source, draft.text, final.text))))
    cache.put(key, [[draft.path, draft.source, draft.draft, draft.final] for draft in drafts])
    return drafts


def read_figures(edition: LanguageEdition, merged: MergedPullRequest) -> tuple[Figures, Mapping[str, Figures]]:
    """The figures of the whole pull request, and of each file with drafts. Files that can't be read, or without a
    recorded base, have none. Raises ConfigError if sacreBLEU is not installed."""
    language = edition.direction.target
    corrections: dict[str, list[Correction]] = {}
    texts: dict[str, list[str]] = {}
    for path, (version, pairs) in _compare(edition, merged).items():
        if pairs:
            corrections[path] = [judge(draft, final, language) for draft, final in pairs]
            texts[path] = [segment.text for segment in version.translation.segments if segment.is_prose]
    files = {path: summarize(corrections[path], texts[path], language) for path in corrections}
    together = [correction for judged in corrections.values() for correction in judged]
    return summarize(together, [text for whole in texts.values() for text in whole], language), files


@dataclass
class _FileDrafts:
    """The machine's last answers in a file (None: no usable answer), and the last version that the bot wrote."""

    version: FileVersion
    answers: dict[Sentences, str | None] = field(default_factory=dict)


def _compare(
    edition: LanguageEdition, merged: MergedPullRequest, *, every: bool = True
) -> dict[str, tuple[FileVersion, list[tuple[Rendition, Rendition]]]]:
    """By path: the merged file, with each draft in it beside the merged text, see `matched`. With `every`, what the
    machine was asked in vain counts too."""
    drafts: dict[str, _FileDrafts] = {}
    # Where the base branch was fast-forwarded to the head, the parents of the head don't show its earlier state.
    before = merged.earlier if merged.result == merged.pull.head else f"{merged.result}^1"
    for commit in read_commits(edition.repository, merged.pull.head, [before] if before else [], first_parent=True):
        reads = commit.by_bot and commit.parents
        revisions = read_revisions(edition, commit, asks=every or bool(commit.engine)) if reads else {}
        for path, revision in revisions.items():
            if revision.version is not None:
                file = drafts.setdefault(path, _FileDrafts(revision.version))
                file.version = revision.version
                file.answers |= revision.answers
    result = edition.repository.snapshot(merged.result)
    baselines, joiner = edition.baselines(result), edition.direction.target.joiner
    versions = {path: read_version(edition, result, baselines, path) for path in sorted(drafts)}
    return {
        path: (final, list(matched(_drafted(drafts[path], final, joiner), _merged(final, joiner), joiner)))
        for path, final in versions.items()
        if final is not None
    }


def _drafted(drafts: _FileDrafts, final: FileVersion, joiner: str) -> list[Rendition]:
    """The file as the bot left it, by the places of its sentences in the final source text (others are left out)."""
    free: dict[str, list[int]] = {}
    for place, segment in reversed(list(enumerate(final.english.segments))):
        free.setdefault(segment.text, []).append(place)
    renditions = []
    for source, target in drafts.version.stretches():
        if not all(segment.is_prose for segment in source):
            continue
        sentences = tuple(segment.text for segment in source)
        places = tuple(sorted(free[text].pop() for text in sentences if free.get(text)))
        if len(places) == len(sentences):
            answer = drafts.answers.get(sentences)
            text = joiner.join(segment.text for segment in target) if answer is None else answer
            left = answer is None and sentences in drafts.answers
            renditions.append(Rendition(places, text, drafted=answer is not None, left=left))
    return renditions


def _merged(final: FileVersion, joiner: str) -> list[Rendition]:
    return [
        Rendition(bead.source, joiner.join(final.translation.segments[i].text for i in bead.target))
        for bead in final.beads
        if bead.source and all(final.english.segments[i].is_prose for i in bead.source)
    ]
