"""The least configuration, and what a configuration is refused with."""

from __future__ import annotations

import pytest

from bot.book.project import read_config
from bot.errors import ConfigError

MINIMAL = """\
version: 1
source: {repo: ../en}
languages:
  zh: {repo: ../zh}
"""


def refusal(text: str) -> list[str]:
    """The lines of the ConfigError that `text` meets."""
    with pytest.raises(ConfigError) as caught:
        read_config(text)
    return str(caught.value).splitlines()
