"""What a plan and its operations ask the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.alignment.likeness import likeness
from bot.documents import fold, reads_the_same
from bot.model import Assistance, Document, FuzzyMatch, Operation, Phrase, Plan, Request, Versions

_BY_PHRASES = (Assistance.PHRASES, Assistance.GRAFT)


def plan_of(operations: Sequence[Operation], new: Document, untouchable: tuple[int, ...]) -> Plan:
    """The plan with these operations and the requests that they make."""
    requests = tuple(i for i, op in enumerate(operations) if op.awaits_translation or op.awaits_assistance)
    characters = sum(len(request.text) for i in requests for request in requests_of(operations[i], new))
    return Plan(tuple(operations), requests, characters, untouchable)


def replanned(plan: Plan, operations: Sequence[Operation], new: Document) -> Plan:
    """The plan with other operations, and the requests that they make."""
    made = plan_of(operations, new, plan.untouchable)
    return replace(plan, operations=made.operations, requests=made.requests, characters=made.characters)


def requests_of(op: Operation, new: Document, path: str = "") -> list[Request]:
    """The new sentence; or for each phrase of a stale one, the old phrase and the new."""
    kind, text = new.segments[op.new[0]].kind, new.joined(op.new)
    if op.awaits_assistance and op.assistance in _BY_PHRASES and op.carried is not None:
        sides = (side for phrase in op.carried.phrases for side in (phrase.old, phrase.new))
        return [Request(side, kind, path=path, repairs=True) for side in sides]
    before = new.segments[op.new[0] - 1].text if op.new[0] else ""
    placeables = tuple(placeable.text for i in op.new for placeable in new.segments[i].placeables)
    revised = op.fuzzy if op.fuzzy and op.fuzzy.source != text else None
    return [Request(text, kind, placeables, before, path, revised, repairs=op.awaits_assistance)]


def assisted(op: Operation, assistance: Assistance, documents: Versions[Document]) -> Operation:
    """The operation on a stale sentence, with the engine's assistance if it can be asked for."""
    if assistance is Assistance.REVISION:
        return with_former(replace(op, assistance=assistance), documents)
    if assistance is Assistance.GRAFT and op.carried is not None:
        whole = Phrase(documents.base.joined(op.base), documents.new.joined(op.new), whole=True)
        op = replace(op, carried=replace(op.carried, phrases=(*op.carried.phrases, whole)))
    if assistance in _BY_PHRASES and op.carried is not None and op.carried.phrases:
        return replace(op, assistance=assistance)
    return op


def with_former(op: Operation, documents: Versions[Document]) -> Operation:
    """The operation with the English before and people's translation of it, if they translated it."""
    base, new, target = documents
    source, translation = base.joined(op.base), fold(target.raw(op.target[0], op.target[-1]))
    if reads_the_same(source, translation):
        return op
    # Similarity as in the memory's fuzzy matches.
    return replace(op, fuzzy=FuzzyMatch(source, translation, likeness(source, new.joined(op.new)) / 100))
