"""The notes at translated lines: what changed, the old translation to go back to, and nothing smuggled in."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    Action,
    Carried,
    Direction,
    FileChange,
    FileResult,
    FuzzyMatch,
    Language,
    Merge,
    Revision,
    Versions,
)
from bot.pipeline import merge_document
from bot.repair import RepairPolicy
from bot.report.review import review_notes, review_status
from tests.support.engines import Answers
from tests.support.rendered import render
from tests.support.reported import counts

LANGUAGES = Direction(
    Language("en", "English"),
    Language("zh", "Chinese", joiner="", enders="。", splitter="zh", length_ratio=0.4),
)
BASE = "# Tea\n\nTea is a hot drink from China. It has `two` kinds.\n"
NEW = "# Tea\n\nTea is a hot drink from India. It has `two` kinds.\n\nWait for 4 minutes.\n"
OLD = "# 茶\n\n茶是来自中国的热饮。它有`two`种。\n"

# Each changed sentence is translated anew.
ANEW = RepairPolicy(retranslate_below=1.0)


def merged(*answers: str) -> FileResult:
    merge = merge_document(Versions(BASE, NEW, OLD), LANGUAGES, Answers(*answers), policy=ANEW)
    return FileResult("tea.md", "tea.md", FileChange.UPDATED, merge)


def test_a_note_shows_what_changed_and_how_to_go_back() -> None:
    (note,) = review_notes([merged("茶是来自印度的热饮。", "等4分钟。")])
    assert (note.path, note.line) == ("tea.md", 3)
    assert note.body == (
        "What changed in the source:\n\n<code>Tea is a hot drink from <del>China</del> <b>India</b>.</code>\n\n"
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
    assert review_status([result], left=4, stale=2) == "translations: 2 to revise, 1 to review, 5 left"


def revised(action: Action, unsure: tuple[str, ...] = (), rejected: str = "") -> FileResult:
    base, source, before = "A plain line.", "A **plain** line.", "一条直线。"
    carried = Carried("一条**直**线。", ("mark",), unsure)
    revision = Revision(action, "", base, source, before, carried.text, (3, 12), carried, rejected)
    merge = Merge("一\n\n一条**直**线。\n", (), counts(stale=1), counts(stale=1), (), 0, revisions=(revision,))
    return FileResult("a.md", "a.md", FileChange.UPDATED, merge)


def test_a_stale_sentence_has_a_note_with_the_answer_that_was_not_used() -> None:
    (note,) = review_notes([revised(Action.STALE, rejected="一线。")])
    assert note.line == 3
    assert note.body == (
        "To revise: the translation stands, but its source says something else now.\n\n"
        "<code>A <b>\\*\\*</b>plain<b>\\*\\*</b> line.</code>\n\n"
        "The machine's answer, which was not used:\n\n```\n一线。\n```"
    )


def test_a_mark_placed_by_a_guess_has_a_note_that_takes_it_back() -> None:
    (note,) = review_notes([revised(Action.PATCHED, unsure=("mark",))])
    assert note.body.startswith(
        "To check: this follows the source, but a change may be wrong or stand in the wrong place (mark)."
    )
    assert note.body.endswith("```suggestion\n一条直线。\n```")
    assert review_notes([revised(Action.PATCHED)]) == ()
    assert review_status([revised(Action.STALE)]) == "translations: 1 to revise, 0 to review, 0 left"


def test_people_s_own_sentences_have_no_notes() -> None:
    result = FileResult(
        "tea.md", "tea.md", FileChange.UPDATED, merge_document(Versions(BASE, BASE, OLD), LANGUAGES, Answers())
    )
    assert review_notes([result]) == ()


def test_a_suggestion_can_t_hold_what_nobody_sees() -> None:
    old = OLD.replace("中国", "中\u202e国")
    answers = Answers("茶是来自印度的热饮。", "等4分钟。")
    merge = merge_document(Versions(BASE, NEW, old), LANGUAGES, answers, policy=ANEW)
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
    revisions = [
        Revision(action, "", old, new, target, old, (0, 0), Carried(old, (), ("mark",)), target)
        for action in (Action.STALE, Action.PATCHED)
    ]
    merge = Merge(result.merge.text, edits, {}, {}, (), 0, revisions=tuple(revisions))
    for note in review_notes([FileResult("tea.md", "tea.md", FileChange.UPDATED, merge)]):
        page = render(note.body)
        assert page.balanced
        assert page.tags <= {"p", "pre", "code", "del", "b"}
        assert not re.search("[@#<`]|/amts", page.prose)
