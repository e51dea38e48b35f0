"""What becomes of localised lines when the English of their cell changes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.changes import make_plan
from bot.changes.code import CodeMerge, Replaced, merge_code
from bot.changes.code_lines import LineLink, link_lines
from bot.documents import parse
from bot.model import Action, Bead, Direction, Language, Operation, Versions

ENGLISH = Language("en", "English")
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")

CODE = ["x = 1", "y = f(x)  # call", "y = f(x)  # 调用", "plt.plot(x, 'a')", "plt.plot(x, '甲')", "plt.plot(x, y)"]
WORDING = [
    "# one",
    "# 一",
    "# 二",
    "    # in",
    '    """Doc."""',
    '"""',
    "",
    "title: A",
    "title: 甲",
    "&= \\text{river}",
]
TEXTS = st.lists(st.sampled_from(["a = 1\n", "b = 2\n", "# c\n", "\n", "d(e, f)\n"]), max_size=8).map("".join)
CELLS = st.lists(st.sampled_from(CODE + WORDING), max_size=9).map("\n".join)
ENDED_CELLS = st.tuples(CELLS, st.sampled_from(["", "\n"])).map("".join)


def merged_code(base: str, new: str, translated: str) -> CodeMerge:
    return merge_code(Versions(base, new, translated))


def merged_text(base: str, new: str, translated: str) -> str:
    """The text of a merge in which nothing is lost."""
    merge = merged_code(base, new, translated)
    assert merge.replaced == ()
    return merge.text


@given(ENDED_CELLS, ENDED_CELLS)
def test_where_one_side_did_nothing_a_merge_is_the_other_side(base: str, other: str) -> None:
    assert merged_code(base, base, other).text == other
    assert merged_code(base, other, base).text == other


@given(CELLS, CELLS, CELLS)
def test_localised_lines_stand_where_their_english_does_whatever_follows(base: str, new: str, translated: str) -> None:
    english, chinese = "import d2l\nprint('gate')\n# gate\nimport d2l", "import d2l\nprint('门')\n# 门\nimport d2l"
    merge = merged_code(f"{english}\n{base}", f"{english}\n{new}", f"{chinese}\n{translated}")
    assert merge.text.startswith(chinese)


@given(ENDED_CELLS, ENDED_CELLS)
@example("x = 1\nx = 1\nx = 1", "x = 1")
def test_every_line_linked_to_an_unchanged_one_stands_when_lines_are_inserted(base: str, translated: str) -> None:
    old, theirs = (text.splitlines(keepends=True) for text in (base + "\n", translated + "\n"))
    for at in range(len(old) + 1):
        links = link_lines(old, theirs)
        if any(link.a0 < at < link.a1 for link in links):
            continue
        result = merged_code("".join(old), "".join([*old[:at], "NEW\n", *old[at:]]), "".join(theirs))
        assert [line for line in result.text.splitlines(keepends=True) if line != "NEW\n"] == theirs
        assert result.replaced == ()
        assert "NEW\n" in result.text


@given(ENDED_CELLS, ENDED_CELLS)
def test_links_are_in_order_and_never_overlap(a: str, b: str) -> None:
    lines = a.splitlines(keepends=True), b.splitlines(keepends=True)
    at_a = at_b = 0
    for link in link_lines(*lines):
        assert at_a <= link.a0 < link.a1 <= len(lines[0])
        assert at_b <= link.b0 < link.b1 <= len(lines[1])
        at_a, at_b = link.a1, link.b1


@given(ENDED_CELLS, ENDED_CELLS, ENDED_CELLS, st.tuples(*[st.sampled_from(["\n", "\r\n"])] * 3))
def test_line_ends_make_no_difference(base: str, new: str, translated: str, ends: tuple[str, str, str]) -> None:
    versions = (text.replace("\n", end) for text, end in zip((base, new, translated), ends, strict=True))
    assert merged_code(*versions) == merged_code(base, new, translated)


