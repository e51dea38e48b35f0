"""Commands that are cut short, meet other people's pushes or GitHub's trouble: done once, and answered once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app.commenting.handling import Outcome
from bot.errors import AmtsError, TransientError
from bot.forge.commit import write_commit
from tests.commented import REPO, Commented, Machine
from tests.github_double.faults import Effect, bad_gateway, dropped, secondary_limit

pytestmark = pytest.mark.sweep


pytest_plugins = ["tests.github_double.fixtures", "tests.commented_fixtures"]


def test_a_retranslation_cut_short_before_its_answer_is_answered_not_repeated(
    world: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = world.comment("/amts retranslate tea.md")
    Machine.round = 2
    with monkeypatch.context() as killed:
        killed.setattr("bot.app.commenting.conversation.Conversation.answer", _killed)
        with pytest.raises(KeyboardInterrupt):
            world.handle(comment)
    tip = world.tip()
    Machine.round = 3
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.tip() == tip
    assert len(world.answers()) == 1
    assert tip is not None
    assert f"Done in {tip[:10]}" in world.answers()[0]


def test_a_branch_that_moved_meanwhile_is_not_overwritten(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: list[str] = []

    def push_first(*arguments: Any) -> str:
        if not pushed:
            pushed.append(world.double.as_user("maintainer").push(REPO, "amts/zh", {"note.txt": "mine\n"}))
        return write_commit(*arguments)

    monkeypatch.setattr("bot.app.commenting.case.write_commit", push_first)
    assert world.command("/amts keep cups.md").outcome is Outcome.DONE
    assert world.text("note.txt") == "mine"
    assert "cups.md" in world.text(".amts/state.zh.yaml")


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_answer_that_was_posted_though_github_failed_is_not_posted_again(world: Commented) -> None:
    comment = world.comment("/amts help")
    world.double.faults.on("POST", r"/issues/1/comments$", bad_gateway(after=True))
    assert world.handle(comment).outcome is Outcome.DONE
    assert len(world.answers()) == 1


@pytest.mark.parametrize("effect", [bad_gateway(), dropped(after=True)], ids=lambda effect: effect.name)
def test_whatever_fails_a_second_delivery_ends_with_one_commit_and_one_answer(world: Commented, effect: Effect) -> None:
    """Each request of a command fails once, of the API and of git; then the event is delivered again."""
    number = 0
    while True:
        number += 1
        comment = world.comment(f'/amts term add "word {number}" = "词"')
        answers = len(world.answers())
        world.double.faults.at_call(world.double.faults.calls + number, effect)
        try:
            world.handle(comment)
        except AmtsError:
            assert len(world.answers()) <= answers + 1
        struck = len(world.double.faults.struck) >= number
        world.double.faults.clear()
        handled = world.handle(comment)
        assert handled.outcome in (Outcome.DONE, Outcome.REFUSED)
        assert len(world.answers()) == answers + 1
        if handled.outcome is Outcome.DONE:
            assert world.text(".amts/glossary.zh.csv").count(f"word {number},") == 1
            log = world.double.repo(REPO).store.run("log", "--format=%(trailers:key=AMTS-Comment,valueonly)", "amts/zh")
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
    world: Commented, path: str, effect: Effect
) -> None:
    comment = world.comment("/amts keep cups.md")
    tip = world.tip()
    world.double.faults.on("*", path, effect, times=100)
    with pytest.raises(TransientError):
        world.handle(comment)
    assert (world.answers(), world.reactions(comment), world.tip()) == ([], ["eyes"], tip)
    world.double.faults.clear()
    assert world.handle(comment).outcome is Outcome.DONE
    (answer,) = world.answers()
    assert "I leave `cups.md` as it is" in answer
    assert world.reactions(comment) == ["eyes", "rocket"]


def test_a_failure_that_lasts_is_answered_once(world: Commented) -> None:
    comment = world.comment("/amts keep cups.md")
    world.double.faults.on("*", r"/pulls/1$", bad_gateway(), times=100)
    assert world.handle(comment, lasting=True).outcome is Outcome.REFUSED
    world.double.faults.clear()
    assert world.handle(comment).outcome is Outcome.REFUSED
    (answer,) = world.answers()
    assert "is in trouble" in answer
    assert world.reactions(comment) == ["eyes", "confused"]


def test_a_mistake_of_the_programs_own_is_answered_in_the_end(
    world: Commented, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    comment = world.comment("/amts cost")
    monkeypatch.setattr("bot.app.commenting.handling.execute", mistaken)
    with pytest.raises(ZeroDivisionError):
        world.handle(comment)
    assert world.answers() == []
    assert world.handle(comment, lasting=True).outcome is Outcome.REFUSED
    assert "a mistake of mine, ZeroDivisionError" in world.answers()[0]
    assert "in mistaken" in caplog.text


def test_of_two_answers_at_the_same_moment_the_first_stays(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.app.commenting.conversation import Conversation

    comment = world.comment("/amts help")
    look = Conversation._answers
    first: list[str] = []

    def look_late(self: Conversation) -> list[tuple[int, str]]:
        if len(first) == 1:
            # Another process answers between this look and the post.
            first.append("posted")
            text = f"First.\n\n<!-- amts:answer {comment.id} rocket -->"
            world.double.as_user("amts-bot").comment(REPO, 1, text)
            return []
        first.append("looked")
        return look(self)

    monkeypatch.setattr(Conversation, "_answers", look_late)
    assert world.handle(comment).outcome is Outcome.DONE
    assert [answer.partition(".")[0] for answer in world.answers()] == ["First"]
