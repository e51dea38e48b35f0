"""Sentence embeddings as one more evidence, with a model that knows a tiny dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.alignment import align
from bot.alignment.meaning import meaning_gains
from bot.book.embeddings import load_encoder
from bot.documents import parse
from bot.errors import InputError
from bot.model import Direction, Language

EN = Language("en", "English")
ES = Language("es", "Spanish", length_ratio=1.12, splitter="es")
DICTIONARY = {"gato": "cat", "duerme": "sleeps", "perro": "dog", "ladra": "barks", "lluvia": "rain", "cae": "falls"}
DIMENSIONS = 64


def encode(texts: Sequence[str]) -> NDArray[np.float64]:
    """Hashed bags of words, where a Spanish word stands for the English one."""
    vectors = np.zeros((len(texts), DIMENSIONS))
    for vector, text in zip(vectors, texts, strict=True):
        for word in text.lower().strip(".").split():
            vector[crc32(DICTIONARY.get(word, word).encode()) % DIMENSIONS] += 1.0
    return vectors


SOURCE = "cat sleeps.\n\ndog barks.\n\nrain falls.\n"


@pytest.mark.parametrize(
    ("dropped", "words"), [(0, "perro ladra.\n\nlluvia cae.\n"), (1, "gato duerme.\n\nlluvia cae.\n")]
)
def test_an_encoder_finds_the_sentence_that_was_dropped(dropped: int, words: str) -> None:
    beads = align(parse(SOURCE, EN), parse(words, ES), Direction(EN, ES), encoder=encode)
    assert [bead.source[0] for bead in beads if bead.source and not bead.target] == [dropped]


def test_a_counterpart_gains_and_a_stranger_loses() -> None:
    rows = np.arange(2)
    gains = meaning_gains(np.eye(2), np.eye(2), rows, rows, (1, 1))
    assert gains[0, 1] < 0 < gains[0, 0]
    assert gains[1, 0] < 0 < gains[1, 1]


def test_an_encoder_of_zeros_changes_nothing() -> None:
    documents = parse(SOURCE, EN), parse("gato duerme.\n\nlluvia cae.\n", ES)
    plain = align(*documents, Direction(EN, ES))
    zeros = align(*documents, Direction(EN, ES), encoder=lambda texts: np.zeros((len(texts), 3)))
    assert [(bead.source, bead.target) for bead in zeros] == [(bead.source, bead.target) for bead in plain]


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the folder of a sentence-transformers model"):
        load_encoder(tmp_path / "none")
