"""Texts in a wrong language are found where that is certain."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.memory.language_detection import load_detector


@pytest.mark.parametrize(
    ("code", "text", "wrong"),
    [
        ("tr", "The river is long and the garden is wide.", True),
        ("zh", "The river is long and the garden is wide.", True),
        ("en", "Bu nehir uzun ve bahçe çok geniş bir yerdir.", True),
        ("tr", "Bu nehir uzun ve bahçe çok geniş bir yerdir.", False),
        ("zh", "一条河很长，花园也很宽。", False),
        ("zh-Hant", "一條河很長，花園也很寬。", False),
        ("nb", "Elven er lang og hagen er veldig bred.", False),
        ("tr", "Python", False),
        ("xx", "The river is long and the garden is wide.", False),
    ],
)
def test_the_detector_is_sure_of_whole_sentences_only(code: str, text: str, wrong: bool) -> None:
    assert load_detector()(text, known_language(code)) is wrong
