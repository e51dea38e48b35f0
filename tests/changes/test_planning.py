"""What becomes of each unit of a translation, and of sentences that people protected."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import pipeline
from bot.book.package_data import known_language
from bot.changes import make_plan, protect
from bot.documents import parse
from bot.memory import TranslationMemory
from bot.model import Action, Bead, Direction, Document, Kind, Merge, Operation, Translation, TranslationUnit, Versions
from bot.pipeline import Texts
from bot.repair import RepairPolicy

LANGUAGES = Direction(known_language("en"), known_language("zh"))
WORDS = ("tea", "water", "cup", "leaf", "pot", "milk", "sugar", "lemon", "spoon", "kettle", "steam", "saucer")
ENGLISH = [f"Sentence {n} tells of ${w}_{n}$ and of the `{w}` in kitchen {n}." for n, w in enumerate(WORDS)]
CHINESE = [f"第 {n} 句讲的是 ${w}_{n}$ 和第 {n} 间厨房里的 `{w}`。" for n, w in enumerate(WORDS)]


# Engines are asked for every changed sentence that can't be repaired.
ANEW = RepairPolicy(retranslate_below=1.01)


def merged(old: Sequence[str], new: Sequence[str], target: Sequence[str], kept: frozenset[str]) -> Merge:
    """One paragraph for each sentence; the engine is asked for each that changed, and says the same to all."""
    english, today, chinese = ("\n\n".join(side) + "\n" for side in (old, new, target))
    texts = Texts("a.md", english, today, chinese, kept)
    beads = pipeline.align_texts(texts, LANGUAGES).beads
    planned = pipeline.plan_texts(texts, beads, LANGUAGES, TranslationMemory(), ANEW)
    answers = [Translation(f"机器说的话 {' '.join(request.placeables)}。") for request in planned.requests]
    return pipeline.complete(texts, planned, LANGUAGES, answers)


def changed(sentence: str) -> str:
    return sentence.replace("tells of", "speaks at length about").replace("kitchen", "the old kitchen")


def test_a_kept_sentence_stands_and_is_left_for_a_person() -> None:
    new = [*ENGLISH[:2], changed(ENGLISH[2]), *ENGLISH[3:]]
    assert CHINESE[2] not in merged(ENGLISH, new, CHINESE, frozenset()).text
    merge = merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]}))
    assert merge.text == "\n\n".join(CHINESE) + "\n"
    (left,) = merge.left
    assert (left.reason, left.source) == ("kept by people; its English changed", new[2])
    assert merge.characters == 0


def test_a_kept_sentence_keeps_its_formulas_and_code() -> None:
    new = [*ENGLISH[:2], ENGLISH[2].replace("$cup_2$", "$c_2$"), *ENGLISH[3:]]
    assert "$c_2$" in merged(ENGLISH, new, CHINESE, frozenset()).text
    assert merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]})).text == "\n\n".join(CHINESE) + "\n"


def test_a_kept_sentence_outlives_its_english() -> None:
    new = [*ENGLISH[:2], *ENGLISH[3:]]
    merge = merged(ENGLISH, new, CHINESE, frozenset({CHINESE[2]}))
    assert CHINESE[2] in merge.text
    assert [left.reason for left in merge.left] == ["kept by people; its English was deleted or moved apart"]


def documents(base: str, new: str, target: str) -> Versions[Document]:
    return Versions(parse(base, LANGUAGES.source), parse(new, LANGUAGES.source), parse(target, LANGUAGES.target))


JOINED = [Bead((0, 1), (0,), 0.9)]


def outcome(op: Operation) -> tuple[Action, tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    return op.action, op.base, op.new, op.target


def test_a_joined_unit_that_lost_one_of_its_sentences_is_stale_or_translated_as_one() -> None:
    versions = documents("The tea is hot. The cup is full.", "The tea is cold.", "茶是热的，杯子是满的。")
    (op,) = make_plan(versions, JOINED, LANGUAGES).operations
    assert outcome(op) == (Action.STALE, (0, 1), (0,), (0,))
    (op,) = make_plan(versions, JOINED, LANGUAGES, policy=ANEW).operations
    assert outcome(op) == (Action.TRANSLATED, (0, 1), (0,), (0,))
    assert op.fuzzy is not None
    assert op.fuzzy.source == "The tea is hot. The cup is full."


def test_a_joined_unit_whose_changed_english_is_in_two_paragraphs_now_is_stale_as_one() -> None:
    new = "The tea is cold.\n\nThe cup is full."
    versions = documents("The tea is hot. The cup is full.", new, "茶是热的，杯子是满的。")
    for policy in (RepairPolicy(), ANEW):
        (op,) = make_plan(versions, JOINED, LANGUAGES, policy=policy).operations
        assert outcome(op) == (Action.STALE, (0, 1), (0, 1), (0,))
        assert "pulled apart" in op.reason


def test_sentences_put_between_joined_ones_are_one_unit_with_them_unless_they_are_more() -> None:
    old, chinese = "The tea is hot. The cup is full.", "茶是热的，杯子是满的。"
    put_between = "Mind your tongue. Do blow on it."
    changed = "The tea is cold. {} The cup was full."
    versions = documents(old, changed.format(put_between), chinese)
    (joined,) = make_plan(versions, JOINED, LANGUAGES, policy=ANEW).operations
    assert outcome(joined) == (Action.TRANSLATED, (0, 1), (0, 1, 2, 3), (0,))
    joined, *between = make_plan(versions, JOINED, LANGUAGES).operations
    assert outcome(joined) == (Action.STALE, (0, 1), (0, 3), (0,))
    assert [outcome(op) for op in between] == [(Action.TRANSLATED, (), (n,), ()) for n in (1, 2)]
    versions = documents(old, changed.format(f"{put_between} Or just wait."), chinese)
    joined, *between = make_plan(versions, JOINED, LANGUAGES, policy=ANEW).operations
    assert outcome(joined) == (Action.STALE, (0, 1), (0, 4), (0,))
    assert [outcome(op) for op in between] == [(Action.TRANSLATED, (), (n,), ()) for n in (1, 2, 3)]


@pytest.mark.parametrize("new", ["The tea was cold all day. The cup is full.", "The cup is full."])
def test_a_joined_unit_stands_if_the_english_of_one_of_its_sentences_does(new: str) -> None:
    versions = documents("The tea is hot. The cup is full.", new, "茶是热的，杯子是满的。")
    (op,) = make_plan(versions, JOINED, LANGUAGES, policy=ANEW).operations
    assert op.action is Action.STALE
    assert op.text is None


def test_a_sentence_that_stands_after_a_small_change_is_reused_where_its_new_english_is_added() -> None:
    new = "The tea is very hot, now.\n\nSit down.\n\nThe tea is very hot, now."
    versions = documents("The tea is very hot now.\n\nSit down.", new, "茶现在很热。\n\n坐下。")
    operations = make_plan(versions, [Bead((i,), (i,), 0.9) for i in range(2)], LANGUAGES).operations
    assert [op.action for op in operations] == [Action.KEPT, Action.KEPT, Action.REUSED]
    assert operations[2].text == "茶现在很热。"


def test_new_english_in_a_passage_that_the_translators_left_out_goes_in() -> None:
    versions = documents("Sit down. Mind the cat.\n\nGo.", "Sit down. Wash your hands. Mind the cat.\n\nGo.", "走吧。")
    beads = [Bead((0,), (), 0.9), Bead((1,), (), 0.9), Bead((2,), (0,), 0.9)]
    operations = make_plan(versions, beads, LANGUAGES).operations
    assert [outcome(op)[0] for op in operations] == [Action.KEPT, Action.TRANSLATED, Action.KEPT, Action.KEPT]


@pytest.mark.parametrize(("formula", "action"), [("(\\text{词})", Action.REUSED), ("\\text{词})", Action.PATCHED)])
def test_a_formula_is_reused_with_its_words_but_not_with_a_slip(formula: str, action: Action) -> None:
    english = "$$p(\\text{word})$$"
    memory = TranslationMemory([TranslationUnit(english, f"$$p{formula}$$", "b.md", Kind.MATH)])
    versions = documents("Sit down.", f"Sit down.\n\n{english}", "坐下。")
    _, made = make_plan(versions, [Bead((0,), (0,), 0.9)], LANGUAGES, memory).operations
    assert made.action is action


class Recorder(TranslationMemory):
    """A memory that has nothing and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:
        self.asked.append((text, before))
        return None


