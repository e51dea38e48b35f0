"""Sentences that people protected from the bot: a plan that leaves them as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.changes.planning import request_text
from bot.model import Action, Document, Operation, Plan

_LEAVES = frozenset({Action.KEPT, Action.MOVED})


def protect(plan: Plan, new: Document, target: Document, kept: Collection[str]) -> Plan:
    """The plan, with every change to a translated sentence whose text is among `kept` left for a person instead: the
    sentence stands, and the new English is shown."""
    if not kept:
        return plan
    operations = tuple(_protected(op, target, kept) for op in plan.operations)
    requests = tuple(i for i in plan.requests if operations[i].action is Action.TRANSLATED)
    characters = sum(len(request_text(new, operations[i].new)) for i in requests)
    return replace(plan, operations=operations, requests=requests, characters=characters)


def _protected(op: Operation, target: Document, kept: Collection[str]) -> Operation:
    if op.action in _LEAVES or not any(target.segments[t].text in kept for t in op.target):
        return op
    what = "changed" if op.new else "was deleted or moved apart"
    return replace(op, action=Action.LEFT, reason=f"kept by people; its English {what}", text=None, warnings=())
