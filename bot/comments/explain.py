"""`/amts explain`: the origin of a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.loading import text_at
from bot.book.state import TranslatedFile
from bot.changes import make_plan
from bot.comments.answers import quoted
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, read_place
from bot.documents import reads_the_same
from bot.drafts.authorship import AttributedSentence, Writer
from bot.errors import UsageError
from bot.model import Action, Carried
from bot.pipeline import Texts
from bot.report.commands import PREFIX
from bot.report.markdown import code_span, escaped
from bot.report.word_changes import marked_diff
from bot.sync.stale import list_stale

_WRITERS = {
    Writer.PUBLISHED: "people, before this pull request",
    Writer.PEOPLE: "people, in this pull request",
    Writer.BOT: "people; the bot carried it over to the new source",
    Writer.MACHINE: "the machine",
    Writer.LEFT: "nobody yet: the {source} stands, for a person to translate",
}
_UNRECORDED_ENGINE = "its commit does not say which"
"""In place of an engine, for a commit that was made before the bot recorded engines."""


@dataclass(frozen=True, slots=True)
class Explain(PullRequestCommand):
    """Asks for the origin of the sentences on a line of a translation. `place` has a line."""

    place: FilePlace

    @property
    def _accepted(self) -> str:
        return f"{PREFIX} accept {self.place.path}:{self.place.line}"

    def run(self, case: Case) -> Reply:
        """Raises UsageError if no sentence stands on the line."""
        file, line = case.file(self.place), self.place.line
        assert line is not None, "the form requires a line"
        attributed = case.attribute(file)
        sentences = attributed.at(line)
        if not sentences:
            raise UsageError(f'there is no sentence on line {line} of "{file.path}"')
        history = _history(case, file)
        stale = list_stale(case.edition.effective(case.head), case.book, file)
        standing = {text for one in stale if one.first <= line <= one.last for text in one.sentence.translation}
        sections = [f"{code_span(f'{self.place.path}:{line}')}:"]
        for sentence in sentences:
            first = attributed.english.segments[sentence.bead.source[0]].text if sentence.bead.source else ""
            change = history.get(first, _Change())
            if sentence.writer is Writer.BOT and change.was_helped(sentence):
                change = replace(change, action=Action.PATCHED.value, reason="the engine helped")
            section = _section(sentence, change, case.direction.source.name, case.commit_link)
            if any(segment.text in standing for segment in sentence.target):
                section += f"\n\nIt is stale until somebody edits or accepts it: {code_span(self._accepted)}."
            sections.append(section)
        return Reply("\n\n---\n\n".join(sections))


FORM = Form(
    "explain <path>:<line>",
    "show where this sentence came from: its source before and after, its old translation, the score of the link, its"
    " author and the engine",
    lambda words: Explain(read_place(words, line=True)),
)


@dataclass(frozen=True, slots=True)
class _Change:
    """The sync's treatment of a sentence of the source: its old source, the old translation ("" for none), the action
    and the reason, and what was carried over. All are empty if the source did not change. `awaited` says that the
    engine was asked to help; the action is that without an answer of use."""

    source: str = ""
    translation: str = ""
    action: str = ""
    reason: str = ""
    carried: Carried | None = None
    awaited: bool = False

    def was_helped(self, sentence: AttributedSentence) -> bool:
        """Whether another text stands than without the engine."""
        text = " ".join(segment.text for segment in sentence.target)
        return self.awaited and self.carried is not None and not reads_the_same(self.carried.text, text)

    def describe(self) -> str:
        """`patched, mark; carried over: mark (to check)`."""
        parts = [f"{self.action}, {self.reason}"]
        if self.carried is not None and self.carried.kinds:
            guessed = [f"{kind} (to check)" if kind in self.carried.unsure else kind for kind in self.carried.kinds]
            parts.append(f"carried over: {', '.join(guessed)}")
        if self.carried is not None and self.carried.small:
            parts.append(f"no change for a translation: {', '.join(self.carried.small)}")
        return "; ".join(parts)


def _history(case: Case, file: TranslatedFile) -> dict[str, _Change]:
    """By the text of the source: the change from the published source to the source of the pull request."""
    published = case.edition.published_book.files
    before = next((other for other in published if file.path in (other.path, other.new_path)), None)
    if before is None or before.base is None or not before.exists:
        return {}
    translation = text_at(case.edition.published, before.path)
    old = case.edition.published_book.baselines.made_from(before.path, translation)
    texts = Texts(file.path, old, case.english(file), translation)
    direction, policy = case.direction, case.edition.repair_policy
    base, new, target = documents = pipeline.parse_texts(texts, direction)
    history = {}
    beads = pipeline.align_texts(texts, direction).beads
    for op in make_plan(documents, beads, direction, policy=policy).operations:
        source = base.joined(op.base)
        translation = target.joined(op.target)
        if reads_the_same(source, translation):
            translation = ""
        for i in op.new:
            history[new.segments[i].text] = _Change(
                source, translation, op.action.value, op.reason, op.carried, op.awaits_assistance
            )
    return history


def _section(sentence: AttributedSentence, change: _Change, source_language: str, link: Callable[[str], str]) -> str:
    """`link` makes a link to a commit."""
    text = " ".join(segment.text for segment in sentence.target)
    is_machine = sentence.writer is Writer.MACHINE
    writer = escaped(_WRITERS[sentence.writer].format(source=source_language))
    if is_machine and sentence.bead.source:
        writer += f", engine {code_span(sentence.engine or _UNRECORDED_ENGINE)}"
    if sentence.commit:
        writer += f" ({link(sentence.commit)})"
    parts = [quoted(text), f"Written by: {writer}."]
    if not sentence.bead.source:
        return "\n\n".join([*parts, "It translates nothing of the source: the translators added it."])
    # Rounded down: a link of 89.7 % must not seem sure.
    parts += [f"Its source (certainty of the link: {int(sentence.bead.score * 100)} %):", quoted(sentence.english)]
    if change.source and change.source != sentence.english:
        parts += [
            "Before, the source was:",
            quoted(change.source),
            f"The difference: {marked_diff(change.source, sentence.english)}",
        ]
    if change.translation and change.translation != text:
        parts += ["And its translation:" if is_machine else "Its translation before:", quoted(change.translation)]
    if change.action:
        parts.append(f"The sync: {escaped(change.describe())}.")
    return "\n\n".join(parts)
