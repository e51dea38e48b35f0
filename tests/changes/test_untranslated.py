"""English that did not change and stands untranslated: asked for again; without an answer it stays to the byte."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot import pipeline
from bot.book.package_data import known_language
from bot.changes import DraftCorrection
from bot.memory import TranslationMemory
from bot.model import Action, Direction, Kind, Merge, Translation, TranslationUnit
from bot.pipeline import Texts

LANGUAGES = Direction(known_language("en"), known_language("zh"))
WORDS = ("tea", "water", "cup", "leaf", "pot", "milk", "sugar", "lemon")
ENGLISH = [f"Sentence {n} tells of ${w}_{n}$ and\nof the `{w}` in kitchen {n}." for n, w in enumerate(WORDS)]
CHINESE = [f"第 {n} 句讲的是 ${w}_{n}$ 和第 {n} 间厨房里的 `{w}`。" for n, w in enumerate(WORDS)]
STANDING = frozenset(range(len(WORDS)))


def page(sentences: Sequence[str], mark: str = "") -> str:
    return "# AlexNet\n\n" + "\n\n".join(f"{mark}{text}".replace("\n", f"\n{mark}") for text in sentences) + "\n"


def merged(texts: Texts, *, answers: bool, units: Sequence[TranslationUnit] = ()) -> tuple[Merge, list[str]]:
    """The merge, and what the engine was asked."""
    beads = pipeline.align_texts(texts, LANGUAGES).beads
    planned = pipeline.plan_texts(texts, beads, LANGUAGES, TranslationMemory(units))
    given = [
        Translation(f"机器{' '.join(request.placeables)}。") if answers else Translation(request.text, left="not known")
        for request in planned.requests
    ]
    return pipeline.complete(texts, planned, LANGUAGES, given), [request.text for request in planned.requests]


@given(st.sets(st.sampled_from(sorted(STANDING))), st.booleans(), st.sampled_from(["", "> "]))
def test_all_of_it_is_asked_for_and_nothing_else_changes(standing: set[int], answers: bool, mark: str) -> None:
    mixed = [ENGLISH[n] if n in standing else CHINESE[n] for n in range(len(WORDS))]
    english, target = page(ENGLISH, mark), page(mixed, mark)
    merge, asked = merged(Texts("a.md", english, english, target), answers=answers)
    assert asked == [ENGLISH[n].replace("\n", " ") for n in sorted(standing)]
    if answers:
        answer = "机器{0} ${1}_{0}$ `{1}` {0}。"
        after = [answer.format(n, w) if n in standing else CHINESE[n] for n, w in enumerate(WORDS)]
        assert merge.text.replace("> ", "") == page(after)
        assert merge.left == ()
    else:
        assert merge.text == target
        assert [left.source for left in merge.left] == asked
        assert all(left.standing and left.reason == "not known" for left in merge.left)


def _texts(number: int, **more: object) -> Texts:
    """All translated but one sentence."""
    target = page([*CHINESE[:number], ENGLISH[number], *CHINESE[number + 1 :]])
    return Texts("a.md", page(ENGLISH), page(ENGLISH), target, **more)  # type: ignore[arg-type]


def test_people_s_translation_of_it_comes_before_the_engine() -> None:
    unit = TranslationUnit(ENGLISH[3].replace("\n", " "), "人们的 $leaf_3$ 和 `leaf`。", "b.md")
    merge, asked = merged(_texts(3), answers=True, units=[unit])
    assert asked == []
    assert "人们的 $leaf_3$ 和 `leaf`。" in merge.text
    assert merge.sentences[Action.REUSED.value] == 1


def test_what_people_keep_in_english_is_neither_asked_for_nor_listed() -> None:
    kept = frozenset({ENGLISH[3].replace("\n", " ")})
    merge, asked = merged(_texts(3, kept=kept), answers=True)
    assert (asked, merge.left, merge.text) == ([], (), _texts(3).target)


def test_what_the_engine_could_not_answer_before_is_listed_but_not_asked_for() -> None:
    refused = frozenset({ENGLISH[3].replace("\n", " ")})
    merge, asked = merged(_texts(3, refused=refused), answers=True)
    assert (asked, merge.text) == ([], _texts(3).target)
    (left,) = merge.left
    assert "the engine was asked before" in left.reason


def test_english_that_moved_stays_a_copy_in_its_new_place() -> None:
    target = page([ENGLISH[0], *CHINESE[1:]])
    moved = page([*ENGLISH[4:], *ENGLISH[:4]])
    merge, asked = merged(Texts("a.md", page(ENGLISH), moved, target), answers=False)
    assert asked == [ENGLISH[0].replace("\n", " ")]
    assert merge.text == page([*CHINESE[4:], ENGLISH[0], *CHINESE[1:4]])


def test_a_correction_replaces_only_the_same_draft_of_the_same_english_in_the_same_kind_of_block() -> None:
    english = (ENGLISH[3].replace("\n", " "),)
    texts = Texts("a.md", page(ENGLISH), page(ENGLISH), page(CHINESE))

    def corrected(english: tuple[str, ...], draft: str, kind: Kind) -> str:
        one = DraftCorrection(english, draft, "改正的 $leaf_3$ 和 `leaf`。", "b.md", kind)
        more = Texts(texts.path, texts.base, texts.new, texts.target, corrections=(one,))
        return merged(more, answers=True)[0].text

    assert "改正的" in corrected(english, CHINESE[3], Kind.PARAGRAPH)
    assert corrected(english, CHINESE[3], Kind.CELL) == texts.target
    assert corrected(english, CHINESE[2], Kind.PARAGRAPH) == texts.target
    assert corrected(("Other words.",), CHINESE[3], Kind.PARAGRAPH) == texts.target
