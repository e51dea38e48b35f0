"""`/amts sync` on the double of GitHub."""

from __future__ import annotations

import pytest

from bot.comments import CommentOutcome
from tests.support.commented import FRESH, LEAVES, NEW, Commented, said

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_sync_takes_paths_and_languages(talk: Commented) -> None:
    cups = "# Cups\n\nEvery cup holds some very hot tea.\n"
    talk.book.english({"cups.md": cups, "tea.md": NEW.replace(LEAVES, FRESH)})
    assert talk.command("/amts sync cups.md").outcome is CommentOutcome.DONE
    assert said("every") in talk.text("cups.md")
    assert said("fresh") not in talk.text()
    assert "1 sentence translated" in talk.command("/amts sync zh").answer
    assert said("fresh") in talk.text()


@pytest.mark.parametrize(
    "name", ["../secrets.md", "/etc/passwd", "nothing.md", "de", "*.md", "tea_origin.md", "!tea.md"]
)
def test_sync_is_confined_to_the_book(talk: Commented, name: str) -> None:
    tip = talk.tip()
    talk.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    assert talk.command(f"/amts sync {name}").outcome is CommentOutcome.REFUSED
    assert talk.tip() == tip
