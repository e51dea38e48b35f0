"""`/amts keep` and `/amts unkeep` on the double of GitHub."""

from __future__ import annotations

from bot.comments import CommentOutcome
from bot.forge.base import Outcome as SyncOutcome
from bot.model import FileChange
from tests.support.commented import FRESH, LEAVES, NEW, REPO, STEEP, Commented, Machine, said

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_a_kept_file_is_left_until_it_is_not_kept_any_more(talk: Commented) -> None:
    before = talk.text("cups.md")
    assert talk.command("/amts keep cups.md").outcome is CommentOutcome.DONE
    talk.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    synced = talk.sync()
    assert [result.change for result in synced.results] == [FileChange.SKIPPED]
    assert talk.text("cups.md") == before
    talk.command("/amts unkeep cups.md")
    assert talk.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in talk.text("cups.md")


def test_a_kept_sentence_stays_when_its_source_changes(talk: Commented) -> None:
    line = talk.line(said("steep"))
    answer = talk.command(f"/amts keep tea.md:{line}").answer
    assert said("steep") in answer
    talk.book.english({"tea.md": NEW.replace("three minutes", "five whole minutes").replace(LEAVES, FRESH)})
    synced = talk.sync()
    (result,) = synced.results
    assert result.merge is not None
    assert [left.reason for left in result.merge.left] == ["kept by people; its English changed"]
    assert said("steep") in talk.text()
    assert said("fresh") in talk.text()
    talk.command(f"/amts unkeep tea.md:{line}")
    talk.book.english({"tea.md": NEW.replace(STEEP, "Steep them as long as you like, then pour.")})
    Machine.round = 2
    talk.sync()
    assert said("steep", 2) in talk.text()


def test_a_kept_sentence_can_be_anything_a_line_holds(talk: Commented) -> None:
    assert LEAVES in NEW
    assert talk.command("/amts keep tea.md:2").outcome is CommentOutcome.REFUSED
    assert talk.command("/amts keep tea.md:999").outcome is CommentOutcome.REFUSED


def test_decisions_are_merged_with_the_pull_request(talk: Commented) -> None:
    talk.command("/amts keep cups.md")
    talk.double.as_user("maintainer").merge_pull(REPO, 1, "squash")
    talk.double.as_user("maintainer").delete_branch(REPO, "amts/zh")
    talk.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    assert [result.change for result in talk.sync().results] == [FileChange.SKIPPED]
