"""Comments on the bot's pull request, on the double of GitHub: who is heard, what is decided, one answer to each."""

from __future__ import annotations

import pytest

from bot.comments import CommentOutcome
from bot.forge.base import Outcome as SyncOutcome
from bot.model import FileChange
from tests.forge.github.test_app import make_key
from tests.support.commented import LEAVES, NEW, REPO, Commented, Machine, said

pytestmark = pytest.mark.sweep


pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_a_command_is_acknowledged_and_answered_once_whatever_is_redelivered(talk: Commented) -> None:
    comment = talk.comment("/amts help\nand more below")
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert talk.reactions(comment) == ["eyes", "rocket"]
    (answer,) = talk.answers()
    assert "`/amts retranslate <path>[:line] [--engine E]`" in answer
    assert not any(line.startswith("/amts") for line in answer.split("\n"))


@pytest.mark.parametrize("author", ["stranger", "triager", "amts-bot"])
def test_only_people_who_may_write_are_heard(talk: Commented, author: str) -> None:
    if author == "stranger":
        talk.double.set_role(REPO, author, "read")
    comment = talk.comment("/amts pause", author)
    tip = talk.tip()
    assert talk.handle(comment).outcome is CommentOutcome.IGNORED
    assert (talk.reactions(comment), talk.tip()) == ([], tip)
    assert talk.answers() == (["/amts pause"] if author == "amts-bot" else [])


def test_a_maintainer_counts_as_one_who_may_write(talk: Commented) -> None:
    assert talk.command("/amts help", "boss").outcome is CommentOutcome.DONE


def test_the_permission_is_that_of_now(talk: Commented) -> None:
    comment = talk.comment("/amts pause")
    talk.double.set_role(REPO, "maintainer", "read")
    assert talk.handle(comment).outcome is CommentOutcome.IGNORED


def test_a_deleted_comment_is_not_carried_out(talk: Commented) -> None:
    comment = talk.comment("/amts pause")
    talk.double.as_user("maintainer").delete_comment(REPO, comment.id)
    tip = talk.tip()
    assert talk.handle(comment).outcome is CommentOutcome.IGNORED
    assert (talk.tip(), talk.answers()) == (tip, [])


def test_other_peoples_pull_requests_know_help_and_status_only(talk: Commented) -> None:
    person = talk.double.as_user("maintainer")
    person.push(REPO, "fix", {"other.md": "x\n"})
    number = person.open_pull(REPO, "fix", "main")
    assert talk.command("/amts status", number=number).outcome is CommentOutcome.DONE
    assert talk.command("/amts keep tea.md", number=number).outcome is CommentOutcome.REFUSED
    assert "not a pull request of mine" in talk.answers(number)[1]


def test_a_forks_branch_of_the_same_name_is_not_the_bots(talk: Commented) -> None:
    talk.double.fork(REPO, "maintainer")
    person = talk.double.as_user("maintainer")
    person.push("maintainer/tea-zh", "amts/zh", {"tea.md": "x\n"})
    number = person.open_pull(REPO, "maintainer:amts/zh", "main")
    tip = talk.tip()
    assert talk.command("/amts pause", number=number).outcome is CommentOutcome.REFUSED
    assert talk.tip() == tip


def test_a_closed_pull_request_is_left_alone(talk: Commented) -> None:
    talk.double.as_user("maintainer").close(REPO, 1)
    assert talk.command("/amts pause").outcome is CommentOutcome.REFUSED
    assert "closed" in talk.answers()[0]


def test_a_foreign_marker_does_not_silence_the_bot(talk: Commented) -> None:
    comment = talk.comment("/amts help")
    talk.double.as_user("stranger")
    talk.double.set_role(REPO, "stranger", "read")
    talk.comment(f"Ha!\n\n<!-- amts:answer {comment.id} rocket -->", "stranger")
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert len(talk.answers()) == 1


def test_status_tells_of_files_and_decisions(talk: Commented) -> None:
    talk.command("/amts keep cups.md")
    talk.command("/amts pause")
    answer = talk.command("/amts status").answer
    assert "1 current, 1 stale" in answer
    assert "#1 is open" in answer
    assert "Paused" in answer
    assert "Kept as it is: `cups.md`" in answer


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
    talk.book.english({"tea.md": NEW.replace("three minutes", "five whole minutes").replace("Green", "Fresh green")})
    synced = talk.sync()
    (result,) = synced.results
    assert result.merge is not None
    assert [left.reason for left in result.merge.left] == ["kept by people; its English changed"]
    assert said("steep") in talk.text()
    assert said("fresh") in talk.text()
    talk.command(f"/amts unkeep tea.md:{line}")
    talk.book.english({"tea.md": NEW.replace("three minutes", "seven minutes")})
    Machine.round = 2
    talk.sync()
    assert said("steep", 2) in talk.text()


def test_decisions_are_merged_with_the_pull_request(talk: Commented) -> None:
    talk.command("/amts keep cups.md")
    talk.double.as_user("maintainer").merge_pull(REPO, 1, "squash")
    talk.double.as_user("maintainer").delete_branch(REPO, "amts/zh")
    talk.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    assert [result.change for result in talk.sync().results] == [FileChange.SKIPPED]


def test_accept_makes_a_file_current_without_a_change(talk: Commented) -> None:
    english = "# Cups\n\nA large cup holds the hot tea.\n"
    talk.book.english({"cups.md": english})
    before = talk.text("cups.md")
    assert talk.command("/amts accept cups.md").outcome is CommentOutcome.DONE
    assert (talk.text("cups.md"), talk.text("cups_origin.md") + "\n") == (before, english)
    assert talk.sync().outcome is SyncOutcome.UNCHANGED


def test_sync_takes_paths_and_languages(talk: Commented) -> None:
    cups = "# Cups\n\nEvery cup holds some very hot tea.\n"
    talk.book.english({"cups.md": cups, "tea.md": NEW.replace("Green", "Fresh green")})
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


def test_a_kept_sentence_can_be_anything_a_line_holds(talk: Commented) -> None:
    assert LEAVES in NEW
    assert talk.command("/amts keep tea.md:2").outcome is CommentOutcome.REFUSED
    assert talk.command("/amts keep tea.md:999").outcome is CommentOutcome.REFUSED


def test_an_app_answers_by_its_own_name_once(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = make_key()
    app = talk.double.create_app("amts", public)
    talk.double.install_app(app, "people")
    monkeypatch.setenv("AMTS_GITHUB_APP_KEY", private)
    talk.configure(app_id=app.id)
    comment = talk.comment("/amts keep cups.md")
    assert [talk.handle(comment).outcome for _ in range(2)] == [CommentOutcome.DONE, CommentOutcome.DONE]
    (answer,) = [each for each in talk.double.issue(REPO, 1).comments if each.author.login == "amts[bot]"]
    assert "I leave `cups.md` as it is" in answer.body
    assert talk.reactions(comment) == ["eyes", "rocket"]
