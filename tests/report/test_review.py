"""The notes at translated lines: what changed, the old translation to go back to, and nothing smuggled in."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Action, Direction, FileChange, FileResult, FuzzyMatch, Language, Merge, Versions
from bot.pipeline import merge_document
from bot.report.review import review_notes, review_status, word_diff
from tests.support.engines import Answers

LANGUAGES = Direction(
    Language("en", "English"),
    Language("zh", "Chinese", joiner="", enders="。", splitter="zh", length_ratio=0.4),
)
BASE = "# Tea\n\nTea is a hot drink from China. It has `two` kinds.\n"
NEW = "# Tea\n\nTea is a hot drink from India. It has `two` kinds.\n\nWait for 4 minutes.\n"
OLD = "# 茶\n\n茶是来自中国的热饮。它有`two`种。\n"


def merged(*answers: str) -> FileResult:
    merge = merge_document(Versions(BASE, NEW, OLD), LANGUAGES, Answers(*answers))
    return FileResult("tea.md", "tea.md", FileChange.UPDATED, merge)


def test_a_note_shows_what_changed_and_how_to_go_back() -> None:
    (note,) = review_notes([merged("茶是来自印度的热饮。", "等4分钟。")])
    assert (note.path, note.line) == ("tea.md", 3)
    assert note.body == (
        "What changed in the source:\n\n```\nTea is a hot drink from [-China-]{+India+}.\n```\n\n"
        "To restore the translation of the old sentence:\n\n"
        "```suggestion\n茶是来自中国的热饮。它有`two`种。\n```"
    )


def test_a_doubted_translation_comes_first_even_where_nothing_stood_before() -> None:
    first, second = review_notes([merged("茶是来自印度的热饮。", "等14分钟。")])
    assert (first.line, second.line) == (5, 3)
    assert first.body.startswith("Worth a second look: `the numbers differ; not in it: 4; only in it: 14`")
    assert "Wait for 4 minutes." in first.body


def test_a_note_keeps_its_key_when_its_line_moves() -> None:
    result = merged("茶是来自印度的热饮。", "等4分钟。")
    assert result.merge is not None
    lower = FileResult("tea.md", "tea.md", FileChange.UPDATED, shifted(result.merge))
    (note,), (moved,) = review_notes([result]), review_notes([lower])
    assert (moved.line, moved.key) == (note.line + 2, note.key)


def shifted(merge: Merge) -> Merge:
    """The same text two lines further down."""
    edits = tuple(
        type(edit)(
            edit.action,
            edit.reason,
            edit.before,
            (edit.after[0] + 2, edit.after[1] + 2),
            edit.source,
            edit.text,
            edit.fuzzy,
        )
        for edit in merge.edits
    )
    return Merge("\n\n" + merge.text, edits, merge.counts, merge.sentences, merge.left, merge.characters)


def test_the_commit_is_told_how_much_there_is_to_do() -> None:
    result = merged("茶是来自印度的热饮。", "等`4`分钟。")
    assert review_status([result]) == "translations: 1 to review, 1 left"
    assert review_status([result], earlier=4) == "translations: 1 to review, 5 left"


def test_people_s_own_sentences_have_no_notes() -> None:
    result = FileResult(
        "tea.md", "tea.md", FileChange.UPDATED, merge_document(Versions(BASE, BASE, OLD), LANGUAGES, Answers())
    )
    assert review_notes([result]) == ()


def test_a_suggestion_can_t_hold_what_nobody_sees() -> None:
    old = OLD.replace("中国", "中\u202e国")
    merge = merge_document(Versions(BASE, NEW, old), LANGUAGES, Answers("茶是来自印度的热饮。", "等4分钟。"))
    (note,) = review_notes([FileResult("tea.md", "tea.md", FileChange.UPDATED, merge)])
    assert "suggestion" not in note.body
    assert r"中\u202e国" in note.body


texts = st.lists(st.sampled_from(["@name", "#1", "```", "`", "<!-- x -->", "\n/amts x", "word", " ", "字"]), max_size=9)


@given(texts.map("".join), texts.map("".join), texts.map("".join))
def test_text_of_the_book_stands_in_code_only(old: str, new: str, target: str) -> None:
    result = merged("茶是来自印度的热饮。", "等4分钟。")
    assert result.merge is not None
    edits = tuple(
        type(edit)(*(edit.action, edit.reason, edit.before, edit.after, new, edit.text), FuzzyMatch(old, target, 0.9))
        for edit in result.merge.edits
        if edit.action is Action.TRANSLATED
    )
    merge = Merge(result.merge.text, edits, {}, {}, (), 0)
    for note in review_notes([FileResult("tea.md", "tea.md", FileChange.UPDATED, merge)]):
        outside = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", note.body, flags=re.MULTILINE | re.DOTALL)
        assert not re.search("[@#<`]|/amts", outside)


words = st.text(alphabet="ab ,.", max_size=12)


@given(words, words)
def test_a_word_diff_holds_both_texts(old: str, new: str) -> None:
    shown = word_diff(old, new)
    assert re.sub(r"\{\+.*?\+\}", "", shown).replace("[-", "").replace("-]", "") == old
    assert re.sub(r"\[-.*?-\]", "", shown).replace("{+", "").replace("+}", "") == new
