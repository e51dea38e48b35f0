"""Merges that a person can read: tests/golden/merge/*.md.

A case is `title . base English . new English . translation . result . actions .`. The machine of these tests answers
with the English in «guillemets»; behind the title may stand `[zh]`, the language, `[anew]`, where changed sentences
that can't be repaired are translated anew, and beads that are not one to one: `[2-1 1-0]` from the first segment on,
`[1>2 2>1]` where the translators changed the order, `[?]` for a doubtful link. Under the actions is a line for each
translated sentence whose English changed and that stands: the reason, and what was carried over into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.changes import make_plan
from bot.documents import parse
from bot.merging import apply_plan
from bot.model import Action, Bead, Direction, Document, Language, Merge, Revision, Translation, Versions
from bot.repair import RepairPolicy

GOLDEN = Path(__file__).parents[1] / "golden" / "merge"
ENGLISH = Language("en", "English")
LANGUAGES = {
    "es": Language("es", "Spanish", splitter="es"),
    "zh": Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh"),
}


class Case(NamedTuple):
    title: str
    options: tuple[str, ...]
    base: str
    new: str
    translation: str
    expected: str
    actions: str


def read_cases() -> Iterator[Case]:
    for path in sorted(GOLDEN.glob("*.md")):
        parts = re.split(r"(?m)^\.\n", path.read_text(encoding="utf-8"))
        for at in range(0, len(parts) - 1, 6):
            title, options = re.subn(r"\s*\[(.*)\]$", "", parts[at].strip())
            found = re.search(r"\[(.*)\]$", parts[at].strip()) if options else None
            yield Case(title, tuple(found[1].split()) if found else (), *parts[at + 1 : at + 6])


def read_beads(options: tuple[str, ...], base: Document, target: Document) -> list[Bead]:
    """The beads that the options name, one to one after them."""
    beads: list[Bead] = []
    source = aim = 0
    score = 0.2 if "?" in options else 0.9
    crossing = [tuple(map(int, option.split(">"))) for option in options if ">" in option]
    if crossing:
        beads = [Bead((s - 1,), (t - 1,), score) for s, t in crossing]
        source, aim = max(s for s, _ in crossing), max(t for _, t in crossing)
    for option in options:
        if "-" in option:
            sources, targets = map(int, option.split("-"))
            beads.append(Bead(tuple(range(source, source + sources)), tuple(range(aim, aim + targets)), score))
            source, aim = source + sources, aim + targets
    assert len(base.segments) - source == len(target.segments) - aim, (base.segments, target.segments)
    beads += [Bead((s,), (s - source + aim,), score) for s in range(source, len(base.segments))]
    return beads


def merge_case(case: Case) -> Merge:
    language = next((LANGUAGES[option] for option in case.options if option in LANGUAGES), LANGUAGES["es"])
    base, new, target = parse(case.base, ENGLISH), parse(case.new, ENGLISH), parse(case.translation, language)
    documents, direction = Versions(base, new, target), Direction(ENGLISH, language)
    policy = RepairPolicy(retranslate_below=1.01 if "anew" in case.options else 0)
    plan = make_plan(documents, read_beads(case.options, base, target), direction, policy=policy)
    sent = {i: " ".join(new.segments[n].text for n in plan.operations[i].new) for i in plan.requests}
    answers = {i: Translation(f"«{text}»") for i, text in sent.items()}
    return apply_plan(plan, answers, documents, direction)


def told(revision: Revision) -> str:
    carried = f" (carried over: {', '.join(revision.carried.kinds)})" if revision.action is Action.STALE else ""
    guess = "; the place is a guess" if revision.carried.unsure else ""
    return f"{revision.action}: {revision.reason}{carried if revision.carried.kinds else ''}{guess}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.title) for case in read_cases()])
def test_golden(case: Case) -> None:
    merged = merge_case(case)
    actions = ", ".join(f"{action} {count}" for action, count in merged.counts.items() if count)
    assert merged.text == case.expected
    assert "\n".join([actions, *map(told, merged.revisions)]) == case.actions.strip()
