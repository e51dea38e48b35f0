"""`/amts retranslate`: sentences of the pull request are translated again, and written by the same verified merge."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.book_merge import prepare_files
from bot.changes import make_plan, replanned
from bot.comments.answers import quoted
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import FilePlace, Form, Word, read_place
from bot.documents import reads_the_same
from bot.drafts.authorship import AttributedFile, Writer
from bot.drafts.machine_drafts import examples_of
from bot.errors import UsageError
from bot.merging import apply_plan
from bot.model import Action, Direction, Document, FuzzyMatch, Merge, Plan, Translation, Versions
from bot.pipeline import Texts
from bot.report.markdown import code_span, counted, escaped, fitted
from bot.sync.recorded_terms import with_recorded_style, with_recorded_terms

_OPTION = "--engine"
_MAX_LIST_CHARACTERS = 40_000
_NOTHING = (
    "The machine wrote nothing there that is still unchanged; nothing was done. A person's translation is only replaced"
    " if its line is named: `/amts retranslate <path>:<line>`."
)


@dataclass(frozen=True, slots=True)
class Retranslate(PullRequestCommand):
    """Asks for new translations: of the sentences on a line, whoever wrote them, or of all sentences of a file that the
    machine wrote and nobody changed since. `engine` is an entry of the configuration, "" for the language's own."""

    place: FilePlace
    engine: str = ""

    def run(self, case: Case) -> Reply:
        """Raises UsageError if nothing can be translated there, or if there is no such engine; VerificationError."""
        file, direction = case.file(self.place), case.direction
        project = with_recorded_style(with_recorded_terms(case.edition, case.head), case.head).project
        engine = project.engine(case.name, self.engine, wait=case.options.wait, tell=case.options.tell)
        attributed = case.attribute(file)
        chosen = self._chosen(attributed)
        if not chosen:
            return Reply(_NOTHING, done=False)
        # The pull request's source is both the old and the new source: only the chosen sentences change.
        beads = [sentence.bead for sentence in attributed.sentences]
        english = attributed.english
        plan = _untouched(make_plan(Versions(english, english, attributed.translation), beads, direction), english)
        asked = [i for i, op in enumerate(plan.operations) if op.target in chosen and op.action is Action.KEPT]
        requests = pipeline.plan_requests(attributed.english, _with_requests(plan, asked, attributed), file.path)
        # The file counts as new to the memory, or its own translations would come back.
        texts = Texts(file.path, "", attributed.english.text, "")
        memory = prepare_files(case.edition, case.book, {file: texts}).memory
        examples = examples_of(case.edition, engine, memory)
        cost = engine.price(requests, direction, examples).describe()
        answers = dict(zip(asked, pipeline.translate(requests, engine, direction, examples), strict=True))
        merge, refused = _merge(plan, answers, attributed, direction)
        commit = ""
        if merge and merge.text != attributed.translation.text:
            files = {file.path: merge.text.encode("utf-8")}
            commit = case.commit(files, f"Translate again: {len(chosen)}", engine.label)
        asked_of = f"{counted(len(answers), 'sentence')} asked of engine {code_span(engine.label)}"
        billed = f", billed as {escaped(cost)}" if cost else ""
        written = (
            f"{len(answers) - len(refused):,} written in {case.commit_link(commit)}" if commit else "nothing changed"
        )
        entries = [_entry(plan, i, attributed, answer.text, refused.get(i, "")) for i, answer in answers.items()]
        listed = fitted(entries, _MAX_LIST_CHARACTERS, chr(10) * 2)
        return Reply(f"{code_span(file.path)}: {asked_of}{billed}; {written}.\n\n{listed}", done=bool(commit))

    def _chosen(self, attributed: AttributedFile) -> set[tuple[int, ...]]:
        """The beads to translate again, by their segments of the translation: the beads on the line named, whoever
        wrote them, or all beads that the machine wrote, or the bot left in the source language, and nobody changed."""
        if self.place.line is None:
            writers = Writer.MACHINE, Writer.LEFT
            sentences = [
                sentence for sentence in attributed.sentences if sentence.writer in writers and sentence.commit
            ]
        else:
            sentences = [sentence for sentence in attributed.at(self.place.line) if sentence.bead.source]
            if not sentences:
                place = f'line {self.place.line} of "{attributed.file.path}"'
                raise UsageError(f"no sentence of the source is translated on {place}")
        return {
            sentence.bead.target
            for sentence in sentences
            if sentence.target
            and all(segment.is_prose for segment in sentence.target)
            and any(attributed.english.segments[i].has_words for i in sentence.bead.source)
        }


