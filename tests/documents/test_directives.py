"""Directives between fences keep what they hold, also where their titles are translated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alignment import align
from bot.documents import directive_pairs, enclosing_directives, parse
from bot.engines.copy import CopyEngine
from bot.memory import TranslationMemory
from bot.merging.pieces import Piece, Woven
from bot.merging.verifying import find_misplaced
from bot.model import Action, Bead, Direction, Language, Merge, Operation, Versions
from bot.pipeline import Texts, complete, plan_texts, translate

ENGLISH, CHINESE = Language("en", "English"), Language("zh", "Chinese", joiner="", splitter="zh")
LANGUAGES = Direction(ENGLISH, CHINESE)

BASE = """````{admonition} A title here
:class: tip

Intro text is here.

```{note}
The caption of figure.
```
````

Outside text is here.
"""
TARGET = """````{admonition} 这里是标题
:class: tip

这里是介绍文字。

```{note}
图的标题。
```
````

外面的文字在这里。
"""


def merged(base: str, new: str, target: str, links: dict[int, int] | None = None) -> Merge:
    """The merge with the aligner's links, or with the given ones from base to target segments."""
    documents = parse(base, ENGLISH), parse(target, CHINESE)
    beads = align(*documents, LANGUAGES)
    if links is not None:
        beads = (
            *(Bead((b,), (links[b],) if b in links else (), 1.0) for b in range(len(documents[0].segments))),
            *(Bead((), (t,), 1.0) for t in range(len(documents[1].segments)) if t not in links.values()),
        )
    texts, memory = Texts("a.md", base, new, target), TranslationMemory()
    planned = plan_texts(texts, beads, LANGUAGES, memory)
    return complete(texts, planned, LANGUAGES, translate(planned.requests, CopyEngine(), LANGUAGES, memory))


def pairs_of(base: str, target: str) -> dict[int, int]:
    beads = align(parse(base, ENGLISH), parse(target, CHINESE), LANGUAGES)
    return {b.source[0]: b.target[0] for b in beads if b.source and b.target}


def test_a_directive_with_a_translated_title_is_linked_and_so_is_its_closing_line() -> None:
    assert pairs_of(BASE, TARGET) == {k: k for k in range(7)}


def test_opaque_directives_with_a_translated_title_are_linked() -> None:
    base = "# Data\n\n```{list-table} Table title\n* - 1\n```\n\n```{math}\nx = 1\n```\n"
    target = "# 数据\n\n```{list-table} 表格标题\n* - 1\n```\n\n```{math}\nx = 1\n```\n"
    assert pairs_of(base, target) == {0: 0, 1: 1, 2: 2}


def test_directives_of_other_names_are_not_linked() -> None:
    base = "# Data\n\n```{tip} Title\nA short text.\n```\n"
    assert pairs_of(base, "# 数据\n\n```{warning} 标题\n一段短文。\n```\n").keys() == {0, 2}


def test_tabs_of_other_frameworks_are_not_linked() -> None:
    base = "# Data\n\n:begin_tab:`mxnet`\nA short text.\n:end_tab:\n"
    target = "# 数据\n\n:begin_tab:`pytorch`\n一段短文。\n:end_tab:\n"
    assert {1, 3}.isdisjoint(pairs_of(base, target))


def test_figures_are_told_apart_by_their_addresses() -> None:
    base = "# Data\n\n```{figure} img/cat.svg\nThe first.\n```\n\n```{figure} img/alexnet.svg\nThe second.\n```\n"
    target = "# 数据\n\n```{figure} img/alexnet.svg\n第二幅。\n```\n"
    links = pairs_of(base, target)
    assert (links[4], links[6]) == (1, 3)


def test_a_renamed_directive_is_renamed_where_it_is() -> None:
    merge = merged(BASE, BASE.replace("{note}", "{warning}"), TARGET)
    assert merge.text == TARGET.replace("{note}", "{warning}")
    assert merge.counts == {action.value: 0 for action in Action} | {"kept": 6, "patched": 1}


def test_a_renamed_directive_keeps_its_translated_title() -> None:
    base, target = BASE.replace("{note}", "{note} Mind this"), TARGET.replace("{note}", "{note} 注意")
    merge = merged(base, base.replace("{note}", "{warning}"), target)
    assert merge.text == target.replace("{note}", "{warning}")


def test_directives_that_are_renamed_one_in_another_stay_nested() -> None:
    new = BASE.replace("{note}", "{warning}").replace("{admonition}", "{dropdown}")
    assert merged(BASE, new, TARGET).text == TARGET.replace("{note}", "{warning}").replace("{admonition}", "{dropdown}")


def test_a_renamed_directive_that_the_translators_left_out_stays_out_and_is_reported() -> None:
    target = TARGET.replace("```{note}\n图的标题。\n```\n", "图的标题。\n")
    merge = merged(BASE, BASE.replace("{note}", "{warning}"), target)
    assert merge.text == target
    assert [left.reason for left in merge.left] == ["left out by the translators; its English changed"]


def test_a_directive_that_is_renamed_and_moved_moves_with_its_text() -> None:
    english, chinese = "\nThis stays here.\n\nThat stays too.\n", "\n这个留在这里。\n\n那个也是。\n"
    note, note_zh = "\n```{note}\nThe caption of figure.\n```\n", "\n```{note}\n图的标题。\n```\n"
    base, target = "# Data\n" + note + english, "# 数据\n" + note_zh + chinese
    new = "# Data\n" + english + note.replace("note", "warning")
    merge = merged(base, new, target, {k: k for k in range(6)})
    assert merge.text == "# 数据\n" + chinese + note_zh.replace("note", "warning")


