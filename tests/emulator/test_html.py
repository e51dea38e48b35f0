"""HTML through the emulator: what is translated, what stays, what is billed, and how spaces move."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.html import billed_text, translate_html
from bot.emulator.pieces import MarkupPlaceable, MarkupTag, MarkupWords, Piece


def upper(pieces: Sequence[Piece]) -> list[Piece]:
    return [MarkupWords(piece.text.upper()) if isinstance(piece, MarkupWords) else piece for piece in pieces]


def copy(pieces: Sequence[Piece]) -> Sequence[Piece]:
    return pieces


def shout(body: str) -> str:
    return translate_html(body, upper, fragment=True, moves_spaces=False)


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("<p>one</p>\n<p class='x'>two</p>", "<p>ONE</p>\n<p class='x'>TWO</p>"),
        ("<p>a <b>b</b> c</p>", "<p>A <b>B</b> C</p>"),
        ('<p>a <span translate="no">b <b>c</b></span> d</p>', '<p>A <span translate="no">b <b>c</b></span> D</p>'),
        (
            "<p>a <span translate=no><span>b</span> c</span> d</p>",
            "<p>A <span translate=no><span>b</span> c</span> D</p>",
        ),
        ('<div translate="no"><p>a</p></div><p>b</p>', '<div translate="no"><p>a</p></div><p>B</p>'),
        ("<p>a<br>b<img src='c' alt='d'></p>", "<p>A<br>B<img src='c' alt='d'></p>"),
        ("<p>a &amp; b &lt;c&gt; &nbsp;d &#233; &quot;</p>", "<p>A &amp; B &lt;C&gt; \u00a0D É &quot;</p>"),
        ("<p>it's</p>", "<p>IT&#39;S</p>"),
        (
            "<script>a('<p>')</script><style>p {}</style><p>a</p>",
            "<script>a('<p>')</script><style>p {}</style><p>A</p>",
        ),
        ("<!-- a --><p>b <b>c<!-- d --></b></p>", "<!-- a --><p>B <b>C<!-- d --></b></p>"),
        ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", "<ul><li>A<ul><li>B</li></ul>C</li></ul>"),
        ("<p>  a  </p>", "<p>  A  </p>"),
        ("<P ID=x>a</P >", "<P ID=x>A</P >"),
        ("<p>a <b>b</p>", "<p>a <b>b</p>"),  # tags that don't pair: copied
        ("<p> </p><p></p>", "<p> </p><p></p>"),
        ("<p><span translate='no'>$x$</span></p>", "<p><span translate='no'>$x$</span></p>"),
    ],
)
def test_words_are_translated_and_nothing_else(source: str, translated: str) -> None:
    assert shout(source) == translated


def test_only_the_html_element_of_a_document_is_translated_and_billed() -> None:
    text = (
        "<!DOCTYPE html>\nbefore<html><head><title>a</title></head>\n<body><p>b &amp; <b>c</b></p></body></html>after"
    )
    assert translate_html(text, upper, moves_spaces=False) == text.replace(">a<", ">A<").replace(
        "b &amp; <b>c</b>", "B &amp; <b>C</b>"
    )
    assert billed_text(text) == "a\nb & c"
    assert translate_html("<p>a</p>", upper) == "<p>a</p>"
    assert billed_text("<p>a</p>") == ""


def test_untranslated_elements_are_billed_and_tags_comments_and_scripts_are_not() -> None:
    text = '<html><p id="1">a <span translate="no">$x$</span><!-- b --></p><script>c</script></html>'
    assert billed_text(text) == "a $x$"


def test_spaces_around_inline_elements_shift() -> None:
    text = "<p>a <b>b</b>, c <i>d</i>.</p>"
    moved = translate_html(text, copy, fragment=True)
    assert moved == "<p>a <b>b</b> , c<i> d</i>.</p>"
    assert translate_html(text, copy, fragment=True, moves_spaces=False) == text


def test_the_pieces_of_a_block_are_words_placeables_and_tags() -> None:
    seen: list[Sequence[Piece]] = []

    def look(pieces: Sequence[Piece]) -> Sequence[Piece]:
        seen.append(pieces)
        return pieces

    translate_html('<p>Let <i translate="no">$a &lt; b$</i> be <b>x</b><br></p>', look, fragment=True)
    assert seen == [
        [
            MarkupWords("Let "),
            MarkupPlaceable('<i translate="no">$a &lt; b$</i>', "$a < b$"),
            MarkupWords(" be "),
            MarkupTag("<b>", 0, True),
            MarkupWords("x"),
            MarkupTag("</b>", 0, False),
            MarkupPlaceable("<br>", ""),
        ]
    ]


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
TAGS = ["<p>", "</p>", "<b>", "</b>", "<br>", '<span translate="no">', "</span>", "<script>", "</script>", "<a b='c"]
MARKUP = st.sampled_from(
    [*TAGS, "&amp;", "&lt", "&#65;", "<", ">", "<!--", "-->", "<![CDATA[", "<?x?>", "</", "\n", " "]
)


@given(st.lists(TEXT | MARKUP, max_size=20))
def test_a_copy_of_anything_is_the_same_text(parts: list[str]) -> None:
    text = "".join(parts)
    copied = translate_html(text, copy, fragment=True, moves_spaces=False)
    assert unescape(unescape(copied)).split() == unescape(unescape(text)).split()


@given(st.lists(TEXT | MARKUP, max_size=20))
def test_what_is_not_translated_is_byte_for_byte(parts: list[str]) -> None:
    text = "".join(parts)
    assert translate_html(text, upper) == text


@given(st.lists(st.sampled_from(["<b>x</b>", "<i translate='no'>y</i>", "word", " ", ", ", "."]), max_size=12))
def test_moved_spaces_change_white_space_only(parts: list[str]) -> None:
    text = f"<p>{''.join(parts)}</p>"
    moved = translate_html(text, copy, fragment=True)
    squeezed = re.sub(r"\s", "", moved.replace("<i translate", "<i_translate"))
    assert squeezed == re.sub(r"\s", "", text.replace("<i translate", "<i_translate"))