def test_an_added_first_line_leaves_two_comment_lines_that_became_one_alone() -> None:
    base = "```python\n# Construct a layer with one channel and a\n# kernel of shape (1, 2)\nnet = f(1)\n```"
    translated = "```python\n# 构造一个单通道层，核形状为（1，2）\nnet = f(1)\n```"
    result = merged_text(base, base.replace("python\n", "python\n%%tab mxnet\n"), translated)
    assert result == translated.replace("python\n", "python\n%%tab mxnet\n")


def test_a_changed_line_keeps_its_localised_neighbours_and_what_translators_added() -> None:
    base = "import x\n\n# Plot it\nplt.plot(x)\n"
    translated = "import x\n\n# 绘图\nplt.rcParams['font'] = ['SimHei']\nplt.plot(x)\n"
    result = merged_text(base, base.replace("(x)", "(x, y)"), translated)
    assert result == translated.replace("(x)", "(x, y)")


def test_a_line_that_translators_added_to_front_matter_stays_behind_a_changed_one() -> None:
    base, new = "title: My page\nauthors: [a]\n", "title: My page\nauthors: [a, b]\ndate: 2024\n"
    result = merged_text(base, new, "title: 我的页面\nauthors: [a]\ntranslator: 张三\n")
    assert result == "title: 我的页面\nauthors: [a, b]\ntranslator: 张三\ndate: 2024\n"


def test_a_changed_title_replaces_the_localised_one_and_is_told() -> None:
    merge = merged_code("title: My page\na: 1\n", "title: My new page\na: 1\n", "title: 我的页面\na: 1\n")
    assert merge.text == "title: My new page\na: 1\n"
    assert merge.replaced == (Replaced(("title: 我的页面\n",), ("title: My new page\n",)),)


def test_a_localised_docstring_of_another_length_stays_where_the_next_line_changed() -> None:
    base = 'def f(n):\n    """Load n items.\n\n    All of them.\n    """\n    return g(n)\n'
    translated = 'def f(n):\n    """加载n个样本。"""\n    return g(n)\n'
    assert merged_text(base, base.replace("g(n)", "g(n, 1)"), translated) == translated.replace("g(n)", "g(n, 1)")


def test_a_changed_comment_that_was_localised_gives_way_to_the_english() -> None:
    merge = merged_code("# Load\nx\n# Plot it\ny\n", "# Load\nx\n# Plot everything\ny\n", "# 加载\nx\n# 绘图\ny\n")
    assert merge.text == "# 加载\nx\n# Plot everything\ny\n"
    assert merge.replaced == (Replaced(("# 绘图\n",), ("# Plot everything\n",)),)


def test_a_string_that_both_sides_changed_is_the_english_one() -> None:
    merge = merged_code("plot(x, 'train')\n", "plot(x, 'training')\n", "plot(x, '训练')\n")
    assert merge.text == "plot(x, 'training')\n"
    assert merge.replaced == (Replaced(("plot(x, '训练')\n",), ("plot(x, 'training')\n",)),)


def test_localised_lines_are_indented_as_their_english() -> None:
    base = "# Fit\nfit(x)\n# A long comment\n# that goes on\nplot(x)\n"
    new = "if x:\n    # Fit\n    fit(x)\n    # A long comment\n    # that goes on\n    plot(x)\n"
    translated = "# 拟合\nfit(x)\n# 一个长注释\nplot(x)\n"
    assert merged_text(base, new, translated) == "if x:\n    # 拟合\n    fit(x)\n    # 一个长注释\n    plot(x)\n"


def test_a_comment_that_is_only_wrapped_anew_stays_localised() -> None:
    assert merged_text("# One two\n# three\nx\n", "# One\n# two three\ny\n", "# 一二三\nx\n") == "# 一二三\ny\n"


