"""Which changes of English words ask for nothing: forms and slips, never what turns the meaning."""

from __future__ import annotations

import pytest

from bot.repair.words import content_words, is_slip, is_weighty, same_stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bone", "bones"),
        ("count", "counting"),
        ("stop", "stopped"),
        ("change", "changing"),
        ("study", "studies"),
        ("quick", "quickly"),
    ],
)
def test_forms_of_a_word_are_told(one: str, other: str) -> None:
    assert same_stem(one, other)
    assert same_stem(other, one)


@pytest.mark.parametrize(("one", "other"), [("bone", "stone"), ("go", "goes"), ("is", "as"), ("red", "ring")])
def test_other_words_are_no_forms(one: str, other: str) -> None:
    assert not same_stem(one, other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("propertly", "properly"),
        ("recieve", "receive"),
        ("adress", "address"),
        ("wrold", "world"),
        ("reprodcuiblity", "reproducibility"),
    ],
)
def test_a_slip_is_told(old: str, new: str) -> None:
    assert is_slip(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stable", "unstable"),
        ("typical", "atypical"),
        ("order", "border"),
        ("cat", "cut"),
        ("never", "ever"),
        ("three", "there"),
        ("maximum", "minimum"),
        ("relation", "rotation"),
        ("positive", "position"),
        ("alike", "alive2"),
    ],
)
def test_what_turns_the_meaning_is_no_slip(old: str, new: str) -> None:
    assert not is_slip(old, new)
    assert not is_slip(new, old)


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("the River is a river", ["river", "river"]),
        ("it can't flow", ["can", "not", "flow"]),
        ("it won’t flow", ["not", "flow"]),
        ("it isn't here", ["not"]),
        ("it cannot", ["can", "not"]),
        ("let's see what we've got", ["see", "got"]),
    ],
)
def test_content_words_are_in_lower_case_and_contractions_written_out(words: str, content: list[str]) -> None:
    assert content_words(words.split()) == content


def test_negations_numbers_and_comparisons_weigh() -> None:
    assert all(map(is_weighty, ["Not", "two", "7th", "unless", "must", "less"]))
    assert not any(map(is_weighty, ["the", "river", "is"]))
