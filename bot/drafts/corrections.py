"""People's corrections of the machine's drafts: each draft of a merged pull request beside the text that was merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.drafts.authorship import FileVersion, Sentences, read_revisions, read_version
from bot.evaluation.corrections import Correction, Figures, Rendition, judge, matched, summarize
from bot.forge.base import MergedPullRequest
from bot.forge.trailers import BranchCommit, read_commits
from bot.model import Draft

# Each takes seconds the first time, since its plans are made again.
_MAX_PULL_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """The machine's translation of a source text (sentences that were translated together), and the text that was
    merged. All on one line each; `path` is the translation's."""

    path: str
    source: str
    draft: str
    final: str


def merged_drafts(edition: LanguageEdition) -> frozenset[Draft]:
    """The drafts in the latest twenty merged pull requests, corrected or not; none if the language is not measured.
    Raises RepositoryError if the host can't be asked."""
    if not edition.settings.measure:
        return frozenset()
    cache = Cache(edition.project.cache / "corrections")
    pulls = edition.fetch_merged(_MAX_PULL_REQUESTS)
    drafts = (draft for merged in pulls for draft in read_drafts(edition, merged, cache))
    return frozenset((draft.path, draft.source, draft.draft) for draft in drafts)


def read_drafts(edition: LanguageEdition, merged: MergedPullRequest, cache: Cache) -> list[MergedDraft]:
    """The machine's answers that were merged, corrected or not. Answers that people removed are left out."""
    files = edition.project.config.files_of(edition.name)
    settings = edition.settings.model_dump_json(), files.model_dump_json()
    key = cache_key("merged drafts", edition.direction, *settings, merged.pull.head, merged.result, merged.earlier)
    known: Any = cache.get(key)
    if known is not None:
        return [MergedDraft(*row) for row in known]
    joiner = edition.direction.source.joiner
    drafts = []
    for path, (version, pairs) in _compare(edition, merged).items():
        for draft, final in pairs:
            if not draft.left and draft.text and final.text:
                source = joiner.join(version.english.segments[place].text for place in draft.places)
                drafts.append(MergedDraft(path, *(" ".join(text.split()) for text in (source, draft.text, final.text))))
    cache.put(key, [[draft.path, draft.source, draft.draft, draft.final] for draft in drafts])
    return drafts


def read_figures(edition: LanguageEdition, merged: MergedPullRequest) -> tuple[Figures, Mapping[str, Figures]]:
    """Of the whole pull request, and of each file in which the machine drafted something. Files that can't be read, or
    whose English nothing records, have none. Raises ConfigError if sacreBLEU is not installed."""
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
    """The machine's last answer to each of the sentences that it was asked for in a file (None: none that could stand),
    and the file as the bot wrote it last."""

    version: FileVersion
    answers: dict[Sentences, str | None] = field(default_factory=dict)


def _compare(
    edition: LanguageEdition, merged: MergedPullRequest
) -> dict[str, tuple[FileVersion, list[tuple[Rendition, Rendition]]]]:
    """By path: the file as it was merged, with each draft in it beside what people made of it, see `matched`."""
    drafts: dict[str, _FileDrafts] = {}
    for commit in _bot_commits(edition, merged):
        for path, revision in read_revisions(edition, commit).items():
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


def _bot_commits(edition: LanguageEdition, merged: MergedPullRequest) -> Iterator[BranchCommit]:
    """The commits of the branch in which the bot made drafts, oldest first."""
    # After a fast-forward of the base branch, the parents of the head don't show the base's former state.
    before = merged.earlier if merged.result == merged.pull.head else f"{merged.result}^1"
    excluded = [before] if before else []
    commits = read_commits(edition.repository, merged.pull.head, excluded, first_parent=True)
    return (commit for commit in commits if commit.by_bot and commit.parents)


def _drafted(drafts: _FileDrafts, final: FileVersion, joiner: str) -> list[Rendition]:
    """The file as the bot left it, by the places of the sentences in the final source text. A draft of a sentence that
    the final source text does not have is left out."""
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
