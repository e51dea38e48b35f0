"""The drafts of a merged pull request, from the bot's commits, beside what was merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot import pipeline
from bot.book.book_merge import prepare_files
from bot.book.opening import LanguageEdition
from bot.documents import decode
from bot.errors import InputError
from bot.evaluation.corrections import Correction, Figures, Rendition, judge, matched, summarize
from bot.forge.base import MergedPullRequest
from bot.forge.baseline import Baselines
from bot.forge.book import Book, TranslatedFile
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import CONTINUES
from bot.model import Bead, Document
from bot.pipeline import Texts

_Sentences = tuple[str, ...]
"""Source sentences that are translated as one."""


@dataclass
class _Drafts:
    """Of one file: what the machine said last to each of the sentences it was asked for (None: nothing that could
    stand), and the file as the bot wrote it last."""

    said: dict[_Sentences, str | None] = field(default_factory=dict)
    version: _Version | None = None


@dataclass(frozen=True)
class _Version:
    """A translation in one commit, aligned with the source text that it records."""

    english: Document
    translation: Document
    beads: Sequence[Bead]

    def stretches(self, joiner: str) -> Iterator[tuple[_Sentences, str]]:
        for bead in self.beads:
            if all(self.english.segments[i].is_prose for i in bead.source) and bead.source:
                yield (
                    tuple(self.english.segments[i].text for i in bead.source),
                    joiner.join(self.translation.segments[i].text for i in bead.target),
                )


@dataclass(frozen=True)
class _Compared:
    """A file as it was merged, with each draft in it beside what people made of that, see `matched`."""

    final: _Version
    pairs: tuple[tuple[Rendition, Rendition], ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the machine made of a source text (sentences that were translated as one), and what was merged. All on one
    line each; `path` is the translation's."""

    path: str
    source: str
    draft: str
    final: str


def read_figures(edition: LanguageEdition, merged: MergedPullRequest) -> tuple[Figures, Mapping[str, Figures]]:
    """Of the whole pull request, and of each file in which the machine drafted something. Files that can't be read, or
    whose English nothing records, have none. Raises ConfigError where sacreBLEU is not installed."""
    language = edition.direction.target
    corrections: dict[str, list[Correction]] = {}
    whole: dict[str, list[str]] = {}
    for path, found in _compare(edition, merged):
        corrections[path] = [judge(draft, text, language) for draft, text in found.pairs]
        whole[path] = [segment.text for segment in found.final.translation.segments if segment.is_prose]
    files = {path: summarize(each, whole[path], language) for path, each in corrections.items() if each}
    told = [one for path in files for one in corrections[path]]
    return summarize(told, [text for path in files for text in whole[path]], language), files


def read_drafted(edition: LanguageEdition, merged: MergedPullRequest) -> list[Drafted]:
    """The machine's answers that were merged, corrected or not; without those that were taken out."""
    joiner = edition.direction.source.joiner
    return [
        Drafted(path, _line(source), _line(draft.text), _line(final.text))
        for path, found in _compare(edition, merged)
        for draft, final in found.pairs
        if not draft.left and draft.text and final.text
        for source in [joiner.join(found.final.english.segments[place].text for place in draft.places)]
    ]


def _line(text: str) -> str:
    return " ".join(text.split())


def _compare(edition: LanguageEdition, merged: MergedPullRequest) -> Iterator[tuple[str, _Compared]]:
    drafts = _read_drafts(edition, merged)
    result = edition.repository.snapshot(merged.result)
    baselines = edition.baselines(result)
    joiner = edition.direction.target.joiner
    for path, found in sorted(drafts.items()):
        final = _read_version(edition, result, baselines, path)
        if final is not None and found.version is not None:
            yield path, _Compared(final, tuple(matched(*_stretches(found, final, joiner), joiner)))


def _stretches(drafts: _Drafts, final: _Version, joiner: str) -> tuple[list[Rendition], list[Rendition]]:
    """Both sides by the places of the sentences in the final source text. A draft whose sentence is not there any more
    has no place: its English moved on."""
    free: dict[str, list[int]] = {}
    for place, segment in reversed(list(enumerate(final.english.segments))):
        free.setdefault(segment.text, []).append(place)
    before: list[Rendition] = []
    assert drafts.version is not None
    for sentences, text in drafts.version.stretches(joiner):
        places = tuple(sorted(free[one].pop() for one in sentences if free.get(one)))
        if len(places) == len(sentences):
            asked = sentences in drafts.said
            said = drafts.said.get(sentences)
            before.append(Rendition(places, text if said is None else said, said is not None, asked and said is None))
    after = [
        Rendition(bead.source, joiner.join(final.translation.segments[i].text for i in bead.target))
        for bead in final.beads
        if bead.source and all(final.english.segments[i].is_prose for i in bead.source)
    ]
    return before, after


