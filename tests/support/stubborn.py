"""A machine that knows every sentence of a small book, and has its own word for one term until a glossary names it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engines.base import Engine, EngineOptions, EngineSettings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation

TERM, RIGHT, WRONG = "saddle point", "鞍点", "山口"
FRUIT = ("apple", "苹果"), ("pear", "雪梨"), ("plum", "李子"), ("melon", "甜瓜"), ("peach", "桃子"), ("grape", "葡萄")
_FRAMES = (
    ("We drew the saddle point beside the {}.", "我们把{}画在{}旁边。"),
    ("Every saddle point looks like a {}.", "每个{}都像{}。"),
    ("Two saddle points hide the {}.", "两个{}遮住了{}。"),
    ("She found a saddle point in the {}.", "她在{1}里找到了{0}。"),
    ("Nobody has seen the saddle point or the {}.", "没有人见过{}或{}。"),
    ("Our saddle points are not the {}.", "这些{}不是{}。"),
)
_PLAIN = (
    ("He ate the {} in the morning.", "他早上吃了{}。"),
    ("The {} is on the table.", "{}在桌子上。"),
    ("She sold a {} to her friend.", "她把{}卖给了朋友。"),
)


def with_term(word: str, number: int) -> list[tuple[str, str]]:
    """Six sentences with the term and their translations, in which it is called `word`. `number` chooses among six
    such lots."""
    pairs = [(frame, FRUIT[(place + number) % len(FRUIT)]) for place, frame in enumerate(_FRAMES)]
    return [(source.format(fruit), target.format(word, name)) for (source, target), (fruit, name) in pairs]


def without_term() -> list[tuple[str, str]]:
    return [(source.format(fruit), target.format(name)) for source, target in _PLAIN for fruit, name in FRUIT]


class Stubborn(Engine):
    name = label = "stubborn"
    heeds = True
    """Whether it follows a glossary that it is given."""
    glossary = ""

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        word = RIGHT if self.heeds and f"{TERM},{RIGHT}" in self.glossary else WRONG
        known = dict(without_term()) | dict(pair for number in range(len(FRUIT)) for pair in with_term(word, number))
        return [Translation(known[request.text]) for request in requests]


class StubbornSettings(EngineSettings):
    """Stands in for the settings of any kind."""

    def create(self, options: EngineOptions) -> Stubborn:
        Stubborn.glossary = options.read_text(options.glossary) if options.glossary else ""
        return Stubborn()
