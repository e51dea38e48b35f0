"""Bytes to text: every character stays, and what is no text is refused in one sentence."""

from __future__ import annotations

import pytest

from bot.documents import BOM, decode, newline_of
from bot.documents.text import MAX_BYTES
from bot.errors import InputError


def test_bytes_of_a_text_are_decoded_with_their_mark_and_line_ends() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\r", "a.md") == BOM + "a\r\nb\r"
    assert decode(b"", "a.md") == ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\n\xff\xfe", "a.md:2: is not UTF-8 (byte 2); convert it to UTF-8 first"),
        (b"\x89PNG\r\n\0\0", "a.md: is a binary file, not a text; exclude it in the configuration"),
        ("ab".encode("utf-16-le"), "a.md: is a binary file, not a text; exclude it in the configuration"),
        (b"\xed\xa0\x80", "a.md:1: is not UTF-8 (byte 0); convert it to UTF-8 first"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "a.md")
    assert str(caught.value) == message


def test_a_text_above_the_limit_is_refused_and_one_at_it_is_not() -> None:
    assert len(decode(b"a" * MAX_BYTES, "a.md")) == MAX_BYTES
    with pytest.raises(InputError, match=r"^a\.md: 4,194,305 bytes, more than the 4 MiB of a document;"):
        decode(b"a" * (MAX_BYTES + 1), "a.md")


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\n", "\n"), ("\r\n", "\r\n")],
)
def test_the_first_line_end_decides_the_line_end_of_a_document(text: str, newline: str) -> None:
    assert newline_of(text) == newline