def _read_drafts(edition: LanguageEdition, merged: MergedPullRequest) -> dict[str, _Drafts]:
    """By path, from all commits of the bot, the oldest first."""
    found: dict[str, _Drafts] = {}
    for commit, parents in _commits_of_bot(edition.repository, merged):
        before, after = (edition.repository.snapshot(one) for one in (parents[0], commit))
        baselines, book = edition.baselines(after), edition.read_book(before)
        others = [edition.repository.snapshot(one) for one in parents]
        changed = [
            path for path in baselines.bases if after.entries[path] not in [other.entries.get(path) for other in others]
        ]
        for path, version, asked in _asked(edition, book, after, baselines, changed):
            own = found.setdefault(path, _Drafts())
            known = {text for other in others for text in _sentences(edition, other, path)}
            for sentences, text in version.stretches(edition.direction.target.joiner):
                # What stood in a parent is people's, who translated it in the branch that was merged in.
                if text not in known and (" ".join(sentences) in asked or asked.issuperset(sentences)):
                    # Where the machine has no answer, the source text stands.
                    own.said[sentences] = None if text in ("", " ".join(sentences)) else text
            own.version = version
    return found


def _commits_of_bot(repository: Repository, merged: MergedPullRequest) -> Iterator[tuple[str, list[str]]]:
    """Those of the branch that the bot made drafts in, with their parents."""
    # What a branch that went straight on to the head had before is not to be seen in the head's parents.
    before = merged.earlier if merged.result == merged.pull.head else f"{merged.result}^1"
    span = [merged.pull.head, *([f"^{before}"] if before else [])]
    form = f"--format=%H%x00%P%x00%(trailers:key={CONTINUES},valueonly,separator=%x20)"
    for line in reversed(repository.lines("log", "--first-parent", form, *span)):
        commit, parents, continues = line.split("\0")
        if continues.strip() and parents:
            yield commit, parents.split()


def _asked(
    edition: LanguageEdition, book: Book, after: Snapshot, baselines: Baselines, paths: Sequence[str]
) -> Iterator[tuple[str, _Version, frozenset[str]]]:
    """Each file as the bot wrote it, with the source sentences that it asked the machine for: those of the plan that is
    made again from what stood there before."""
    files = {file.new_path: file for file in book.files}
    work: dict[TranslatedFile, Texts] = {}
    versions: dict[TranslatedFile, _Version] = {}
    for path in paths:
        version = _read_version(edition, after, baselines, path)
        if path in files and version is not None:
            file = files[path]
            try:
                base, target = _before(book, file)
            except InputError:
                continue
            versions[file] = version
            work[file] = Texts(path, base, version.english.text, target)
    if not work:
        return
    for file, requests in prepare_files(edition, book, work).requests.items():
        yield file.new_path, versions[file], frozenset(request.text for request in requests)


def _before(book: Book, file: TranslatedFile) -> tuple[str, str]:
    if file.base is None or not file.exists:
        return "", ""
    english = decode(book.baselines.repository.read(file.base.blob), file.base.source_path)
    return english, decode(book.target.read(file.path), file.path)


def _read_version(edition: LanguageEdition, snapshot: Snapshot, baselines: Baselines, path: str) -> _Version | None:
    """None where the file is not there, can't be read, or nothing says which English it was made from."""
    base = baselines.bases.get(path)
    if base is None or path not in snapshot.entries:
        return None
    try:
        english = decode(baselines.repository.read(base.blob), base.source_path)
        text = decode(snapshot.read(path), path)
    except InputError:
        return None
    direction = edition.direction
    beads = pipeline.align_texts(Texts(path, english, english, text), direction).beads
    return _Version(pipeline.parse(english, direction.source), pipeline.parse(text, direction.target), beads)


def _sentences(edition: LanguageEdition, snapshot: Snapshot, path: str) -> set[str]:
    try:
        text = decode(snapshot.read(path), path) if path in snapshot.entries else ""
    except InputError:
        return set()
    return {segment.text for segment in pipeline.parse(text, edition.direction.target).segments}
