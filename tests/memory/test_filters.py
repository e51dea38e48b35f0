"""What becomes of each pair: every reason to leave one out, and the held-out set."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.documents import parse
from bot.memory.filters import Rules, decide, is_held_out
from bot.memory.pairs import Pair, PairStatus, collect_pairs, imported_pair
from bot.model import Bead, Direction, Language, Origin, TranslationUnit

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish", splitter="es")
RULES = Rules(min_score=0.7, length_ratio=1.0, held_out=0)


def pair(source: str, target: str = "Un río.", score: float = 1.0, fault: PairStatus | None = None) -> Pair:
    return Pair(TranslationUnit(source, target, "a.md", score=score), fault=fault)


def statuses(*pairs: Pair, rules: Rules = RULES) -> list[PairStatus]:
    return decide(pairs, rules)


def collected(source: str, target: str, foreign: str = "") -> list[Pair]:
    documents = parse(source, ENGLISH), parse(target, SPANISH)
    beads = [Bead((0,), (0,), 0.9)]
    return list(
        collect_pairs(
            documents, beads, Direction(ENGLISH, SPANISH), "a.md", lambda _, language: language.code == foreign
        )
    )


def test_a_good_pair_is_kept_and_a_doubtful_one_is_not() -> None:
    assert statuses(pair("A river.", score=0.7), pair("A stone.", score=0.69)) == [
        PairStatus.KEPT,
        PairStatus.LOW_SCORE,
    ]


def test_machine_translations_do_not_teach() -> None:
    assert statuses(by_machine(pair("A river."))) == [PairStatus.MACHINE]


def test_a_translation_far_from_the_expected_length_is_left_out() -> None:
    source = "The river is long and wide."
    assert statuses(pair(source, "r" * 200), pair(source, "r" * 40)) == [PairStatus.LENGTH_RATIO, PairStatus.KEPT]
    chinese = replace(RULES, length_ratio=0.37)
    assert statuses(pair(source * 4, "河" * 40), pair(source * 5, "河" * 200), rules=chinese) == [
        PairStatus.KEPT,
        PairStatus.LENGTH_RATIO,
    ]


def test_the_services_limit_counts_bytes_of_either_side() -> None:
    rules = replace(RULES, length_ratio=0.5)
    fits, too_long = "河" * 333, "河" * 334
    assert statuses(pair("a" * 700, fits), pair("b" * 700, too_long), rules=rules) == [
        PairStatus.KEPT,
        PairStatus.TOO_LONG,
    ]
    assert statuses(pair("a" * 1000, "a" * 1000), pair("a" * 1001, "a" * 900)) == [PairStatus.KEPT, PairStatus.TOO_LONG]


def test_a_leading_sign_is_refused_in_a_table_and_taken_in_a_tmx() -> None:
    signed = [pair("-1 is a number."), pair("A number.", "=1"), pair("+ x"), pair("@you"), pair("x = 1")]
    assert statuses(*signed) == [PairStatus.LEADING_SIGN] * 4 + [PairStatus.KEPT]
    assert statuses(*signed, rules=replace(RULES, refuse_signs=False)) == [PairStatus.KEPT] * 5


def test_of_equal_sources_the_most_frequent_translation_stays_once() -> None:
    found = statuses(pair("Yes.", "Claro."), pair("Yes.", "Sí."), pair("Yes.", "Sí."), pair("No.", "No, no."))
    assert found == [PairStatus.CONTRADICTION, PairStatus.KEPT, PairStatus.DUPLICATE, PairStatus.KEPT]
    assert statuses(pair("Yes.", "Claro."), pair("Yes.", "Sí.")) == [PairStatus.KEPT, PairStatus.CONTRADICTION]


def by_machine(one: Pair) -> Pair:
    return replace(one, unit=replace(one.unit, origin=Origin.MACHINE))


def test_drafts_are_taught_nowhere_however_many_there_are() -> None:
    draft = by_machine(pair("Yes.", "Claro."))
    assert statuses(draft, draft, pair("Yes.", "Sí."), draft) == [
        PairStatus.MACHINE,
        PairStatus.MACHINE,
        PairStatus.KEPT,
        PairStatus.MACHINE,
    ]
    assert statuses(draft, pair("Yes.", "Claro.")) == [PairStatus.MACHINE, PairStatus.KEPT]
    assert statuses(draft, draft) == [PairStatus.MACHINE] * 2


def test_a_pair_that_is_left_out_has_no_say_on_its_equals() -> None:
    assert statuses(pair("Yes.", "Sí.", score=0.1), pair("Yes.", "Claro.")) == [PairStatus.LOW_SCORE, PairStatus.KEPT]


def test_markup_without_words_is_no_pair() -> None:
    assert [one.fault for one in collected("$a$ `b` 42.", "$a$ `b` 42.")] == [PairStatus.NO_WORDS]


def test_the_same_words_around_other_markup_are_identical() -> None:
    (found,) = collected("[Discussions](http://e.org/1)", "[Discussions](http://e.org/2)")
    assert found.fault is PairStatus.IDENTICAL


def test_either_side_in_a_wrong_language_is_found() -> None:
    texts = "The river is long.", "El río es largo."
    assert collected(*texts)[0].fault is None
    assert collected(*texts, foreign="en")[0].fault is PairStatus.WRONG_LANGUAGE
    assert collected(*texts, foreign="es")[0].fault is PairStatus.WRONG_LANGUAGE


def test_a_pair_names_the_spans_of_its_sentences() -> None:
    source, target = "# Tea\n\nOne is here. Two\nis here.\n", "# Té\n\nUno y dos.\n"
    documents = parse(source, ENGLISH), parse(target, SPANISH)
    beads = [Bead((1, 2), (1,), 0.9), Bead((0,), (), 0.9)]
    (found,) = collect_pairs(documents, beads, Direction(ENGLISH, SPANISH), "a.md")
    assert [source[start:end] for start, end in found.source_spans] == ["One is here.", "Two\nis here."]
    assert [target[start:end] for start, end in found.target_spans] == ["Uno y dos."]
    assert (found.unit.source, found.unit.target) == ("One is here. Two is here.", "Uno y dos.")


def test_an_imported_unit_is_judged_like_any_other() -> None:
    unit = TranslationUnit("**Tea** `x`", "**Tea** `y`", "old.tmx")
    assert imported_pair(unit, Direction(ENGLISH, SPANISH)).fault is PairStatus.IDENTICAL


def test_about_one_source_in_fifty_is_held_out() -> None:
    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    texts = [f"{a} {b} {c} {d}." for a in numbers for b in numbers for c in numbers for d in numbers]
    assert 150 < sum(is_held_out(text, 50) for text in texts) < 250
    assert not any(is_held_out(text, 0) for text in texts)


@given(st.text(), st.integers(1, 60))
def test_case_numbers_markup_and_spaces_do_not_change_the_side(text: str, one_in: int) -> None:
    letters = "".join(filter(str.isalpha, text))
    assert is_held_out(f"**{letters}** 12 ", one_in) == is_held_out(letters, one_in)


def test_a_draft_that_nobody_corrected_is_no_reference() -> None:
    person = pair("The stone is red.", "La piedra es roja.")
    assert decide([person], replace(RULES, held_out=1)) == [PairStatus.HELD_OUT]
    assert decide([by_machine(person)], replace(RULES, held_out=1)) == [PairStatus.MACHINE]


def test_what_would_give_a_held_out_sentence_away_is_not_taught() -> None:
    words = ("one", "two", "ten", "six", "red")
    texts = [f"Sentence {word} about the same long river and its stones." for word in words]
    rules = next(
        replace(RULES, held_out=n) for n in range(2, 50) if 0 < sum(is_held_out(text, n) for text in texts) < len(texts)
    )
    pairs = [
        pair(text, f"Una frase larga sobre un río con piedras, {word}.")
        for text, word in zip(texts, words, strict=True)
    ]
    found = statuses(*pairs, rules=rules)
    assert PairStatus.HELD_OUT in found
    assert PairStatus.NEAR_HELD_OUT in found
    assert PairStatus.KEPT not in found


PAIRS = st.lists(
    st.builds(
        pair,
        st.sampled_from(["A river.", "A stone.", "A wide river.", "=1", "a" * 1001]),
        st.sampled_from(["Un río.", "Una piedra.", "-", "b" * 999]),
        st.sampled_from([0.1, 0.9]),
        st.sampled_from([None, PairStatus.NO_WORDS]),
    ),
    max_size=12,
)


TOLD = st.builds(
    lambda source, target, drafted, score: (by_machine if drafted else replace)(pair(source, target, score)),
    st.sampled_from(["A river.", "The stone is red."]),
    st.sampled_from(["Un río.", "Una piedra.", "Otra cosa."]),
    st.booleans(),
    st.sampled_from([0.9, 0.9, 0.1]),
)


@given(st.lists(TOLD, max_size=12), st.integers(0, 4))
def test_drafts_change_nothing_for_what_people_translated(pairs: list[Pair], held_out: int) -> None:
    rules = replace(RULES, held_out=held_out)
    found = dict(enumerate(decide(pairs, rules)))
    people = [place for place, one in enumerate(pairs) if one.unit.origin is Origin.HUMAN]
    assert [found[place] for place in people] == decide([pairs[place] for place in people], rules)
    assert {found[place] for place in found.keys() - set(people)} <= {PairStatus.MACHINE}


@given(PAIRS, st.integers(0, 4))
def test_every_pair_has_one_fate_and_no_source_is_written_twice(pairs: list[Pair], held_out: int) -> None:
    found = decide(pairs, replace(RULES, held_out=held_out))
    assert len(found) == len(pairs)
    written = [
        one.unit.source
        for one, status in zip(pairs, found, strict=True)
        if status in (PairStatus.KEPT, PairStatus.HELD_OUT)
    ]
    assert len(set(written)) == len(written)
    assert found == decide(pairs, replace(RULES, held_out=held_out))


def test_a_small_book_holds_out_enough_to_be_scored_by() -> None:
    rules = replace(RULES, held_out=50, small=10, wanted=125)
    numbers = 0, 250, 1_249, 1_250, 6_249, 6_250, 100_000
    assert [rules.one_in(number) for number in numbers] == [50, 50, 50, 10, 10, 50, 50]
    assert {replace(RULES, held_out=n, small=10, wanted=125).one_in(2_000) for n in (0, 4, 10)} == {0, 4, 10}


@given(st.text())
def test_what_a_large_book_holds_out_a_small_one_does_too(text: str) -> None:
    assert not is_held_out(text, 50) or is_held_out(text, 10)
