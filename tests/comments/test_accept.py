"""`/amts accept` on the double of GitHub."""

from __future__ import annotations

from bot.comments import CommentOutcome
from bot.forge.base import Outcome as SyncOutcome
from tests.support.commented import Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_accept_makes_a_file_current_without_a_change(talk: Commented) -> None:
    english = "# Cups\n\nA large cup holds the hot tea.\n"
    talk.book.english({"cups.md": english})
    before = talk.text("cups.md")
    assert talk.command("/amts accept cups.md").outcome is CommentOutcome.DONE
    assert (talk.text("cups.md"), talk.text("cups_origin.md") + "\n") == (before, english)
    assert talk.sync().outcome is SyncOutcome.UNCHANGED
