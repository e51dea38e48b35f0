"""`/amts status` on the double of GitHub."""

from __future__ import annotations

from tests.support.commented import Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_status_tells_of_files_and_decisions(talk: Commented) -> None:
    talk.command("/amts keep cups.md")
    talk.command("/amts pause")
    answer = talk.command("/amts status").answer
    assert "1 current, 1 stale" in answer
    assert "#1 is open" in answer
    assert "Paused" in answer
    assert "Kept as it is: `cups.md`" in answer
