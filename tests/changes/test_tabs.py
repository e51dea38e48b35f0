"""Tabs that translators put around text, against the tabs of the English; and sentences they joined in another file."""

from __future__ import annotations

from bot.documents import open_directives, parse
from bot.engines.copy import CopyEngine
from bot.memory import TranslationMemory
from bot.model import Action, Bead, Direction, Kind, Language, Merge, TranslationUnit
from bot.pipeline import Texts, complete, plan_texts, translate

LANGUAGES = Direction(Language("en", "English"), Language("zh", "Chinese", joiner="", splitter="zh"))
HEAD, HEAD_ZH = "# Data\n", "# 数据\n"


def merged(base: str, new: str, target: str, links: dict[int, int], memory: TranslationMemory) -> Merge:
    """The merge with the given links from base to target segments; other segments have no counterpart."""
    sizes = len(parse(base, LANGUAGES[0]).segments), len(parse(target, LANGUAGES[1]).segments)
    beads = [Bead((b,), (links[b],) if b in links else (), 1.0) for b in range(sizes[0])]
    beads += [Bead((), (t,), 1.0) for t in range(sizes[1]) if t not in links.values()]
    texts = Texts("a.md", base, new, target)
    planned = plan_texts(texts, beads, LANGUAGES, memory)
    answers = translate(planned.requests, CopyEngine(), LANGUAGES, memory)
    return complete(texts, planned, LANGUAGES, answers)


def tab(name: str, text: str) -> str:
    return f"\n:begin_tab:`{name}`\n{text}\n:end_tab:\n"


def test_changed_text_goes_into_the_new_english_tab_and_the_empty_one_of_the_translators_goes() -> None:
    base = HEAD + "\nMake a row of numbers with the function.\n"
    new = HEAD + tab("mxnet", "Make a row of ten numbers with this function.")
    target = HEAD_ZH + tab("mxnet", "用函数创建一行数字。")
    merge = merged(base, new, target, {0: 0, 1: 2}, TranslationMemory())
    assert merge.text == target
    assert merge.counts["stale"] == 1
    memory = TranslationMemory(
        [TranslationUnit("Make a row of ten numbers with this function.", "用这个函数创建十个数。", "b.md")]
    )
    assert merged(base, new, target, {0: 0, 1: 2}, memory).text == HEAD_ZH + tab("mxnet", "用这个函数创建十个数。")


def test_a_tab_that_both_put_around_the_same_text_is_one_tab_and_the_text_stays() -> None:
    base = HEAD + "\nMake a row of numbers with the function.\n"
    new = HEAD + tab("mxnet", "Make a row of numbers with the function.")
    target = HEAD_ZH + tab("mxnet", "用函数创建一行数字。")
    merge = merged(base, new, target, {0: 0, 1: 2}, TranslationMemory())
    assert merge.text == target
    assert merge.counts["kept"] == 4


def test_a_tab_of_the_translators_goes_with_the_english_it_was_put_around() -> None:
    base = HEAD + "\nMake a row of numbers.\n\nThen look at it.\n"
    target = HEAD_ZH + tab("mxnet", "创建一行数字。") + "\n再看看它。\n"
    merge = merged(base, HEAD + "\nThen look at it.\n", target, {0: 0, 1: 2, 2: 4}, TranslationMemory())
    assert merge.text == HEAD_ZH + "\n再看看它。\n"


def test_a_new_tab_is_not_put_inside_one_that_the_translators_added() -> None:
    base = HEAD + "\nMake a row of numbers.\n"
    new = base + tab("pytorch", "Numbers are tensors here.")
    target = HEAD_ZH + tab("mxnet", "创建一行数字。") + tab("tensorflow", "创建一列数字。")
    merge = merged(base, new, target, {0: 0, 1: 2}, TranslationMemory())
    assert not open_directives(parse(merge.text, LANGUAGES[1]))
    assert merge.text == target + tab("pytorch", "Numbers are tensors here.")


def test_new_sentences_that_translators_joined_in_another_file_are_reused_together() -> None:
    unit = TranslationUnit("It is short. It is clear.", "它又短又清楚。", "b.md", Kind.PARAGRAPH)
    merge = merged(HEAD, HEAD + "\nIt is short. It is clear.\n", HEAD_ZH, {0: 0}, TranslationMemory([unit]))
    assert merge.text == HEAD_ZH + "\n它又短又清楚。\n"
    assert merge.counts[Action.REUSED] == 1


def note(name: str, *texts: str) -> str:
    return f"\n```{{{name}}}\n" + "\n\n".join(texts) + "\n```\n"


def test_a_directive_that_was_renamed_while_text_left_it_is_a_new_one_around_what_it_has_now() -> None:
    base = HEAD + note("note", "Make a row of numbers.", "Then look at it.")
    new = HEAD + note("tip", "Make a row of numbers.") + "\nThen look at it.\n"
    target = HEAD_ZH + note("note", "创建一行数字。", "再看看它。")
    merge = merged(base, new, target, {i: i for i in range(5)}, TranslationMemory())
    assert merge.text == HEAD_ZH + note("tip", "创建一行数字。") + "\n再看看它。\n"
    assert merge.counts[Action.PATCHED] == 2
    assert merge.counts[Action.REMOVED] == 2


def test_a_directive_that_was_renamed_around_the_same_text_is_renamed_in_place() -> None:
    base = HEAD + note("note", "Make a row of numbers.", "Then look at it.")
    new = HEAD + note("tip", "Make a row of numbers.", "Then look at it.")
    target = HEAD_ZH + note("note", "创建一行数字。", "再看看它。")
    merge = merged(base, new, target, {i: i for i in range(5)}, TranslationMemory())
    assert merge.text == HEAD_ZH + note("tip", "创建一行数字。", "再看看它。")
    assert merge.counts[Action.REMOVED] == 0
