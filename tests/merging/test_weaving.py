"""Where new text and the translators' additions stand in the result."""

from __future__ import annotations

from bot.documents import parse
from bot.engines.copy import CopyEngine
from bot.memory import TranslationMemory
from bot.model import Bead, Direction, Language, TranslationUnit
from bot.pipeline import Texts, complete, plan_texts, translate

LANGUAGES = Direction(Language("en", "English"), Language("zh", "Chinese", joiner="", splitter="zh"))


def test_a_note_that_begins_a_list_item_keeps_its_marker_and_its_sentence_when_the_item_above_goes() -> None:
    base = "Look:\n\n1. The first item.\n1. The second item.\n"
    target = "请看：\n\n1. 第一项。\n1. 译者注：略。第二项。\n"
    sizes = len(parse(base, LANGUAGES[0]).segments), len(parse(target, LANGUAGES[1]).segments)
    assert sizes == (3, 4)
    beads = [Bead((0,), (0,), 1.0), Bead((1,), (1,), 1.0), Bead((), (2,), 1.0), Bead((2,), (3,), 1.0)]
    texts = Texts("a.md", base, "Look:\n\n1. The second item.\n", target)
    merge = complete(texts, plan_texts(texts, beads, LANGUAGES, TranslationMemory()), LANGUAGES, [])
    assert merge.text == "请看：\n\n1. 译者注：略。第二项。\n"


def test_new_text_goes_behind_an_addition_and_before_a_tab_that_translators_put_around_the_next_paragraph() -> None:
    base, new = "One is here.\n\nTwo is here.\n", "One is here.\n\nNew is here.\n\nTwo is here.\n"
    tab = "\n:begin_tab:`x`\n二在这里。\n:end_tab:\n"
    texts, memory = Texts("a.md", base, new, f"一在这里。\n\n译者注。\n{tab}"), TranslationMemory()
    beads = [
        Bead((0,), (0,), 1.0),
        Bead((), (1,), 1.0),
        Bead((), (2,), 1.0),
        Bead((1,), (3,), 1.0),
        Bead((), (4,), 1.0),
    ]
    planned = plan_texts(texts, beads, LANGUAGES, memory)
    answers = translate(planned.requests, CopyEngine(), LANGUAGES, memory)
    assert complete(texts, planned, LANGUAGES, answers).text == f"一在这里。\n\n译者注。\n\nNew is here.\n{tab}"


def test_a_new_item_of_two_sentences_that_are_one_in_the_memory_is_an_item() -> None:
    joined = TranslationUnit("Alpha goes first. Beta goes next.", "甲先走，乙后走。", "other.md")
    texts = Texts("a.md", "* One is here.\n", f"* One is here.\n* {joined.source}\n", "* 一在这里。\n")
    merge = complete(
        texts, plan_texts(texts, [Bead((0,), (0,), 1.0)], LANGUAGES, TranslationMemory([joined])), LANGUAGES, []
    )
    assert merge.text == "* 一在这里。\n* 甲先走，乙后走。\n"
