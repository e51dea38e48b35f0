"""What an engine is asked for in the sentences of known revisions that would stay stale, and what that could gain.

usage: python -m benchmarks.phrases
By how alike the English before and after is: the stale sentences, those with a phrase, and the characters of all their
phrases beside those of these sentences; how many of them people left as they were, and in how many they changed one
stretch of at most half of their translation, as a phrase would. No machine translates here. The last figure is the
share of people's own revisions that keep their words, as a revision by an engine must.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rapidfuzz.distance import Indel

from benchmarks.books import SHARED, lang
from bot.changes import make_plan, requests_of
from bot.merging import keeps_words
from bot.model import Action, Assistance, Bead, Direction
from bot.pipeline import Texts, parse_texts
from bot.repair import RepairPolicy

_BANDS = ((60, 75), (75, 90), (90, 101))
_POLICY = RepairPolicy(assistance=Assistance.PHRASES)


def is_in_one_place(before: str, after: str) -> bool:
    """Whether one stretch of at most half of the text changed."""
    changed = [op for op in Indel.opcodes(before, after) if op.tag != "equal"]
    return bool(changed) and changed[-1].src_end - changed[0].src_start <= len(before) / 2


def measure(quads: list[dict[str, Any]], direction: Direction) -> str:
    stale = asked = left = one_place = phrases = sentences = 0
    for quad in quads:
        documents = parse_texts(Texts("a.md", quad["old"], quad["new"], quad["was"]), direction)
        base, _, target = (tuple(range(len(document.segments))) for document in documents)
        plan = make_plan(documents, [Bead(base, target, 1.0)], direction, policy=_POLICY)
        ops = [op for op in plan.operations if op.action is Action.STALE]
        helped = [op for op in ops if op.awaits_assistance]
        stale += len(ops)
        asked += len(helped)
        left += len(helped) if quad["was"] == quad["now"] else 0
        one_place += len(helped) if is_in_one_place(quad["was"], quad["now"]) else 0
        phrases += sum(len(request.text) for op in helped for request in requests_of(op, documents.new))
        sentences += sum(len(documents.new.joined(op.new)) for op in helped)
    kept = sum(keeps_words(*(quad[key] for key in ("old", "new", "was", "now"))) for quad in quads)
    return (
        f"{len(quads)} revisions: {stale} stale, {asked} with a phrase ({phrases:,} characters of {sentences:,}),"
        f" people left {left} of them and changed {one_place} in one place; {kept / len(quads):.0%} keep people's words"
    )


def main() -> int:
    for name, code in (("vue-zh", "zh"), ("d2l-tr", "tr")):
        quads = json.loads((SHARED / f"revisions/{name}.json").read_text(encoding="utf-8"))
        for low, high in _BANDS:
            band = [quad for quad in quads if low <= quad["sim"] < high]
            print(f"{name}, English {low}-{min(high, 100)} % alike, {measure(band, Direction(lang('en'), lang(code)))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
