"""`/amts retranslate`: sentences of the pull request are translated again, and written by the same verified merge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.loading import Loaded, prepare_loaded
from bot.book.project import Project
from bot.changes import make_plan
from bot.changes.planning import request_text
from bot.comments.authorship import Reading, Writer, read_file
from bot.comments.case import Case, Reply
from bot.comments.retranslate import NOTHING, Retranslate, Retranslated, retranslation
from bot.config.validation import nearest
from bot.engines import Engine
from bot.errors import UsageError
from bot.forge.book import TranslatedFile
from bot.merging import apply_plan
from bot.model import Action, FuzzyMatch, Merge, Operation, Plan, Request, Translation, Versions
from bot.pipeline import Texts
from bot.sync.decisions import with_recorded_terms


def retranslate(command: Retranslate, case: Case) -> Reply:
    """Raises UsageError where there is nothing to translate there, or no such engine."""
    file = case.file(command.place)
    project = _with_engine(case.edition.project, case.name, command.engine)
    project = with_recorded_terms(replace(case.edition, project=project), case.head).project
    reading = read_file(case, file)
    chosen = _chosen(reading, command, file)
    if not chosen:
        return Reply(NOTHING, done=False)
    engine = project.engine(case.name, wait=case.options.wait, tell=case.options.tell)
    job = _Job(case, file, reading, engine)
    merge, told = job.run(chosen)
    subject, commit = f"Translate again: {len(chosen)}", ""
    if merge:
        commit = case.commit({file.path: merge.text.encode("utf-8")}, subject, engine.label)
    return Reply(retranslation(file.path, told, engine.label, job.cost, commit), done=bool(commit))


def _with_engine(project: Project, name: str, engine: str) -> Project:
    """The project as if the language used this engine. Raises UsageError for an unknown one."""
    if not engine:
        return project
    known = [*project.config.engines, "copy", "memory"]
    if engine not in known:
        guess = nearest(engine, known)
        advice = f'did you mean "{guess}"?' if guess else f"there are {', '.join(known)}"
        raise UsageError(f'there is no engine "{engine}"; {advice}')
    target = project.config.languages[name].model_copy(update={"engine": engine})
    direction = {**project.config.languages, name: target}
    return replace(project, config=project.config.model_copy(update={"languages": direction}))


def _chosen(reading: Reading, command: Retranslate, file: TranslatedFile) -> set[tuple[int, ...]]:
    """The beads to translate again, by their segments of the translation: those of the line named, whoever wrote them,
    or all that the machine wrote, or the bot left in the source language, and nobody changed."""
    line = command.place.line
    if line is None:
        writers = Writer.MACHINE, Writer.LEFT
        found = [one for one in reading.sentences if one.writer in writers and one.commit]
    else:
        found = [one for one in reading.at(line) if one.bead.source]
        if not found:
            raise UsageError(f'no sentence of the source is translated on line {line} of "{file.path}"')
    return {
        one.bead.target
        for one in found
        if one.target
        and all(segment.is_prose for segment in one.target)
        and any(reading.english.segments[i].has_words for i in one.bead.source)
    }


@dataclass
class _Job:
    """One file. The pull request's source text is both the old and the new one, so that all stays but what is asked
    for."""

    case: Case
    file: TranslatedFile
    reading: Reading
    engine: Engine
    cost: str = ""

    def run(self, chosen: Collection[tuple[int, ...]]) -> tuple[Merge | None, list[Retranslated]]:
        """The merge, None where nothing is to be written, and what came of each sentence. Raises VerificationError."""
        direction, english, text = self.case.direction, self.reading.english, self.reading.translation
        # As if it were new, so that the memory is that of the other files: it must not give back what stands here.
        texts = Texts(self.file.path, "", english.text, "")
        prepared = prepare_loaded(self.case.book, Loaded({}, {self.file: texts}), direction, self.case.edition.runner)
        beads = [sentence.bead for sentence in self.reading.sentences]
        plan = make_plan(english, english, text, beads)
        asked = [i for i, op in enumerate(plan.operations) if op.target in chosen and op.action is Action.KEPT]
        requests = [self._request(plan.operations[i]) for i in asked]
        self.cost = self.engine.quote(requests, source=direction.source, target=direction.target).describe()
        answers = dict(zip(asked, pipeline.translate(requests, self.engine, direction, prepared.memory), strict=True))
        return self._merge(plan, answers)

    def _merge(self, plan: Plan, answers: Mapping[int, Translation]) -> tuple[Merge | None, list[Retranslated]]:
        """What fails its checks leaves the old translation as it was."""
        documents = Versions(self.reading.english, self.reading.english, self.reading.translation)
        good = {i: answer for i, answer in answers.items() if not answer.left}
        refused = {i: answer.left for i, answer in answers.items() if answer.left}
        merge: Merge | None = None
        while good:
            merge = apply_plan(_asking(plan, good, self.reading), good, documents, self.case.direction)
            left = {one.source: one.reason for one in merge.left}
            bad = {i: left[source] for i in good if (source := self._english(plan.operations[i])) in left}
            if not bad:
                break
            refused |= bad
            good = {i: answer for i, answer in good.items() if i not in bad}
            merge = None
        told = [
            Retranslated(
                source=self._english(plan.operations[i]),
                old=self._old(plan.operations[i]),
                new=answers[i].text if i in good else "",
                refused=refused.get(i, ""),
            )
            for i in answers
        ]
        return (merge if merge and merge.text != self.reading.translation.text else None), told

    def _request(self, op: Operation) -> Request:
        segments = [self.reading.english.segments[i] for i in op.new]
        before = self.reading.english.segments[op.new[0] - 1].text if op.new[0] else ""
        placeables = tuple(placeable.text for segment in segments for placeable in segment.placeables)
        return Request(self._english(op), segments[0].kind, placeables, before, self.file.path)

    def _english(self, op: Operation) -> str:
        return request_text(self.reading.english, op.new)

    def _old(self, op: Operation) -> str:
        return " ".join(self.reading.translation.segments[i].text for i in op.target)


def _asking(plan: Plan, asked: Collection[int], reading: Reading) -> Plan:
    """The plan, with these operations translated anew rather than kept."""
    operations = list(plan.operations)
    for i in asked:
        op = operations[i]
        old = " ".join(reading.translation.segments[t].text for t in op.target)
        fuzzy = FuzzyMatch(request_text(reading.english, op.new), old, 1.0)
        operations[i] = replace(op, action=Action.TRANSLATED, reason="asked for in a comment", fuzzy=fuzzy)
    touched = {t for i in asked for t in operations[i].target}
    untouchable = tuple(t for t in plan.untouchable if t not in touched)
    characters = sum(len(request_text(reading.english, operations[i].new)) for i in asked)
    return Plan(tuple(operations), tuple(sorted(asked)), characters, untouchable)
