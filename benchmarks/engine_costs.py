"""What a language model is sent for the sentences of known revisions, and how many right answers our checks refuse.

usage: python -m benchmarks.engine_costs [--show]
The model is a double that speaks the real protocol and answers with what people wrote, once with the tags that it was
sent and once in plain Markdown. Printed, with and without the book's nearest pairs: characters and tokens sent beside
those of the changed sentences (tokens are estimated by the same rule on both sides), and how many of the answers come
out exactly as people wrote them. `--show` lists the answers that were refused, and why.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.books import SHARED, lang
from bot.changes import make_plan, requests_of
from bot.engines.base import EngineOptions
from bot.engines.openai.engine import OpenAIEngine
from bot.engines.openai.prompt import tokens
from bot.engines.openai.settings import OpenAISettings
from bot.engines.openai.tags import tag, tag_like
from bot.memory import TranslationMemory
from bot.merging import check_translation, keeps_words
from bot.model import Assistance, Bead, Direction, Request, Translation, TranslationUnit
from bot.pipeline import Texts, parse_texts
from bot.repair import RepairPolicy
from tests.support.llm_double import MODEL, Item, LLMDouble

_POLICY = RepairPolicy(assistance=Assistance.REVISION)
_GOAL = 0.98
"""The share of right answers that must come out, of those that pass the checks of every engine's answers."""
Pair = tuple[Request, str]
"""A request, and what people wrote."""


def changed(quads: Sequence[Mapping[str, Any]], direction: Direction) -> tuple[list[Pair], int]:
    """What the engine is asked for, with people's answers; and how many revisions ask for nothing."""
    pairs: list[Pair] = []
    settled, seen = 0, set[str]()
    for quad in quads:
        texts = {key: " ".join(quad[key].split()) for key in ("old", "new", "was", "now")}
        documents = parse_texts(Texts("a.md", texts["old"], texts["new"], texts["was"]), direction)
        base, _, target = (tuple(range(len(document.segments))) for document in documents)
        plan = make_plan(documents, [Bead(base, target, 1.0)], direction, policy=_POLICY)
        asked = [request for i in plan.requests for request in requests_of(plan.operations[i], documents.new)]
        if not asked:
            settled += 1
        elif asked[0].text not in seen and asked[0].text == documents.new.joined(range(len(documents.new.segments))):
            # The same English may have two translations; a model is asked once.
            seen.add(asked[0].text)
            pairs.append((asked[0], texts["now"]))
    return pairs, settled


def ask(
    pairs: Sequence[Pair], memory: TranslationMemory, direction: Direction, *, examples: int, tagged: bool
) -> tuple[list[Translation], LLMDouble]:
    people = {}
    for request, now in pairs:
        sent = tag(request.text, direction.source, request.placeables)
        people[sent.text] = tag_like(now, direction.target, sent) if tagged else now

    def answer(item: Item) -> str:
        return people[item["text"]]

    with LLMDouble(answer, key="") as double:
        given = {"kind": "openai", "model": MODEL, "base_url": double.url, "examples": examples}
        engine = OpenAIEngine(EngineOptions(lambda _: ""), OpenAISettings.model_validate(given))
        return list(engine.translate([request for request, _ in pairs], direction, memory)), double


def measure(name: str, direction: Direction, *, show: bool) -> bool:
    quads = json.loads((SHARED / f"revisions/{name}.json").read_text(encoding="utf-8"))
    pairs, settled = changed(quads, direction)
    memory = TranslationMemory(TranslationUnit(quad["old"], quad["was"], "a.md") for quad in quads)
    sentences = [request.text for request, _ in pairs]
    print(f"{name}: {len(quads)} revisions, {settled} ask for nothing, {len(pairs)} asked of the engine")
    good = True
    for examples in (5, 0):
        answers, double = ask(pairs, memory, direction, examples=examples, tagged=True)
        first = [each for each in double.asks if not each.again]
        sent = [message["content"] for each in first for message in each.body["messages"]]
        shown = sum("examples" in item for each in first for item in each.items.values())
        characters = sum(map(len, sent)) / sum(map(len, sentences))
        count = sum(map(tokens, sent)) / sum(map(tokens, sentences))
        print(
            f"  {'with' if examples else 'without'} examples ({shown} sentences have some): {len(first)} requests,"
            f" {sum(map(len, sent)):,} characters, about {sum(map(tokens, sent)):,} tokens;"
            f" beside the changed sentences' {characters:.1f} and {count:.1f} times"
        )
        good &= _exact(pairs, answers, "with tags", double, direction, show=show)
    answers, double = ask(pairs, memory, direction, examples=0, tagged=False)
    return _exact(pairs, answers, "in plain Markdown", double, direction, show=show) and good


def _exact(
    pairs: Sequence[Pair],
    answers: Sequence[Translation],
    how: str,
    double: LLMDouble,
    direction: Direction,
    *,
    show: bool,
) -> bool:
    reasons = Counter(answer.left.split(": ", 1)[1].split(";")[0][:60] for answer in answers if answer.left)
    exact = sum(answer.text == now and not answer.left for (_, now), answer in zip(pairs, answers, strict=True))
    taken = sum(not answer.left for answer in answers)
    asked = {text for each in double.asks for text in (item["text"] for item in each.items.values())}
    fit = [_passes_elsewhere(request, now, direction) for request, now in pairs]
    share = exact / sum(fit)
    print(
        f"    people's own answers {how}: {taken / len(pairs):.1%} taken, {exact / len(pairs):.1%} exactly; of the"
        f" {sum(fit)} that pass every engine's checks, {share:.1%}; {len(asked)} sentences sent"
    )
    for reason, number in reasons.most_common(8 if show else 3):
        print(f"      refused {number}: {reason}")
    if show:
        for (request, now), answer in zip(pairs, answers, strict=True):
            if answer.left or answer.text != now:
                print("        " + "\n          ".join([answer.left or "differs", request.text, now, answer.text]))
    return share >= _GOAL


def _passes_elsewhere(request: Request, now: str, direction: Direction) -> bool:
    """Whether people's own sentence passes the checks of any engine's, and of any revision: people may add a link."""
    former = request.revised
    keeps = not request.repairs or former is None or keeps_words(former.source, request.text, former.target, now)
    return keeps and not check_translation(request.text, now, request.kind, direction)


def main() -> int:
    show = "--show" in sys.argv
    results = [
        measure(name, Direction(lang("en"), lang(code)), show=show)
        for name, code in (("vue-zh", "zh"), ("d2l-tr", "tr"))
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
