"""The bot's comments at the lines of a pull request on GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.forge.base import Outcome
from bot.forge.git import Repository
from bot.forge.github.host import Limits
from bot.forge.github.threads import changed_lines
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway
from tests.github_double.state import ReviewComment
from tests.support.github_bot import REPO, Bot, changed, forge_settings, note
from tests.support.gitrepo import make_repo

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


def presenting(double: GitHubDouble, folder: Path, **settings: Any) -> Bot:
    return Bot(double, folder / "cache", forge_settings(**settings))


def comments(double: GitHubDouble, number: int = 1) -> list[ReviewComment]:
    return double.pull(REPO, number).comments


def test_notes_become_one_review_at_their_lines(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5, body="Old → new"), note(7)))
    (review,) = double.pull(REPO, 1).reviews
    assert (review.state, review.author.login) == ("COMMENTED", "amts-bot")
    assert [(one.path, one.line, one.body.splitlines()[0]) for one in comments(double)] == [
        ("a.md", 5, "Old → new"),
        ("a.md", 7, "Look here."),
    ]


def test_notes_are_updated_rather_than_repeated_and_resolved_when_their_lines_change(
    double: GitHubDouble, bot: Bot
) -> None:
    files = {"a.md": changed(_5="五", _30="卅")}
    bot.run(files, notes=(note(5), note(30)))
    assert bot.run(files, notes=(note(5, body="Another."), note(30))).outcome is Outcome.UNCHANGED
    assert [one.body.splitlines()[0] for one in comments(double)] == ["Another.", "Look here."]
    bot.run({"a.md": changed(_5="伍", _30="卅")}, notes=(note(30),))
    assert [one.resolved_by is not None for one in comments(double)] == [True, False]
    assert len(comments(double)) == 2


def test_a_note_of_an_earlier_update_stays_while_its_line_does(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    bot.run({"b.md": b"B\n"}, notes=(note(1, path="b.md"),))
    bot.run({"a.md": changed(_5="五", _30="卅")}, notes=(note(30),))
    assert [(one.path, one.line, one.resolved_by) for one in comments(double)] == [
        *(("a.md", 5, None), ("b.md", 1, None), ("a.md", 30, None)),
    ]


def test_a_note_at_a_file_goes_when_it_is_not_given_again(double: GitHubDouble, bot: Bot) -> None:
    files = {"a.md": changed(_5="五")}
    bot.run(files, notes=(note(25),))
    bot.run(files)
    assert [(one.line, one.resolved_by is not None) for one in comments(double)] == [(None, True)]


def test_a_note_moves_with_its_sentence(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5, "k"),))
    moved = b"new first line\n" + changed(_5="五")
    bot.run({"a.md": moved}, notes=(note(6, "k"),))
    assert len(comments(double)) == 1
    bot.run({"a.md": moved.replace("五".encode(), "伍".encode())}, notes=(note(6, "k"),))
    assert [(one.line, one.resolved_by is not None) for one in comments(double)] == [(5, True), (6, False)]


def test_a_thread_that_people_resolved_stays_so(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    double.as_user("reviewer").resolve(REPO, comments(double)[0].id)
    bot.run({"b.md": b"B\n"}, notes=(note(5, body="Another."),))
    (comment,) = comments(double)
    assert comment.body.startswith("Look here.")


def test_what_people_wrote_is_left_alone(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    reviewer = double.as_user("reviewer")
    reviewer.reply(REPO, comments(double)[0].id, "I see.")
    # Somebody quotes the bot, marker and all.
    reviewer.comment_line(REPO, 1, "a.md", 6, comments(double)[0].body)
    bot.run({"b.md": b"B\n"})
    assert [one.resolved_by for one in comments(double)] == [None, None, None]


def test_a_note_outside_the_diff_stands_at_its_file_and_elsewhere_nowhere(double: GitHubDouble, bot: Bot) -> None:
    notes = (note(25), note(1, path="untouched.md"))
    bot.run({"a.md": changed(_5="五")}, notes=notes)
    assert [(one.path, one.subject, one.line) for one in comments(double)] == [("a.md", "file", None)]
    bot.run({"a.md": changed(_5="五")}, notes=notes)
    assert len(comments(double)) == 1


def test_a_line_that_github_refuses_leaves_the_others(
    double: GitHubDouble, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [range(1, 100)]
    monkeypatch.setattr("bot.forge.github.threads.changed_lines", lambda *_: {"a.md": everything, "no.md": everything})
    bot.run({"a.md": changed(_5="五")}, notes=(note(25), note(5), note(1, path="no.md")))
    assert [(one.path, one.line) for one in comments(double)] == [("a.md", 5)]


def test_notes_are_capped(double: GitHubDouble, tmp_path: Path) -> None:
    bot = presenting(double, tmp_path, limits=Limits(review_comments=2))
    bot.run({"a.md": changed(_5="五", _6="六", _7="七")}, notes=(note(5), note(6), note(7)))
    assert [one.line for one in comments(double)] == [5, 6]
    bot.run({"b.md": b"B\n"}, notes=(note(1, path="b.md"),))
    assert [one.line for one in comments(double)] == [5, 6]
    double.as_user("reviewer").resolve(REPO, comments(double)[0].id)
    bot.run({"b.md": b"C\n"}, notes=(note(1, path="b.md"), note(7)))
    assert [(one.path, one.line) for one in comments(double)] == [("a.md", 5), ("a.md", 6), ("b.md", 1)]


def test_notes_stand_at_files_with_any_name(double: GitHubDouble, bot: Bot) -> None:
    path = "chapter/名.md"
    bot.run({path: changed(_5="五")}, notes=(note(5, path=path),))
    assert [(one.path, one.line) for one in comments(double)] == [(path, 5)]


def test_a_review_whose_answer_was_lost_is_not_repeated(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(4),))
    double.faults.on("POST", "/reviews$", bad_gateway(after=True))
    bot.run({"a.md": changed(_5="五")}, notes=(note(4), note(5), note(7)))
    assert [(one.line, one.resolved_by) for one in comments(double)] == [(4, None), (5, None), (7, None)]


def test_the_same_note_of_another_bot_is_taken_away_unless_somebody_answered(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    other = double.as_user("amts-bot")
    for _ in range(2):
        other.comment_line(REPO, 1, "a.md", 5, "x")
        comments(double)[-1].body = comments(double)[0].body
    double.as_user("reviewer").reply(REPO, comments(double)[-1].id, "I see.")
    bot.run({"b.md": b"B\n"}, notes=(note(5),))
    shown = [(one.resolved_by is not None, one.body.startswith("I see.")) for one in comments(double)]
    assert shown == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize("path", ["a.md", "dir/名 字.md", 'quo"te\\.md', "tab\there.md"])
def test_the_lines_that_a_pull_request_shows(tmp_path: Path, path: str) -> None:
    old = [f"{number}" for number in range(1, 31)]
    new = [*old[:9], "ten", *old[10:], "31"]
    base, head = make_repo(
        tmp_path / "r", {path: "\n".join(old), "gone.md": "x\n"}, {path: "\n".join(new), "gone.md": None}
    )
    with Repository.open(tmp_path / "r", tmp_path) as repository:
        lines = changed_lines(repository, base, head)
    assert [number for each in lines[path] for number in each] == [*range(7, 14), *range(27, 32)]
