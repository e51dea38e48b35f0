"""What the parser sees in each construct, as listings that a person can read, in tests/golden/documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.book.package_data import known_language
from bot.documents import parse, render
from bot.model import Document, Segment

FOLDER = Path(__file__).parents[1] / "golden" / "documents"
CASE = re.compile(r"(?P<title>\S[^\n]*)\n\.\n(?P<input>.*?\n)\.\n(?P<expected>.*?)\n?\.\n(?:\n|$)", re.DOTALL)

# Characters that a reader of the golden files could not see, or an editor would remove. `␄` is the end of the text.
VISIBLE = {
    "→": "\t",
    "␍": "\r",
    "␠": " ",
    "␄\n": "",
    "⟨BOM⟩": "\ufeff",
    "⟨NBSP⟩": "\xa0",
    "⟨VT⟩": "\x0b",
    "⟨FF⟩": "\x0c",
    "⟨NEL⟩": "\x85",
    "⟨LS⟩": "\u2028",
    "⟨PS⟩": "\u2029",
}


def source(text: str) -> str:
    for sign, character in VISIBLE.items():
        text = text.replace(sign, character)
    return text


def show(text: str) -> str:
    for sign, character in VISIBLE.items():
        if character.strip(" "):
            text = text.replace(character, sign)
    return text.replace("\n", "⏎")


def listing(text: str, code: str) -> str:
    """A line a segment (`kind level container: text`, `+` for a further one of its block), and what it holds."""
    document = parse(text, known_language(code))
    assert render(document) == text
    return "\n".join(line for number in range(len(document.segments)) for line in _lines(document, number))


def _lines(document: Document, number: int) -> Iterator[str]:
    segment = document.segments[number]
    block = document.blocks[segment.block]
    if document.starts_block(number):
        level = f" {block.level}" if block.level else ""
        container = f" {block.container}" if block.container else ""
        yield f"{block.kind}{level}{container}: {show(segment.text)}"
    else:
        yield f"  + {show(segment.text)}"
    yield from _contents(document, segment)


def _contents(document: Document, segment: Segment) -> Iterator[str]:
    for placeable in segment.placeables:
        yield f"      {placeable.kind} {show(placeable.text)}"
    for tag in segment.tags:
        yield f"      <{tag.kind}> {show(document.text[tag.inner_start : tag.inner_end])}".rstrip()


def read_cases() -> Iterator[tuple[str, str, str]]:
    for path in sorted(FOLDER.glob("*.md")):
        content = path.read_text(encoding="utf-8")
        for match in CASE.finditer(content):
            yield f"{path.stem}: {match['title']}", match["input"], match["expected"]


@pytest.mark.parametrize(("title", "text", "expected"), [pytest.param(*case, id=case[0]) for case in read_cases()])
def test_the_parser_sees_what_the_golden_listing_says(title: str, text: str, expected: str) -> None:
    code = re.search(r"\[([a-z]+)\]$", title)
    assert listing(source(text), code[1] if code else "en") == expected


def test_every_golden_file_is_read_to_its_end() -> None:
    files = sorted(FOLDER.glob("*.md"))
    assert files
    for path in files:
        assert CASE.sub("", path.read_text(encoding="utf-8")) == "", path.name
