"""Who wrote which sentence of a translation in a pull request: people, the machine, or nobody yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot import pipeline
from bot.book.baselines import Baselines
from bot.book.book_merge import prepare_files
from bot.book.edition import LanguageEdition
from bot.book.loading import text_at
from bot.book.state import TranslatedFile
from bot.documents import Untranslated, reads_the_same
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.forge.trailers import BranchCommit, read_commits
from bot.model import Bead, Document, Segment
from bot.pipeline import Texts
from bot.repair import RepairPolicy

Sentences = tuple[str, ...]
"""Source sentences that are translated as one."""


class Writer(StrEnum):
    """`published`: people, before this pull request; `people`: people, in it; `bot`: people's words, kept or with other
    maths and the like, be it a phrase of a machine; `machine`: translated for this pull request; `left`: nobody, the
    text is untranslated."""

    PUBLISHED = "published"
    PEOPLE = "people"
    BOT = "bot"
    MACHINE = "machine"
    LEFT = "left"


@dataclass(frozen=True)
class FileVersion:
    """A translation in one commit, aligned with the source text that it was made from (the effective base)."""

    english: Document
    translation: Document
    beads: tuple[Bead, ...]

    def stretches(self) -> Iterator[tuple[tuple[Segment, ...], tuple[Segment, ...]]]:
        """Sentences of the source that were translated together, and their translation."""
        for bead in self.beads:
            if bead.source:
                source = tuple(self.english.segments[i] for i in bead.source)
                yield source, tuple(self.translation.segments[i] for i in bead.target)


@dataclass(frozen=True)
class FileRevision:
    """A commit's changes to a translation. `added` are the texts of sentences that no parent has in the file,
    `by_machine` the machine's among them. `answers` are by the source sentences of a request; None is no usable answer.
    `version` is the file as the bot wrote it, None for a commit of people and without a recorded base."""

    commit: BranchCommit
    added: frozenset[str]
    by_machine: frozenset[str] = frozenset()
    answers: Mapping[Sentences, str | None] = field(default_factory=dict)
    version: FileVersion | None = None


@dataclass(frozen=True)
class AttributedSentence:
    """A bead of the translation in the pull request, and its source; both may have several segments. `commit` brought
    it into the pull request; `engine` made the machine translations of that commit ("" for unknown)."""

    bead: Bead
    english: str
    target: tuple[Segment, ...]
    writer: Writer
    commit: str = ""
    engine: str = ""


@dataclass(frozen=True)
class AttributedFile:
    """A file of the pull request, its source text, and its sentences in the order of the source. `answers` are the
    machine's last answers in the pull request, as in FileRevision."""

    file: TranslatedFile
    english: Document
    translation: Document
    sentences: tuple[AttributedSentence, ...]
    answers: Mapping[Sentences, str | None]

    def at(self, line: int) -> list[AttributedSentence]:
        """The sentences on a line of the translation (from 1)."""
        return [
            sentence
            for sentence in self.sentences
            if any(on_line(self.translation, segment, line) for segment in sentence.target)
        ]


def on_line(document: Document, segment: Segment, line: int) -> bool:
    """Whether a segment stands on a line (from 1)."""
    first = document.text.count("\n", 0, segment.start) + 1
    return first <= line <= first + document.text.count("\n", segment.start, segment.end)


def attribute(edition: LanguageEdition, file: TranslatedFile, version: FileVersion, head: str) -> AttributedFile:
    """Who wrote the sentences of a file in a pull request, whose branch stands at the commit `head`."""
    start = edition.repository.merge_base(edition.published.commit, head)
    commits = read_commits(edition.repository, head, [start], first_parent=True)
    revisions = [revision for commit in commits for revision in read_revisions(edition, commit, [file.path]).values()]
    brought = {text: revision for revision in revisions for text in revision.added}
    untranslated, sentences = Untranslated(version.english), []
    for bead in version.beads:
        english = " ".join(version.english.segments[i].text for i in bead.source)
        target = tuple(version.translation.segments[i] for i in bead.target)
        writer, commit = _writer(target, brought)
        # Text that a person put there in the pull request counts as that person's.
        if writer is not Writer.PEOPLE and untranslated.has_copy(bead.source, target):
            writer = Writer.LEFT
        origin = (commit.id, commit.engine) if commit else ()
        sentences.append(AttributedSentence(bead, english, target, writer, *origin))
    answers = {source: answer for revision in revisions for source, answer in revision.answers.items()}
    return AttributedFile(file, version.english, version.translation, tuple(sentences), answers)


