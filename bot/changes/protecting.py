"""What people and earlier runs say about a plan: protected sentences, requests without an answer, corrected drafts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.changes.asking import replanned
from bot.changes.untranslated import STILL_UNTRANSLATED, StandingEnglish
from bot.documents import fold
from bot.model import Action, Document, Kind, Plan, Versions

CORRECTED = "a reviewer corrected the same draft in"
"""Begins the reason of a correction that is applied elsewhere."""

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
    return replanned(plan, operations, documents.new)


def withhold(plan: Plan, documents: Versions[Document], refused: Collection[str]) -> Plan:
    """The plan without requests for the standing English `refused`, to which the engine had no usable answer before."""
    if not refused:
        return plan
    operations, standing = list(plan.operations), StandingEnglish(documents)
    for k, op in enumerate(operations):
        if op.awaits_translation and documents.new.joined(op.new) in refused and standing.holds(op):
            operations[k] = replace(op, action=Action.LEFT, reason=_ASKED_BEFORE)
    return replanned(plan, operations, documents.new)


class DraftCorrection(NamedTuple):
    """A reviewer's `text` in the place of the machine's `draft` of these sentences, which stand in blocks of a kind;
    made in the file `path`."""

    english: tuple[str, ...]
    draft: str
    text: str
    path: str
    kind: Kind

    @property
    def reason(self) -> str:
        return f"{CORRECTED} {self.path}"


def correct(plan: Plan, documents: Versions[Document], corrections: Sequence[DraftCorrection], joiner: str) -> Plan:
    """The plan with reviewers' corrections where the same draft of the same English stands, untouched."""
    base, new, target = documents
    known = {(one.english, fold(one.draft), one.kind): one for one in corrections}
    operations, touched = list(plan.operations), set[int]()
    for k, op in enumerate(operations):
        if not known or op.action not in (Action.KEPT, Action.MOVED) or not op.new or not op.target:
            continue
        english = tuple(new.segments[n].text for n in op.new)
        draft = fold(joiner.join(target.segments[t].text for t in op.target))
        one = known.get((english, draft, new.segments[op.new[0]].kind))
        if one is not None and english == tuple(base.segments[b].text for b in op.base):
            moved = op.leaves_its_place
            operations[k] = replace(op, action=Action.REUSED, reason=one.reason, text=one.text, moved=moved)
            touched.update(op.target)
    untouchable = tuple(t for t in plan.untouchable if t not in touched)
    return replace(replanned(plan, operations, new), untouchable=untouchable) if touched else plan
