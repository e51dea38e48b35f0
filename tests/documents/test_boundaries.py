"""Sentences that end in a footnote mark, a citation or a superscript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.package_data import known_language
from bot.documents import parse

NOTES = ["[^1]", "[^1][^2]", "{cite}`a`", ":cite:`a`", "{cite:p}`a`", "{sup}`1`", "<sup>1</sup>", "<sup>[1](#a)</sup>"]


def sentences(text: str, language: str = "en") -> list[str]:
    return [segment.text for segment in parse(text, known_language(language)).segments]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(
    "claim", ["It is fast.", "Is it fast?", 'He said "It is fast."', "(It is fast.)", "It is **fast.**", "It is etc."]
)
def test_a_note_belongs_to_the_sentence_it_follows(note: str, claim: str) -> None:
    first = claim + note
    assert sentences(f"{first} It was made. It ends.") == [first, "It was made.", "It ends."]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("language", ["zh", "ja"])
def test_no_space_is_needed_after_a_note_behind_a_cjk_full_stop(note: str, language: str) -> None:
    assert sentences(f"完成了。{note}下一句。{note}好。", language) == [f"完成了。{note}", f"下一句。{note}", "好。"]


def test_a_footnote_mark_ends_a_sentence_with_and_without_a_definition() -> None:
    text = "It is fast.[^1] It ends."
    assert sentences(f"{text}\n\n[^1]: Source.") == [*sentences(text), "Source."]


def test_quotes_behind_a_note_belong_to_its_sentence() -> None:
    assert sentences('He said "it is fast.[^1]" Next one.') == ['He said "it is fast.[^1]"', "Next one."]
    assert sentences("他说“完成了。[^1]”下一句。", "zh") == ["他说“完成了。[^1]”", "下一句。"]


@pytest.mark.parametrize(
    "text",
    [
        "Use e.g.[^1] this one.",
        "Dr.[^1] Smith came.",
        "It is 3.[^1]5 of it.",
        "Open file.`ext` Now and a.b too.",
        "Is it so?[^1] and so on.",
        "It was made.[^1], and so on.",
        "It is <sup>fast.[^1] Now</sup> here.",
        "Call `it.[^1] C` here.",
    ],
)
def test_a_note_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences(text) == [text]


def test_a_reference_or_textual_citation_may_begin_a_chinese_sentence() -> None:
    text = "见下。:numref:`a`显示了。:citet:`b`提出了。"
    assert sentences(text, "zh") == ["见下。", ":numref:`a`显示了。", ":citet:`b`提出了。"]


@given(st.lists(st.sampled_from(["", *NOTES]), min_size=2, max_size=6))
def test_notes_do_not_change_how_many_sentences_there_are(notes: list[str]) -> None:
    parts = [f"The claim is made here.{note}" for note in notes]
    assert sentences(" ".join(parts)) == parts
