"""Training sentences that are too near to sentences under test."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.leaks import THRESHOLD, find_leaks

WORDS = st.text(alphabet="abcdefghij", min_size=1, max_size=9)
SENTENCES = st.lists(WORDS, min_size=2, max_size=12)


def test_200_planted_leaks_are_all_found_and_nothing_else() -> None:
    randomness = random.Random(7)

    def sentence() -> list[str]:
        return ["".join(randomness.choices("abcdefghijklmnopqrstuvwxyz", k=randomness.randint(2, 9))) for _ in range(9)]

    examined = [sentence() for _ in range(300)]
    planted: list[str] = []
    for number, words in enumerate(randomness.sample(examined, 200)):
        if number % 3 == 1:  # wrapped otherwise
            planted.append("\n".join([" ".join(words[:4]), "  ".join(words[4:])]))
        elif number % 3 == 2:  # one word changed
            place = randomness.randrange(len(words))
            planted.append(" ".join([*words[:place], "somethingelse", *words[place + 1 :]]))
        else:
            planted.append(" ".join(words))
    harmless = [" ".join(sentence()) for _ in range(3000)]
    found = find_leaks(harmless + planted, [" ".join(words) for words in examined])
    assert [leak is not None for leak in found.found] == [False] * 3000 + [True] * 200
    assert found.nearest < THRESHOLD


@given(SENTENCES, st.data())
def test_a_sentence_with_one_word_changed_added_or_gone_is_found(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(WORDS)
    changed = [*words[:place], other, *words[place + 1 :]]
    longer = [*words[:place], other, *words[place:]]
    found = find_leaks([" ".join(changed), " ".join(longer)], [" ".join(words)])
    assert None not in found.found


@given(st.text(min_size=1).filter(lambda text: text.split()))
def test_a_sentence_is_found_whatever_its_case_and_white_space(text: str) -> None:
    (leak,) = find_leaks([f" {text.casefold()}\n"], [text]).found
    assert leak is not None
    assert leak.similarity == 1.0


def test_what_has_nothing_in_common_is_no_leak() -> None:
    found = find_leaks(["Water boils.", ""], ["The model learns.", ""])
    assert found.found == (None, None)
    assert 0 < found.nearest < THRESHOLD


def test_chinese_sentences_are_compared_by_their_characters() -> None:
    near, far = find_leaks(
        ["我们将训练这个新的语言模型。", "我们将讨论优化算法。"], ["我们将训练这个旧的语言模型。"]
    ).found
    assert near is not None
    assert near.examined == "我们将训练这个旧的语言模型。"
    assert far is None


def test_nothing_examined_means_no_leak() -> None:
    assert find_leaks(["A sentence."], []).found == (None,)
    assert find_leaks([], ["A sentence."]).found == ()


def test_a_similarity_of_just_the_threshold_is_a_leak() -> None:
    (leak,) = find_leaks(["abcde"], ["abcdx"]).found
    assert leak is not None
    assert leak.similarity == THRESHOLD
