"""`/amts align` on the double of GitHub."""

from __future__ import annotations

from tests.support.commented import Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_align_tells_of_every_link(talk: Commented) -> None:
    assert "links" in talk.command("/amts align tea.md").answer
