"""Many changed sentences in a row are matched in parts: none of their translations is taken for deleted."""

from __future__ import annotations

from bot.changes.diff import match
from bot.documents import parse
from bot.model import Language

ENGLISH = Language("en", "English")


def _document(texts: list[str]) -> str:
    return "\n\n".join(texts)


def test_a_word_in_each_of_many_sentences_changes_each() -> None:
    old = [f"The model number {k} learns a weight from each of its many examples." for k in range(520)]
    new = [text.replace("learns", "now learns") for text in old]
    matches = match(parse(_document(old), ENGLISH), parse(_document(new), ENGLISH))
    assert [(m.base, m.new) for m in matches] == [(k, k) for k in range(520)]


def test_sentences_that_share_no_rare_word_are_matched_by_their_place() -> None:
    words = ("model", "weight", "layer", "loss", "step", "space", "point")
    old = [f"The {words[k % 7]} of the {words[k % 5]} is {words[k % 3]} here for each of us." for k in range(560)]
    new = [text.replace("is", "was") for text in old]
    matches = match(parse(_document(old), ENGLISH), parse(_document(new), ENGLISH))
    assert len({m.base for m in matches}) > 530
