"""Loads a sentence-embedding model from a local folder: the optional extra `embeddings`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.alignment import Encoder
from bot.errors import InputError, UsageError, install_hint


@cache
def load_encoder(folder: Path) -> Encoder:
    """The sentence-transformers model in `folder`. Downloads nothing. Raises UsageError without the extra, InputError
    if the folder has no model."""
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder; name the folder of a sentence-transformers model")
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
