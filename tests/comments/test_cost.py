"""`/amts cost` on the double of GitHub."""

from __future__ import annotations

from tests.support.commented import Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_cost_quotes_and_changes_nothing(talk: Commented) -> None:
    tip = talk.tip()
    assert "would cost nothing" in talk.command("/amts cost").answer
    assert talk.tip() == tip
