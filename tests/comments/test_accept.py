"""`/amts accept` on the double of GitHub."""

from __future__ import annotations

import re

import pytest

from bot.comments import CommentOutcome
from bot.forge.base import Outcome as SyncOutcome
from tests.support.commented import REPO, Commented, Machine

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]

CAPS = "# Cups\n\nA cap holds the hot tea.\n"


def test_accept_makes_a_file_current_without_a_change(talk: Commented) -> None:
    english = "# Cups\n\nA large cup holds the hot tea.\n"
    talk.book.english({"cups.md": english})
    before = talk.text("cups.md")
    assert talk.command("/amts accept cups.md").outcome is CommentOutcome.DONE
    assert (talk.text("cups.md"), talk.text("cups_origin.md") + "\n") == (before, english)
    assert talk.sync().outcome is SyncOutcome.UNCHANGED


def test_accept_with_a_line_means_its_stale_sentence(stale: Commented) -> None:
    assert stale.command("/amts accept cups.md:1").outcome is CommentOutcome.REFUSED
    before = stale.text("cups.md")
    handled = stale.command("/amts accept cups.md:3")
    assert handled.outcome is CommentOutcome.DONE
    assert "杯子盛着热茶。" in handled.answer
    assert "cups.md" not in _record(stale)
    assert stale.text("cups.md") == before
    assert stale.sync().outcome is SyncOutcome.UNCHANGED
    assert stale.command("/amts accept cups.md:3").outcome is CommentOutcome.REFUSED


def test_accept_of_a_file_means_all_that_is_stale_in_it(stale: Commented) -> None:
    other = _record(stale)
    assert "1 stale sentence, now counts" in stale.command("/amts accept cups.md").answer
    assert "cups.md" not in _record(stale)
    assert "nothing changed" in stale.command("/amts accept cups.md").answer
    assert "cups.md" in other


def test_an_accepted_sentence_is_a_translation_of_the_english_that_was_accepted(stale: Commented) -> None:
    stale.command("/amts accept cups.md:3")
    stale.book.english({"cups.md": CAPS.replace("tea", "sea")})
    stale.sync()
    assert 'english: "A cap holds the hot tea."' in _record(stale)


def test_a_stale_sentence_can_be_translated_again_from_the_english_of_today(stale: Commented) -> None:
    assert stale.command("/amts retranslate cups.md:3").outcome is CommentOutcome.DONE
    assert [request.text for request in Machine.asked] == ["A cap holds the hot tea."]
    assert stale.command("/amts accept cups.md:3").outcome is CommentOutcome.REFUSED


def test_status_counts_stale_sentences(stale: Commented) -> None:
    stale.double.as_user("maintainer").merge_pull(REPO, 1, "squash")
    assert re.search(r"; [1-9] sentences? stale\.", stale.command("/amts status").answer)


@pytest.fixture
def stale(talk: Commented) -> Commented:
    """The sentence of cups.md stands in the pull request although its English changed."""
    talk.book.english({"cups.md": CAPS})
    assert talk.sync().outcome is SyncOutcome.UPDATED
    assert "cups.md" in _record(talk)
    return talk


def _record(talk: Commented) -> str:
    names = talk.double.repo(REPO).store.run("ls-tree", "-r", "--name-only", "amts/zh").split("\n")
    return talk.text(".amts/stale.zh.yaml") if ".amts/stale.zh.yaml" in names else ""
