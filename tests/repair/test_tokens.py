"""A sentence as tokens: nothing of it is missing, marks and placeables are whole."""

from __future__ import annotations

from hypothesis import given, settings

from bot.documents import parse
from bot.model import Document
from bot.repair.tokens import TokenKind, read_tokens
from tests.support.generated_sentences import ENGLISH, Revised, revised


def told(text: str) -> list[tuple[str, str]]:
    document = parse(text, ENGLISH)
    return [(token.kind.value, token.text) for token in read_tokens(document, range(len(document.segments)))]


@settings(max_examples=80)
@given(revised())
def test_the_tokens_are_the_text_in_order_without_gaps(case: Revised) -> None:
    document: Document = parse(case.target, case.language)
    tokens = read_tokens(document, range(len(document.segments)))
    assert [token.start for token in tokens[1:]] == [token.end for token in tokens[:-1]]
    assert (tokens[0].start, tokens[-1].end) == (document.segments[0].start, document.segments[-1].end)
    for token in tokens:
        if token.kind is not TokenKind.SPACE:
            assert document.text[token.start : token.end] == token.text


def test_a_link_opens_and_its_address_closes_it() -> None:
    assert told("See [it's](e.org) now.") == [
        ("word", "See"),
        ("space", " "),
        ("open", "["),
        ("word", "it's"),
        ("placeable", "](e.org)"),
        ("space", " "),
        ("word", "now"),
        ("sign", "."),
    ]


def test_marks_are_two_halves_around_their_words() -> None:
    assert told("*It* [**runs `f`**]") == [
        ("open", "*"),
        ("word", "It"),
        ("close", "*"),
        ("space", " "),
        ("open", "[**"),
        ("word", "runs"),
        ("space", " "),
        ("placeable", "`f`"),
        ("close", "**]"),
    ]


def test_every_character_of_a_script_without_spaces_is_a_word() -> None:
    assert told("茶a1叶") == [("word", "茶"), ("word", "a1"), ("word", "叶")]
