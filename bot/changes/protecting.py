"""What a plan leaves alone: sentences that people protected, and requests that the engine could not answer before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.changes.asking import plan_of
from bot.changes.untranslated import STILL_UNTRANSLATED, StandingEnglish
from bot.model import Action, Document, Plan, Versions

_ASKED_BEFORE = f"{STILL_UNTRANSLATED}; the engine was asked before and had no usable answer"


def protect(plan: Plan, documents: Versions[Document], kept: Collection[str]) -> Plan:
    """The plan without changes to the translated sentences in `kept`, which people protected: each stands, and its new
    English is left for a person."""
    if not kept:
        return plan
    operations, standing = list(plan.operations), StandingEnglish(documents)
    for k, op in enumerate(operations):
        is_kept = any(documents.target.segments[t].text in kept for t in op.target)
        if is_kept and standing.holds(op):
            action = Action.MOVED if op.leaves_its_place else Action.KEPT
            operations[k] = replace(op, action=action, reason="people keep it untranslated", text=None)
        elif is_kept and op.action not in (Action.KEPT, Action.MOVED):
            reason = f"kept by people; its English {'changed' if op.new else 'was deleted or moved apart'}"
            operations[k] = replace(
                op, action=Action.LEFT, reason=reason, text=None, warnings=(), carried=None, moved=False
            )
    return replace(plan_of(operations, documents.new, plan.untouchable), echoes=plan.echoes)


def withhold(plan: Plan, documents: Versions[Document], refused: Collection[str]) -> Plan:
    """The plan without requests for the standing English `refused`, to which the engine had no usable answer before."""
    if not refused:
        return plan
    operations, standing = list(plan.operations), StandingEnglish(documents)
    for k, op in enumerate(operations):
        if op.awaits_translation and documents.new.joined(op.new) in refused and standing.holds(op):
            operations[k] = replace(op, action=Action.LEFT, reason=_ASKED_BEFORE)
    return replace(plan_of(operations, documents.new, plan.untouchable), echoes=plan.echoes)
