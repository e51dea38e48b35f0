"""Commands that are interrupted, or meet other people's pushes or GitHub's trouble: done once, and answered once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.comments import CommentOutcome
from bot.errors import AmtsError, TransientError
from bot.forge.base import Reaction
from bot.forge.comment import Comment
from bot.forge.commit import write_commit
from tests.github_double.faults import Effect, bad_gateway, dropped, secondary_limit
from tests.support.commented import REPO, Commented, Machine

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_a_retranslation_cut_short_before_its_answer_is_answered_not_repeated(
    talk: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = talk.comment("/amts retranslate tea.md")
    Machine.round = 2
    with monkeypatch.context() as killed:
        killed.setattr("bot.forge.github.discussion.GitHubDiscussion.answer", _killed)
        with pytest.raises(KeyboardInterrupt):
            talk.handle(comment)
    tip = talk.tip()
    Machine.round = 3
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert talk.tip() == tip
    assert len(talk.answers()) == 1
    assert tip is not None
    assert f"Done in [`{tip[:10]}`](" in talk.answers()[0]


def test_a_branch_that_moved_meanwhile_is_not_overwritten(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: list[str] = []

    def push_first(*arguments: Any) -> str:
        if not pushed:
            pushed.append(talk.double.as_user("maintainer").push(REPO, "amts/zh", {"note.txt": "mine\n"}))
        return write_commit(*arguments)

    monkeypatch.setattr("bot.comments.case.write_commit", push_first)
    assert talk.command("/amts keep cups.md").outcome is CommentOutcome.DONE
    assert talk.text("note.txt") == "mine"
    assert "cups.md" in talk.text(".amts/state.zh.yaml")


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_answer_that_was_posted_though_github_failed_is_not_posted_again(talk: Commented) -> None:
    comment = talk.comment("/amts help")
    talk.double.faults.on("POST", r"/issues/1/comments$", bad_gateway(after=True))
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert len(talk.answers()) == 1


@pytest.mark.sweep
@pytest.mark.parametrize("effect", [bad_gateway(), dropped(after=True)], ids=lambda effect: effect.name)
def test_whatever_fails_a_second_delivery_ends_with_one_commit_and_one_answer(talk: Commented, effect: Effect) -> None:
    """Each request of a command fails once, of the API and of git; then the event is delivered again."""
    number = 0
    while True:
        number += 1
        comment = talk.comment(f'/amts term add "word {number}" = "词"')
        answers = len(talk.answers())
        talk.double.faults.at_call(talk.double.faults.calls + number, effect)
        try:
            talk.handle(comment)
        except AmtsError:
            assert len(talk.answers()) <= answers + 1
        struck = len(talk.double.faults.struck) >= number
        talk.double.faults.clear()
        handled = talk.handle(comment)
        assert handled.outcome in (CommentOutcome.DONE, CommentOutcome.REFUSED)
        assert len(talk.answers()) == answers + 1
        if handled.outcome is CommentOutcome.DONE:
            assert talk.text(".amts/glossary.zh.csv").count(f"word {number},") == 1
            log = talk.double.repo(REPO).store.run("log", "--format=%(trailers:key=AMTS-Comment,valueonly)", "amts/zh")
            assert log.split().count(str(comment.id)) == 1
        if not struck:
            assert number > 10
            return


TROUBLE = [
    (r"/pulls/1$", bad_gateway()),
    (r"/pulls/1$", dropped()),
    (r"/pulls/1$", secondary_limit(retry_after=3600)),
    (r"git-upload-pack", bad_gateway()),
    (r"git-upload-pack", dropped()),
    (r"git-receive-pack", bad_gateway()),
    (r"git-receive-pack", dropped()),
]


@pytest.mark.parametrize(("path", "effect"), TROUBLE, ids=[f"{effect.name} {path}" for path, effect in TROUBLE])
def test_a_failure_that_may_pass_is_not_answered_but_the_command_is_done_later(
    talk: Commented, path: str, effect: Effect
) -> None:
    comment = talk.comment("/amts keep cups.md")
    tip = talk.tip()
    talk.double.faults.on("*", path, effect, times=100)
    with pytest.raises(TransientError):
        talk.handle(comment)
    assert (talk.answers(), talk.reactions(comment), talk.tip()) == ([], ["eyes"], tip)
    talk.double.faults.clear()
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    (answer,) = talk.answers()
    assert "I leave `cups.md` as it is" in answer
    assert talk.reactions(comment) == ["eyes", "rocket"]


def test_a_failure_that_lasts_is_answered_once(talk: Commented) -> None:
    comment = talk.comment("/amts keep cups.md")
    talk.double.faults.on("*", r"/pulls/1$", bad_gateway(), times=100)
    assert talk.handle(comment, lasting=True).outcome is CommentOutcome.REFUSED
    talk.double.faults.clear()
    assert talk.handle(comment).outcome is CommentOutcome.REFUSED
    (answer,) = talk.answers()
    assert "is in trouble" in answer
    assert talk.reactions(comment) == ["eyes", "confused"]


def test_a_mistake_of_the_programs_own_is_answered_in_the_end(
    talk: Commented, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    comment = talk.comment("/amts cost")
    monkeypatch.setattr("bot.comments.cost.Cost.run", mistaken)
    with pytest.raises(ZeroDivisionError):
        talk.handle(comment)
    assert talk.answers() == []
    assert talk.handle(comment, lasting=True).outcome is CommentOutcome.REFUSED
    assert "a bug of mine, ZeroDivisionError" in talk.answers()[0]
    assert "in mistaken" in caplog.text


def test_of_two_answers_at_the_same_moment_the_first_stays(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.forge.github.discussion import GitHubDiscussion

    comment = talk.comment("/amts help")
    look = GitHubDiscussion._answers
    first: list[str] = []

    def look_late(self: GitHubDiscussion, comment: Comment) -> list[tuple[int, Reaction]]:
        if len(first) == 1:
            # Another process answers between this look and the post.
            first.append("posted")
            text = f"First.\n\n<!-- amts:answer {comment.id} rocket -->"
            talk.double.as_user("amts-bot").comment(REPO, 1, text)
            return []
        first.append("looked")
        return look(self, comment)

    monkeypatch.setattr(GitHubDiscussion, "_answers", look_late)
    assert talk.handle(comment).outcome is CommentOutcome.DONE
    assert [answer.partition(".")[0] for answer in talk.answers()] == ["First"]
