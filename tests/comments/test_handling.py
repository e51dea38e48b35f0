"""Comments on the bot's pull request, on the double of GitHub: who is heard, and one answer to each comment."""

from __future__ import annotations

import pytest

from bot.comments import CommentOutcome
from tests.support.commented import REPO, Commented
from tests.support.github_bot import make_key

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


def test_what_is_unknown_explains_itself(talk: Commented) -> None:
    comment = talk.comment("/amts synk now")
    assert talk.handle(comment).outcome is CommentOutcome.REFUSED
    assert talk.reactions(comment) == ["eyes", "confused"]
    assert "`/amts sync [language|path…]`" in talk.answers()[0]


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