def test_the_memory_is_asked_for_a_joined_unit_with_the_sentence_before_it() -> None:
    memory = Recorder()
    new = "Sit down. The tea is cold. The cup was full."
    versions = documents("Sit down. The tea is hot. The cup is full.", new, "坐下。茶是热的，杯子是满的。")
    make_plan(versions, [Bead((0,), (0,), 0.9), Bead((1, 2), (1,), 0.9)], LANGUAGES, memory)
    assert memory.asked == [("The tea is cold. The cup was full.", "Sit down.")]


def test_what_translators_added_to_a_cell_goes_with_the_last_of_its_sentences() -> None:
    table = "| {} | B |\n|---|---|\n| C | D |\n"
    old, chinese = table.format("It is hot. It is full."), table.format("是热的。是满的。译者注。")
    beads = [Bead((0,), (0,), 0.9), Bead((1,), (1,), 0.9), *(Bead((i,), (i + 1,), 0.9) for i in (2, 3, 4))]
    plan = make_plan(documents(old, "", chinese), beads, LANGUAGES)
    assert [op.target for op in plan.operations] == [(0,), (1, 2), (3,), (4,), (5,)]


def test_a_unit_of_several_sentences_is_protected_where_one_of_them_is() -> None:
    versions = documents("The tea is hot.", "The tea is cold.", "茶很热。真的。")
    plan = protect(make_plan(versions, [Bead((0,), (0, 1), 0.9)], LANGUAGES), versions, frozenset({"真的。"}))
    (op,) = plan.operations
    assert outcome(op) == (Action.LEFT, (0,), (0,), (0, 1))
    assert (plan.requests, plan.characters) == ((), 0)


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["same", "changed", "deleted"]), min_size=len(WORDS), max_size=len(WORDS)),
    st.sets(st.integers(0, len(WORDS) - 1)),
)
def test_whatever_changes_all_that_is_kept_stands(fates: list[str], chosen: set[int]) -> None:
    pairs = list(zip(ENGLISH, fates, strict=True))
    new = [changed(text) if fate == "changed" else text for text, fate in pairs if fate != "deleted"]
    kept = frozenset(CHINESE[number] for number in chosen)
    merge = merged(ENGLISH, new or ENGLISH[:1], CHINESE, kept)
    assert all(text in merge.text for text in kept)
    asked = merge.sentences[Action.TRANSLATED.value]
    assert asked <= sum(fate == "changed" and CHINESE[n] not in kept for n, fate in enumerate(fates))
