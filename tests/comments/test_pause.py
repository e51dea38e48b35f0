"""`/amts pause` and `/amts resume` on the double of GitHub."""

from __future__ import annotations

from bot.forge.base import Outcome as SyncOutcome
from tests.support.commented import REPO, Commented, said

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_a_paused_language_waits_until_it_is_resumed(talk: Commented) -> None:
    talk.command("/amts pause")
    tip = talk.tip()
    talk.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    paused = talk.sync()
    assert (paused.outcome, talk.tip()) == (SyncOutcome.DEFERRED, tip)
    assert "paused" in talk.command("/amts sync").answer
    talk.command("/amts resume")
    assert ".amts/state.zh.yaml" not in talk.double.repo(REPO).store.run("ls-tree", "-r", "--name-only", "amts/zh")
    assert talk.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in talk.text("cups.md")