def _read(words: Sequence[Word]) -> Retranslate:
    names = [word.text for word in words]
    engine = ""
    rest = list(words)
    if _OPTION in names:
        at = names.index(_OPTION)
        if at + 1 == len(words):
            raise UsageError(f"{_OPTION} needs the name of an engine")
        engine = names[at + 1]
        del rest[at : at + 2]
    unknown = next((word.text for word in rest if word.text.startswith("-") and not word.quoted), None)
    if unknown is not None:
        raise UsageError(f'there is no option "{unknown}"')
    return Retranslate(read_place(rest), engine)


FORM = Form(
    "retranslate <path>[:line] [--engine E]",
    "translate again what the machine wrote in this file; with a line, the sentences there, even if a person wrote"
    " them",
    _read,
)


def _merge(
    plan: Plan, answers: Mapping[int, Translation], attributed: AttributedFile, direction: Direction
) -> tuple[Merge | None, Mapping[int, str]]:
    """The merge of the answers that pass its checks, None if there is none, and why the others were refused. `answers`
    are by the number of the operation."""
    documents = Versions(attributed.english, attributed.english, attributed.translation)
    refused = {i: answer.left for i, answer in answers.items() if answer.left}
    while good := {i: answer for i, answer in answers.items() if i not in refused}:
        merge = apply_plan(_with_requests(plan, good, attributed), good, documents, direction)
        reasons = {unit.source: unit.reason for unit in merge.left}
        sources = {i: attributed.english.joined(plan.operations[i].new) for i in good}
        left = {i: reasons[source] for i, source in sources.items() if source in reasons}
        if not left:
            return merge, refused
        refused |= left
    return None, refused


def _untouched(plan: Plan, english: Document) -> Plan:
    """The plan without what a sync would ask: English that stands untranslated stays, unless it is asked for."""
    operations = [
        replace(op, action=Action.KEPT) if op.action in (Action.TRANSLATED, Action.LEFT) else op
        for op in plan.operations
    ]
    return replanned(plan, operations, english)


def _with_requests(plan: Plan, asked: Collection[int], attributed: AttributedFile) -> Plan:
    """The plan, with these operations translated again rather than kept."""
    operations = list(plan.operations)
    for i in asked:
        op = operations[i]
        fuzzy = FuzzyMatch(attributed.english.joined(op.new), _old(plan, i, attributed), 1.0)
        operations[i] = replace(op, action=Action.TRANSLATED, reason="asked for in a comment", fuzzy=fuzzy)
    touched = {t for i in asked for t in operations[i].target}
    untouchable = tuple(t for t in plan.untouchable if t not in touched)
    made = replanned(plan, operations, attributed.english)
    return replace(made, untouchable=untouchable, given_up=frozenset(touched))


def _old(plan: Plan, number: int, attributed: AttributedFile) -> str:
    """The translation before; the source itself if nobody translated it."""
    return attributed.translation.joined(plan.operations[number].target)


def _entry(plan: Plan, number: int, attributed: AttributedFile, new: str, refused: str) -> str:
    source, old = attributed.english.joined(plan.operations[number].new), _old(plan, number, attributed)
    untranslated = reads_the_same(source, old)
    if refused:
        state = "It stays untranslated" if untranslated else "The old translation stands"
        return f"{quoted(source)}\n\n{state}: {escaped(refused)}."
    if old == new:
        return f"{quoted(source)}\n\nThe answer is the same as before."
    sides = [("+", new)] if untranslated else [("-", old), ("+", new)]
    lines = "\n".join(f"{sign} {' '.join(text.split())}" for sign, text in sides)
    return f"{quoted(source)}\n\n{quoted(lines, 'diff')}"
