"""Names of repositories, as their URLs give them."""

from __future__ import annotations

import pytest

from bot.forge.locations import repository_name


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("https://github.com/d2l-ai/d2l-zh", "d2l-ai/d2l-zh"),
        ("https://github.com/d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("https://GitHub.com/d2l-ai/d2l-zh/", "d2l-ai/d2l-zh"),
        ("ssh://git@github.com/d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("ssh://git@github.com:22/d2l-ai/d2l.zh", "d2l-ai/d2l.zh"),
        ("git@github.com:d2l-ai/d2l-zh.git", "d2l-ai/d2l-zh"),
        ("https://gitlab.com/d2l-ai/d2l-zh", ""),
        ("https://github.com/d2l-ai", ""),
        ("https://github.com/d2l-ai/d2l-zh/tree/master", ""),
        ("file:///github.com/d2l-ai/d2l-zh", ""),
        ("/books/zh", ""),
        ("C:/books/zh", ""),
    ],
)
def test_the_name_of_a_repository_is_read_from_its_url(location: str, name: str) -> None:
    assert repository_name(location) == name