def test_a_directive_around_other_text_is_another_directive() -> None:
    warning = "\n\n```{warning}\nFire.\n```\n"
    new = BASE.replace("```{note}\nThe caption of figure.\n```\n", "The caption of figure." + warning)
    text = TARGET.replace("```{note}\n图的标题。\n```\n", "图的标题。" + warning)
    assert merged(BASE, new, TARGET).text == text


def test_a_changed_title_replaces_the_translated_one_and_is_left_for_a_person() -> None:
    merge = merged(BASE, BASE.replace("A title here", "Another heading"), TARGET)
    assert merge.text == TARGET.replace("这里是标题", "Another heading")
    assert [merge.text[slice(*left.after)] for left in merge.left] == ["````{admonition} Another heading\n:class: tip"]


def test_a_directive_with_another_name_and_title_is_left_for_a_person_with_its_text_in_it() -> None:
    base, target = BASE.replace("{note}", "{note} Mind this"), TARGET.replace("{note}", "{note} 注意")
    merge = merged(base, base.replace("{note} Mind this", "{warning} Never do so"), target)
    assert merge.text == target.replace("{note} 注意", "{warning} Never do so")
    assert [left.fuzzy.target for left in merge.left if left.fuzzy] == ["```{note} 注意"]


def test_carriage_returns_of_the_translation_stay_when_a_directive_is_renamed() -> None:
    new, target = BASE.replace("{note}", "{warning}"), TARGET.replace("\n", "\r\n")
    assert merged(BASE, new, target).text == target.replace("{note}", "{warning}")


def test_new_text_at_the_end_of_a_directive_is_put_inside_it() -> None:
    new = BASE.replace("```\n````", "```\n\nA new paragraph inside.\n````")
    assert merged(BASE, new, TARGET).text == TARGET.replace("```\n````", "```\n\nA new paragraph inside.\n````")


def test_a_new_directive_in_a_directive_is_put_inside_it() -> None:
    tip = "```{tip}\nA new tip.\n```\n\n"
    text = TARGET.replace("```{note}", tip + "```{note}")
    assert merged(BASE, BASE.replace("```{note}", tip + "```{note}"), TARGET).text == text


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (("````{note}", "````"), ("```{tip}", "```")),
        (("````{note}", "````"), (":begin_tab:`jax`", ":end_tab:")),
        ((":begin_tab:`jax`", ":end_tab:"), ("```{tip}", "```")),
    ],
)
def test_a_new_directive_may_be_put_inside_one_that_the_translators_added(
    outer: tuple[str, str], inner: tuple[str, str]
) -> None:
    base = "# Data\n\nOne row.\n\nTwo rows.\n"
    target = f"# 数据\n\n{outer[0]}\n一行。\n\n两行。\n{outer[1]}\n"
    new = f"{inner[0]}\nA new one.\n{inner[1]}\n\n"
    merge = merged(base, base.replace("Two", new + "Two"), target, {0: 0, 1: 2, 2: 3})
    assert merge.text == target.replace("两行", new + "两行")


CHAINS = st.recursive(
    st.just("Some words.\n"),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda parts: ("note", parts)),
    max_leaves=6,
)


def written(tree: object, depth: int = 8) -> str:
    if isinstance(tree, str):
        return tree
    assert isinstance(tree, tuple)
    fence = "`" * depth
    return f"{fence}{{{tree[0]}}}\n" + "\n".join(written(part, depth - 1) for part in tree[1]) + f"{fence}\n"


@given(CHAINS)
def test_a_segment_is_enclosed_by_exactly_the_directives_that_open_before_and_close_after_it(tree: object) -> None:
    document = parse(written(tree), ENGLISH)
    pairs = sorted(directive_pairs(document))
    around = enclosing_directives(document)
    assert around == [tuple(a for a, b in pairs if a < k < b) for k in range(len(document.segments))]


@pytest.mark.parametrize(
    ("result", "is_sound"),
    [
        ("```{note}\n图。\n```\n", True),
        ("```{note}\n```\n图。\n", False),
        ("图。\n\n```{note}\n```\n", False),
        ("````{tip}\n```{note}\n图。\n```\n````\n", True),
    ],
)
def test_text_that_is_not_in_its_directive_any_more_is_found(result: str, *, is_sound: bool) -> None:
    english = parse("```{note}\nA figure.\n```\n", ENGLISH)
    target = parse("```{note}\n图。\n```\n", CHINESE)
    operations = [Operation(Action.KEPT, "", (k,), (k,), (k,)) for k in range(3)]
    number = {"```{note}": 0, "图。": 1, "```": 2}
    document = parse(result, CHINESE)
    pieces = [
        Piece((), number.get(segment.text), document.lead(k), segment.text, starts_block=True)
        for k, segment in enumerate(document.segments)
    ]
    woven = Woven(Versions(english, english, target), operations, pieces)
    assert (find_misplaced(woven, document) is None) == is_sound


def test_text_that_the_translators_took_out_of_a_directive_may_stay_outside() -> None:
    target = TARGET.replace("```{note}\n图的标题。\n```\n````\n", "```{note}\n注。\n```\n````\n\n图的标题。\n")
    new = BASE.replace("Outside text is here.", "Outside text is here.\n\nNobody knew why.")
    merge = merged(BASE, new, target, {0: 0, 1: 1, 2: 2, 3: 6, 4: 4, 5: 5, 6: 7})
    assert merge.text == target.replace("外面的文字在这里。", "外面的文字在这里。\n\nNobody knew why.")
