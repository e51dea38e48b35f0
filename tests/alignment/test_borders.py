"""The borders of blocks: which links they speak for, and which they must not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.alignment import align, read_features
from bot.alignment.crossing import Borders, find_crossings
from bot.alignment.features import read_side
from bot.alignment.gains import build_table
from bot.alignment.lexicon import EMPTY_LEXICON, weigh
from bot.alignment.tables import Shape
from bot.documents import parse
from bot.model import Direction, Language

EN = Language("en", "English")
VI = Language("vi", "Vietnamese", length_ratio=1.0, splitter="vi")
# Sentences of one length, of which no two share a word.
SOURCE = [
    "Alpha bravo candle.",
    "Decent eleven fog.",
    "Gentle hundred ice.",
    "Jolly kettles lamp.",
    "Mellow nothing oa.",
]
TARGET = [
    "Anh buon canh doan.",
    "Dem em giang hoang.",
    "Hoa ich keo lamnoi.",
    "Mua nang oi phamvu.",
    "Quan ruou son tavi.",
]
TABLES = arrays.arrays(np.float64, (4, 5), elements=st.floats(-9.0, 9.0, width=16))
ROWS, COLUMNS = (arrays.arrays(np.float64, size, elements=st.floats(-9.0, 9.0, width=16)) for size in (4, 5))


def text(sentences: list[str], paragraphs: list[int]) -> str:
    """The sentences in paragraphs of these sizes."""
    ends = np.cumsum(paragraphs).tolist()
    return "\n\n".join(
        " ".join(sentences[end - size : end]) for size, end in zip(paragraphs, ends, strict=True) if size
    )


def links(source: list[int], target: list[int]) -> list[tuple[int, int]]:
    """Which sentence is linked to which, where nothing but the borders of paragraphs tells."""
    documents = parse(text(SOURCE, source), EN), parse(text(TARGET, target), VI)
    beads = align(*documents, Direction(EN, VI))
    return [(bead.source[0], bead.target[0]) for bead in beads if len(bead.source) == len(bead.target) == 1]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ([1, 2], [2], [(1, 0), (2, 1)]),
        ([2, 1], [2], [(0, 0), (1, 1)]),
        ([3, 1], [3], [(0, 0), (1, 1), (2, 2)]),
        ([1, 3], [3], [(1, 0), (2, 1), (3, 2)]),
        ([2, 1, 2], [2, 2], [(0, 0), (1, 1), (3, 2), (4, 3)]),
    ],
)
def test_the_paragraph_that_was_left_out_is_found_by_the_borders_of_the_others(
    source: list[int], target: list[int], expected: list[tuple[int, int]]
) -> None:
    assert links(source, target) == expected
    assert links(target, source) == [(j, i) for i, j in expected]


@settings(max_examples=25)
@given(TABLES, TABLES, st.sampled_from([(1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (4, 4)]))
def test_a_bead_has_the_borders_of_its_first_and_of_its_last_segments(
    first: np.ndarray, last: np.ndarray, shape: Shape
) -> None:
    gains = Borders(first, last, np.zeros(4), np.zeros(5)).outer(shape)
    assert gains.shape == (4 - shape[0] + 1, 5 - shape[1] + 1)
    for i, j in np.ndindex(gains.shape):
        assert gains[i, j] == first[i, j] + last[i + shape[0] - 1, j + shape[1] - 1]


@settings(max_examples=25)
@given(TABLES, TABLES, ROWS, COLUMNS)
def test_exchanged_sentences_have_the_borders_of_their_pair_and_those_inside_it(
    first: np.ndarray, last: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> None:
    content = {(1, 1): np.zeros((4, 5)), (2, 2): np.zeros((3, 4))}
    crossed = find_crossings(content, Borders(first, last, rows, columns)).gains[2, 2]
    swapped = crossed[0, 0] - (first[0, 0] + last[1, 1] + rows[1] + columns[1])
    for i, j in np.ndindex(crossed.shape):
        borders = first[i, j] + last[i + 1, j + 1] + rows[i + 1] + columns[j + 1]
        assert crossed[i, j] == pytest.approx(borders + swapped)


@pytest.mark.parametrize("side", ["source", "target"])
def test_the_first_and_the_last_sentence_of_a_paragraph_are_told_apart(side: str) -> None:
    """Of three sentences only the first begins the paragraph like the other side's, and only the last ends it."""
    three, one = read_side(parse(text(SOURCE, [3]), EN), EN), read_side(parse(text(SOURCE, [1, 1]), EN), EN)
    pair = (three, one) if side == "source" else (one, three)
    gains = build_table(*pair, weigh(EMPTY_LEXICON, pair[0].usage, pair[1].usage), [(1, 1), (2, 1), (1, 2)])[0].gains
    middle = gains[1, 1][1, 0] if side == "source" else gains[1, 1][0, 1]
    ends = [gains[1, 1][at] for at in (((0, 1), (2, 0)) if side == "source" else ((1, 0), (0, 2)))]
    assert min(ends) > middle


def test_in_a_file_with_one_sentence_to_a_paragraph_borders_say_nothing() -> None:
    many = " ".join(SOURCE * 5)
    lines = many.replace(". ", ".\n\n")
    for flat, other in ((lines, lines), (lines, many), (many, lines)):
        features = read_features(parse(flat, EN), parse(other, EN), Direction(EN, EN))
        assert not any(side.opens.any() or side.closes.any() for side in features)
    kept, _ = read_features(parse(text(SOURCE, [3, 2]), EN), parse(many, EN), Direction(EN, EN))
    assert kept.opens.tolist() == [True, False, False, True, False]


def test_sentences_to_a_paragraph_each_are_joined_like_those_of_one_paragraph() -> None:
    """Three lines that the translator made one: in a text with paragraphs, that many would not be one bead."""
    source = [f"{SOURCE[k % 5][:-1]} {'abcdefghijklmnopqrstuvwxyz'[k]}." for k in range(25)]
    target = [f"{TARGET[k % 5][:-1]} {'abcdefghijklmnopqrstuvwxyz'[k]}." for k in range(25)]
    joined = [*target[:10], ", ".join([target[10][:-1], target[11][:-1].lower(), target[12].lower()]), *target[13:]]
    beads = align(parse("\n\n".join(source), EN), parse("\n\n".join(joined), VI), Direction(EN, VI))
    assert ((10, 11, 12), (10,)) in [(bead.source, bead.target) for bead in beads]
