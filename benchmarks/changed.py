"""What becomes of changed sentences with a machine that has no prompt: kept, repaired by phrases, also by whole
sentences, or translated anew.

usage: python -m benchmarks.changed
The machine is Debian's Apertium, and the sentences are `benchmarks.revisions_es`, a small set of this project's own:
the figures compare the ways, and say nothing of a real book. `exact` is how many come out as in the set; `changed` how
many are not the old translation, and `wrong` how many of these are not as in the set.
"""

from __future__ import annotations

import shutil
import sys

from sacrebleu.metrics.chrf import CHRF

from benchmarks.apertium import COMMAND
from benchmarks.books import lang
from benchmarks.revisions_es import REVISIONS
from bot.engines import EngineOptions
from bot.engines.base import Engine
from bot.engines.command.settings import CommandSettings
from bot.engines.memory import MemoryEngine
from bot.memory import TranslationMemory
from bot.model import Assistance, Bead, Direction
from bot.pipeline import Texts, complete, parse_texts, plan_texts
from bot.repair import RepairPolicy


def outcomes(engine: Engine, policy: RepairPolicy, direction: Direction) -> list[str]:
    """What stands in the place of each sentence; the engine is asked once for all."""
    texts = [Texts("a.md", old, new, was) for old, new, was, _ in REVISIONS]
    memory, planned = TranslationMemory(), []
    for one in texts:
        base, _, target = (tuple(range(len(document.segments))) for document in parse_texts(one, direction))
        planned.append(plan_texts(one, [Bead(base, target, 1.0)], direction, memory, policy))
    answers = iter(engine.translate([r for one in planned for r in one.requests], direction, memory))
    return [
        complete(text, plan, direction, [next(answers) for _ in plan.requests]).text.strip()
        for text, plan in zip(texts, planned, strict=True)
    ]


def main() -> int:
    if shutil.which(COMMAND[0]) is None:
        print("skipped: Apertium is not installed")
        return 0
    direction = Direction(lang("en"), lang("es"))
    apertium = CommandSettings(kind="command", command=COMMAND, protocol="apertium").create(EngineOptions(str, "es"))
    ways: dict[str, tuple[Engine, RepairPolicy]] = {
        "kept": (MemoryEngine(), RepairPolicy()),
        "repaired by phrases": (apertium, RepairPolicy(assistance=Assistance.PHRASES)),
        "repaired, also by whole sentences": (apertium, RepairPolicy(assistance=Assistance.GRAFT)),
        "translated anew": (apertium, RepairPolicy(retranslate_below=1.01)),
    }
    people, before = [now for *_, now in REVISIONS], [was for _, _, was, _ in REVISIONS]
    scores = {}
    print(f"{len(REVISIONS)} sentences of this project's own, into Spanish by Apertium")
    for name, (engine, policy) in ways.items():
        made = outcomes(engine, policy, direction)
        exact = sum(a == b for a, b in zip(made, people, strict=True))
        changed = [(a, b) for a, b, was in zip(made, people, before, strict=True) if a != was]
        wrong = [pair for pair in changed if pair[0] != pair[1]]
        scores[name] = CHRF(word_order=2).corpus_score(made, [people]).score
        print(f"{name}: exact {exact}, chrF++ {scores[name]:.1f}, changed {len(changed)}, wrong {len(wrong)}")
        for got, wanted in wrong if "repaired" in name else ():
            print(f"    {got}\n  ≠ {wanted}")
    return int(scores["repaired, also by whole sentences"] < max(scores.values()))


if __name__ == "__main__":
    sys.exit(main())