def test_a_localised_line_moves_with_its_english() -> None:
    base, new = "# Plot\nplot(x)\na = 1\nb = 2\nc = 3\n", "a = 1\nb = 2\nc = 3\n# Plot\nplot(x)\n"
    assert merged_text(base, new, "# 绘图\nplot(x)\na = 1\nb = 2\nc = 3\n") == new.replace("Plot", "绘图")


def test_deleted_english_takes_its_localised_line_with_it_and_leaves_the_translators_own() -> None:
    merge = merged_code("a = 1\nprint('go')\nb = 2\n", "a = 1\nb = 2\n", "a = 1\nprint('走')\nfont()\nb = 2\n")
    assert merge.text == "a = 1\nfont()\nb = 2\n"
    assert merge.replaced == (Replaced(("print('走')\n",), ()),)


def test_a_line_that_translators_left_out_stays_out_until_its_english_changes() -> None:
    base, translated = "a = 1\nsetup()\nb = 2\n", "a = 1\nb = 2\n"
    assert merged_text(base, base.replace("2", "3"), translated) == "a = 1\nb = 3\n"
    merge = merged_code(base, base.replace("setup()", "setup(1)"), translated)
    assert merge == type(merge)("a = 1\nsetup(1)\nb = 2\n", (Replaced((), ("setup(1)\n",)),))


def test_a_line_that_both_sides_inserted_is_there_once() -> None:
    assert merged_text("a\nb\n", "a\nimport x\nb\nc\n", "a\nimport x\nfont()\nb\n") == "a\nimport x\nfont()\nb\nc\n"


@pytest.mark.parametrize(
    ("base_end", "new_end", "end"), [("", "", ""), ("", "\n", "\n"), ("\n", "", ""), ("\n", "\n", "\n")]
)
def test_the_last_line_ends_as_the_english_does(base_end: str, new_end: str, end: str) -> None:
    result = merged_text(f"# A\nx{base_end}", f"# A\ny{new_end}", f"# 甲\nx{base_end}")
    assert result == f"# 甲\ny{end}"


def test_words_within_a_formula_stay_localised() -> None:
    base, translated = "$$a = \\text{river} + b$$", "$$a = \\text{河} + b$$"
    assert merged_text(base, base.replace("b", "c"), translated) == translated.replace("b", "c")


def test_a_formula_unlike_its_english_gives_way_whole() -> None:
    merge = merged_code("$$x+1$$", "$$y-2$$", "$$\\frac{甲}{乙}$$")
    assert merge.text == "$$y-2$$"
    assert merge.replaced == (Replaced(("$$\\frac{甲}{乙}$$\n",), ("$$y-2$$\n",)),)


def test_comments_are_linked_run_to_run() -> None:
    assert link_lines(["# a\n", "# b\n", "x\n"], ["# 甲\n", "x\n"]) == [LineLink(0, 2, 0, 1), LineLink(2, 3, 1, 2)]


def planned(base: str, new: str, translated: str) -> Operation:
    documents = Versions(parse(base, ENGLISH), parse(new, ENGLISH), parse(translated, CHINESE))
    (operation,) = make_plan(documents, [Bead((0,), (0,), 0.9)], Direction(ENGLISH, CHINESE)).operations
    return operation


def test_the_reviewer_is_told_all_that_was_replaced_and_given_the_old_cell() -> None:
    names = "abcde"
    base = "".join(f"# About {c}\n{c} = 1\n" for c in names)
    cells = [f"```python\n{text}```\n" for text in (base, base.replace("About", "On"), base.replace("About", "关于"))]
    operation = planned(*cells)
    assert operation.action is Action.LEFT
    assert all(f"# 关于 {c} → # On {c}" in operation.reason for c in names)
    assert operation.fuzzy is not None
    assert operation.fuzzy.source.strip() == cells[0].strip()
    assert operation.fuzzy.target.strip() == cells[2].strip()
    assert 0.5 < operation.fuzzy.similarity < 1


