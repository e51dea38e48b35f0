"""Who wrote which sentence of a translation in a pull request: people, the machine, or nobody yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot import pipeline
from bot.book.book_merge import prepare_files
from bot.comments.case import COMMENT, Case
from bot.documents import decode, reads_the_same
from bot.errors import InputError
from bot.forge.book import TranslatedFile
from bot.forge.trailers import CONTINUES, ENGINE
from bot.model import Bead, Document, Segment
from bot.pipeline import Texts
from bot.report.left_for_people import is_sentence


class Writer(StrEnum):
    """`published`: people, before this pull request; `people`: in it; `bot`: the bot carried people's words over, or
    exchanged maths and the like in them; `machine`: translated for this pull request; `left`: nobody yet, the source
    stands there untranslated."""

    PUBLISHED = "published"
    PEOPLE = "people"
    BOT = "bot"
    MACHINE = "machine"
    LEFT = "left"


@dataclass(frozen=True)
class Sentence:
    """A bead of the translation in the pull request and its source, which both may have several segments; `commit` is
    the one that brought it into the pull request, `engine` who translated what that commit has of a machine ("" where
    it does not say)."""

    bead: Bead
    english: str
    target: tuple[Segment, ...]
    writer: Writer
    commit: str = ""
    engine: str = ""


@dataclass(frozen=True)
class Version:
    """A file as a commit of the pull request has it. `asked`: a comment asked the machine for what is new in it;
    `engine`: which one, as the commit says."""

    commit: str
    by_bot: bool
    asked: bool
    engine: str
    added: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """A file of the pull request, its source text, and its sentences in the order of the source."""

    file: TranslatedFile
    english: Document
    translation: Document
    sentences: tuple[Sentence, ...]

    def at(self, line: int) -> list[Sentence]:
        """Those that stand on a line of the translation (from 1)."""
        return [one for one in self.sentences if any(on_line(self.translation, each, line) for each in one.target)]


def on_line(document: Document, segment: Segment, line: int) -> bool:
    """Whether a segment stands on a line (from 1)."""
    first = document.text.count("\n", 0, segment.start) + 1
    return first <= line <= first + document.text.count("\n", segment.start, segment.end)


def read_file(case: Case, file: TranslatedFile) -> Reading:
    """Raises InputError where one of its texts can't be read."""
    direction = case.direction
    english, text = case.english(file), case.translation(file, case.head)
    documents = pipeline.parse(english, direction.source), pipeline.parse(text, direction.target)
    beads = pipeline.align_texts(Texts(file.path, english, english, text), direction).beads
    brought = {text: version for version in versions(case, file) for text in version.added}
    asked = requested(case, file)
    sentences = []
    for bead in beads:
        source = " ".join(documents[0].segments[i].text for i in bead.source)
        target = tuple(documents[1].segments[i] for i in bead.target)
        writer, version = _writer(source, target, brought, asked)
        if _is_left(source, target, writer):
            writer = Writer.LEFT
        commit, engine = (version.commit, version.engine) if version else ("", "")
        sentences.append(Sentence(bead, source, target, writer, commit, engine))
    return Reading(file, *documents, tuple(sentences))


def _writer(
    english: str,
    target: tuple[Segment, ...],
    brought: Mapping[str, Version],
    asked: frozenset[str],
) -> tuple[Writer, Version | None]:
    """Of a bead, and the commit that brought it; one of several segments is a person's where one of them is."""
    found: list[tuple[Writer, Version | None]] = []
    for segment in target:
        version = brought.get(segment.text)
        if version is None:
            found.append((Writer.PUBLISHED, None))
        elif not version.by_bot:
            found.append((Writer.PEOPLE, version))
        elif version.asked or english in asked:
            found.append((Writer.MACHINE, version))
        else:
            found.append((Writer.BOT, version))
    order = (Writer.PEOPLE, Writer.PUBLISHED, Writer.BOT, Writer.MACHINE)
    return min(found, key=lambda one: order.index(one[0]), default=(Writer.PUBLISHED, None))


def _is_left(english: str, target: tuple[Segment, ...], writer: Writer) -> bool:
    """Whether the source stands there untranslated. What a person put there in the pull request is a person's, and so
    are names and titles that were published."""
    if not reads_the_same(english, " ".join(segment.text for segment in target)):
        return False
    if writer in (Writer.BOT, Writer.MACHINE):
        return all(segment.is_prose for segment in target) and any(segment.has_words for segment in target)
    return writer is Writer.PUBLISHED and any(map(is_sentence, target))


def published_file(case: Case, file: TranslatedFile) -> TranslatedFile | None:
    """The same file in the branch that the pull request goes into."""
    files = [one for one in case.edition.published_book.files if file.path in (one.path, one.new_path)]
    return next(iter(files), None)


def versions(case: Case, file: TranslatedFile) -> Iterator[Version]:
    """What each commit of the pull request added to a file, the oldest first. Of merges, what neither side had."""
    repository = case.edition.repository
    form = "--format=%H%x00%P" + "".join(
        f"%x00%(trailers:key={key},valueonly,separator=%x20)" for key in (CONTINUES, COMMENT, ENGINE)
    )
    start = repository.merge_base(case.edition.published.commit, case.pull.head)
    options = "--first-parent", "--reverse", form, f"{start}..{case.pull.head}"
    for line in repository.run("log", *options).decode("utf-8", "replace").split("\n")[:-1]:
        commit, parents, continues, asked, engine = line.split("\0")
        new = _texts(case, _text(case, commit, file.path))
        old = {text for parent in parents.split() for text in _texts(case, _text(case, parent, file.path))}
        added = frozenset(new) - old
        if added:
            yield Version(commit, bool(continues or asked), bool(asked), engine, added)


def requested(case: Case, file: TranslatedFile) -> frozenset[str]:
    """The sentences of the source that a machine has to translate, from what is published to what the pull request was
    made from; the others come from people's translations."""
    before = published_file(case, file)
    if before is None:
        return frozenset()
    book, old = case.edition.published_book, ""
    if before.base is not None:
        old = decode(book.baselines.repository.read(before.base.blob), before.base.source_path)
    target = case.translation(before, case.edition.published) if before.exists else ""
    texts = Texts(file.path, old, case.english(file), target)
    requests = prepare_files(case.edition, book, {before: texts}).requests.get(before, ())
    return frozenset(request.text for request in requests)


def _text(case: Case, commit: str, path: str) -> str:
    blob = case.edition.repository.holds(f"{commit}:{path}")
    try:
        return decode(case.edition.repository.read(blob), path) if blob else ""
    except InputError:
        return ""


def _texts(case: Case, text: str) -> set[str]:
    return {segment.text for segment in pipeline.parse(text, case.direction.target).segments}
