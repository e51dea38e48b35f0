"""What translators added inside a block, when the English around it changes."""

from __future__ import annotations

from bot.documents import parse
from bot.memory import TranslationMemory
from bot.model import Bead, Direction, Language
from bot.pipeline import Texts, complete

LANGUAGES = Direction(Language("en", "English"), Language("zh", "Chinese", joiner="", splitter="zh"))


def test_a_note_that_begins_a_list_item_keeps_its_marker_and_its_sentence_when_the_item_above_goes() -> None:
    base = "Look:\n\n1. The first item.\n1. The second item.\n"
    target = "请看：\n\n1. 第一项。\n1. 译者注：略。第二项。\n"
    sizes = len(parse(base, LANGUAGES[0]).segments), len(parse(target, LANGUAGES[1]).segments)
    assert sizes == (3, 4)
    beads = [Bead((0,), (0,), 1.0), Bead((1,), (1,), 1.0), Bead((), (2,), 1.0), Bead((2,), (3,), 1.0)]
    texts = Texts("a.md", base, "Look:\n\n1. The second item.\n", target)
    merge = complete(texts, beads, LANGUAGES, TranslationMemory(), [])
    assert merge.text == "请看：\n\n1. 译者注：略。第二项。\n"