def test_a_long_replaced_line_is_shortened_in_the_reason() -> None:
    operation = planned(*(f"```python\nx = 1\n# {text}\n```\n" for text in ("long " * 40, "longer " * 40, "长" * 80)))
    assert len(operation.reason) < 180
    assert "…" in operation.reason


@pytest.mark.parametrize("windows", [0, 1, 2])
def test_line_ends_of_one_version_cause_no_conflict(windows: int) -> None:
    cells = [
        "```python\nx = 1  # set\ny = 2\n```\n",
        "```python\nx = 1  # set\ny = 3\n```\n",
        "```python\nx = 1  # 设\ny = 2\n```\n",
    ]
    cells[windows] = cells[windows].replace("\n", "\r\n")
    operation = planned(*cells)
    assert operation.action is Action.PATCHED
    assert (operation.text or "").strip() == "```python\nx = 1  # 设\ny = 3\n```"


def test_a_cell_whose_english_only_has_other_line_ends_is_kept() -> None:
    english, chinese = "```python\nx = 1  # set\n```\n", "```python\nx = 1  # 设\n```\n"
    assert planned(english.replace("\n", "\r\n"), english, chinese).action is Action.KEPT


@given(TEXTS, TEXTS)
def test_where_only_one_side_changed_a_merge_is_that_side(base: str, other: str) -> None:
    assert merged_code(base, other, base).text == other
    assert merged_code(base, base, other).text == other
    assert not merged_code(base, other, base).replaced
    assert not merged_code(base, base, other).replaced


@given(TEXTS, TEXTS)
def test_where_both_sides_made_the_same_change_it_is_made_once(base: str, other: str) -> None:
    assert merged_code(base, other, other).text == other


@given(TEXTS, TEXTS, TEXTS)
def test_every_line_of_a_merge_comes_from_one_of_the_sides_or_is_of_both(base: str, new: str, translated: str) -> None:
    merged = merged_code(base, new, translated)
    known = set(new.splitlines()) | set(translated.splitlines())
    assert all(line in known or set(line) <= set(base + new + translated) for line in merged.text.splitlines())
    assert all(line in new for pair in merged.replaced for line in pair.english)
    assert all(line in translated for pair in merged.replaced for line in pair.localised)


def test_a_conflict_takes_the_new_english_and_names_it() -> None:
    merged = merged_code("# close it\nx\n", "# shut it\nx\n", "# cerrar\nx\n")
    assert merged.text == "# shut it\nx\n"
    assert merged.replaced == ((("# cerrar\n",), ("# shut it\n",)),)


def test_a_line_that_the_translators_changed_and_the_english_deleted_is_a_conflict() -> None:
    merged = merged_code("a\n# close it\nb\n", "a\nb\n", "a\n# cerrar\nb\n")
    assert merged.text == "a\nb\n"
    assert merged.replaced == ((("# cerrar\n",), ()),)


def test_a_long_cell_whose_lines_all_recur_is_merged_like_a_short_one() -> None:
    base = "x = 1\ny = 2\n" * 120
    new, translated = base + "z = 3\n", "# uno\n" + base
    assert merged_code(base, new, translated).text == "# uno\n" + base + "z = 3\n"


def test_code_carried_over_by_hand_with_its_comment_translated_is_not_added_again() -> None:
    base, new = "```python\nx = 1\n```", "```python\nx = 1\ny = f(x)  # apply the function\n```"
    assert merged_code(base, new, "```python\nx = 1\ny = f(x)  # uygula\n```").text.count("y = f(x)") == 1


def test_keys_of_an_entry_are_no_keys_of_the_block() -> None:
    base, new = "---\ntitle: A\n---", "---\ntitle: A\nauthor:\n  name: Ann\n---"
    result = merged_code(base, new, "---\ntitle: B\ntranslator:\n  name: Can\n---").text
    assert "author:\n  name: Ann\n" in result
    assert "translator:\n  name: Can\n" in result