def read_revisions(
    edition: LanguageEdition, commit: BranchCommit, paths: Collection[str] | None = None, *, asks: bool = True
) -> dict[str, FileRevision]:
    """The changes of a commit (only to `paths`, if given) by path. In a merge, only text that no parent has is new.
    Without `asks`, a sync's commit has no answers: its plans are not made again."""
    after, *parents = (edition.repository.snapshot(name) for name in (commit.id, *commit.parents))
    baselines = edition.baselines(after) if commit.by_bot else None
    changed = {
        path: frozenset(_texts(edition, after, path)).difference(*(_texts(edition, parent, path) for parent in parents))
        for path in (baselines.bases if paths is None and baselines else paths or ())
        if path in after.entries and after.entries[path] not in [parent.entries.get(path) for parent in parents]
    }
    versions: dict[str, FileVersion] = {}
    if baselines is not None and parents:
        read = {path: read_version(edition, after, baselines, path) for path in changed}
        versions = {path: version for path, version in read.items() if version is not None}
    asked: Mapping[str, frozenset[str]] = {}
    if asks and baselines is not None and versions and not commit.by_command:
        english = {path: baselines.english(baselines.bases[path]) for path in versions}
        policy = replace(edition.repair_policy, retranslate_below=commit.retranslated_below)
        asked = _asked(edition, parents[0], english, policy)
    return {
        path: _bot_revision(edition, commit, added, versions[path], asked.get(path, frozenset()))
        if path in versions
        else FileRevision(commit, added)
        for path, added in changed.items()
    }


def read_version(edition: LanguageEdition, snapshot: Snapshot, baselines: Baselines, path: str) -> FileVersion | None:
    """None if the file does not exist or can't be read, or its base is not recorded."""
    if path not in baselines.bases or path not in snapshot.entries:
        return None
    try:
        text = text_at(snapshot, path)
        return align_version(edition, path, baselines.made_from(path, text), text)
    except InputError:
        return None


def align_version(edition: LanguageEdition, path: str, english: str, text: str) -> FileVersion:
    direction = edition.direction
    beads = pipeline.align_texts(Texts(path, english, english, text), direction).beads
    english_document = pipeline.parse(english, direction.source, path)
    return FileVersion(english_document, pipeline.parse(text, direction.target, path), beads)


def _bot_revision(
    edition: LanguageEdition, commit: BranchCommit, added: frozenset[str], version: FileVersion, asked: frozenset[str]
) -> FileRevision:
    """All additions of a command are the machine's. A stretch with a sentence of a parent is people's: they translated
    it before, or in the branch that was merged in."""
    answers: dict[Sentences, str | None] = {}
    by_machine: set[str] = set()
    for source, target in version.stretches():
        sentences = tuple(segment.text for segment in source)
        texts = [segment.text for segment in target]
        english = " ".join(sentences)
        is_asked = commit.by_command or english in asked or asked.issuperset(sentences)
        if is_asked and added.issuperset(texts):
            # If the machine has no answer, the source text stands.
            stands = bool(texts) and not reads_the_same(english, " ".join(texts))
            answers[sentences] = edition.direction.target.joiner.join(texts) if stands else None
            by_machine.update(texts)
    return FileRevision(commit, added, frozenset(by_machine), answers, version)


def _asked(
    edition: LanguageEdition, before: Snapshot, english: Mapping[str, str], policy: RepairPolicy
) -> dict[str, frozenset[str]]:
    """The source texts that a sync had the machine translate, by path; a sentence that it only helped to repair stays
    people's. The plan is computed again from the state `before`, the source that the sync merged in, and its policy."""
    book = edition.read_book(before)
    files = {file.new_path: file for file in book.files if file.new_path in english}
    work = {}
    for path, file in files.items():
        base = target = ""
        try:
            if file.base is not None and file.exists:
                target = text_at(book.target, file.path)
                base = book.baselines.made_from(file.path, target)
        except InputError:
            continue
        work[file] = Texts(path, base, english[path], target)
    requests = prepare_files(edition, book, work, policy).requests
    return {
        file.new_path: frozenset(request.text for request in asked if not request.repairs)
        for file, asked in requests.items()
    }


def _writer(target: tuple[Segment, ...], brought: Mapping[str, FileRevision]) -> tuple[Writer, BranchCommit | None]:
    """The writer of a bead, and the commit that brought it. A bead is a person's if one of its segments is."""
    origins: list[tuple[Writer, BranchCommit | None]] = []
    for segment in target:
        revision = brought.get(segment.text)
        if revision is None:
            origins.append((Writer.PUBLISHED, None))
        elif not revision.commit.by_bot:
            origins.append((Writer.PEOPLE, revision.commit))
        else:
            writer = Writer.MACHINE if segment.text in revision.by_machine else Writer.BOT
            origins.append((writer, revision.commit))
    order = (Writer.PEOPLE, Writer.PUBLISHED, Writer.BOT, Writer.MACHINE)
    return min(origins, key=lambda origin: order.index(origin[0]), default=(Writer.PUBLISHED, None))


def _texts(edition: LanguageEdition, snapshot: Snapshot, path: str) -> set[str]:
    """The sentences of a translation, none if it does not exist or can't be read."""
    try:
        text = text_at(snapshot, path)
    except InputError:
        return set()
    return {segment.text for segment in pipeline.parse(text, edition.direction.target, path).segments}
