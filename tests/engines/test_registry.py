"""The table of engines: the same in the docs."""

from __future__ import annotations

import re
from pathlib import Path

from bot.engines import BUILT_IN


def test_the_docs_have_a_row_for_each_engine() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text("utf-8")
    section = page.partition("\n## Engines\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE)) == set(BUILT_IN)
