"""The pytest fixture `place`: a bare language repository with a local forge beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.local_forge import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
