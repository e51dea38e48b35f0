"""`/amts term` on the double of GitHub."""

from __future__ import annotations

from bot.comments import CommentOutcome
from tests.support.commented import NEW, Commented, Machine

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_terms_are_recorded_and_reach_the_engine(talk: Commented) -> None:
    assert talk.command('/amts term add "green tea" = "绿茶"').outcome is CommentOutcome.DONE
    talk.command("/amts term add “black tea” = “红茶”")
    assert talk.text(".amts/glossary.zh.csv") == "en,zh\nblack tea,红茶\ngreen tea,绿茶"
    answer = talk.command("/amts term list").answer
    assert "| `green tea` | `绿茶` | comments |" in answer
    talk.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    talk.sync()
    assert "green tea,绿茶" in Machine.glossary
