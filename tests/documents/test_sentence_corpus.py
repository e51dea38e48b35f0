"""Where sentences end in each language: tests/golden/sentences has paragraphs with `|` where one begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.package_data import known_language
from bot.documents import parse

FOLDER = Path(__file__).parents[1] / "golden" / "sentences"
PARAGRAPHS = [
    (path.stem, line) for path in sorted(FOLDER.glob("*.txt")) for line in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("code", "paragraph"), PARAGRAPHS)
def test_a_paragraph_is_cut_where_a_sentence_begins(code: str, paragraph: str) -> None:
    text = paragraph.replace("| ", "").replace("|", "")
    found = [segment.text for segment in parse(text, known_language(code)).segments]
    assert " | ".join(found) == " | ".join(part.strip() for part in paragraph.split("|"))
