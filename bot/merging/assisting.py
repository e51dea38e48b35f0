"""Stale sentences that an engine helps to bring up to date: people's words stand, but for what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from bot.merging.checks import check_translation, find_doubts
from bot.model import Action, Assistance, Carried, Direction, Document, Operation, Plan, Translation, Versions
from bot.repair import exchange, graft, has_the_same_parts
from bot.repair.changes import Nature

# Of people's own revisions whose English was at least 75 % alike, 96 % (Chinese) and 99 % (Turkish) changed the
# translation no more than so many points (of 100) beyond the English.
_MAX_EXCESS = 15


def assist(
    plan: Plan, answers: Mapping[int, Sequence[Translation]], documents: Versions[Document], direction: Direction
) -> Plan:
    """The plan, with the stale sentences that the engine's answers bring up to date. Where they don't, the sentence
    stays stale, and a revision of it is only shown."""
    assistant, operations = _Assistant(documents, direction), list(plan.operations)
    for i, given in answers.items():
        op = operations[i]
        if op.awaits_assistance and op.carried is not None:
            revises = op.assistance is Assistance.REVISION
            help_ = assistant.revised if revises else assistant.with_phrase
            operations[i] = help_(op, op.carried, given)
    return replace(plan, operations=tuple(operations))


@dataclass(frozen=True)
class _Assistant:
    documents: Versions[Document]
    direction: Direction

    def with_phrase(self, op: Operation, carried: Carried, answers: Sequence[Translation]) -> Operation:
        """With the first phrase whose old translation stands in people's sentence."""
        kind, target = self.documents.new.segments[op.new[0]].kind, self.documents.target
        for phrase, old, new in zip(carried.phrases, answers[::2], answers[1::2], strict=True):
            sides = (phrase.old, old), (phrase.new, new)
            if any(side.left or check_translation(asked, side.text, kind, self.direction) for asked, side in sides):
                continue
            repaired = graft if phrase.whole else exchange
            text = repaired(carried.text, old.text, new.text, self.direction.target)
            if text is None or (phrase.whole and not keeps_words(phrase.old, phrase.new, carried.text, text)):
                continue
            if has_the_same_parts(carried.text, text, target, self.direction.target):
                return _up_to_date(op, carried, text, new.warnings)
        return op

    def revised(self, op: Operation, carried: Carried, answers: Sequence[Translation]) -> Operation:
        (answer,), (base, new, target) = answers, self.documents
        english, text = new.joined(op.new), answer.text.strip()
        if answer.left:
            return replace(op, reason=answer.left, rejected=answer.rejected)
        fault = check_translation(english, text, new.segments[op.new[0]].kind, self.direction)
        if not fault and not keeps_words(base.joined(op.base), english, target.joined(op.target), text):
            fault = "the engine changed more of people's sentence than changed in its English"
        if fault:
            return replace(op, reason=fault, rejected=text)
        return _up_to_date(op, carried, text, (*answer.warnings, *find_doubts(english, text, self.direction)))


def keeps_words(base: str, english: str, translation: str, revised: str) -> bool:
    """Whether a revised translation differs from the one before hardly more than the English from the one before."""
    return ratio(translation, revised) >= ratio(base, english) - _MAX_EXCESS


def _up_to_date(op: Operation, carried: Carried, text: str, warnings: tuple[str, ...]) -> Operation:
    kind = Nature.REVISION if op.assistance is Assistance.REVISION else Nature.PHRASE
    kinds, unsure = (*carried.kinds, kind.value), (*carried.unsure, kind.value)
    done = replace(carried, text=text, kinds=kinds, unsure=unsure, complete=True)
    return replace(op, action=Action.PATCHED, reason=", ".join(kinds), text=text, carried=done, warnings=warnings)
