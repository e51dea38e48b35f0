"""Comments on the bot's pull request, on the double of GitHub: who is heard, what is decided, one answer to each."""

from __future__ import annotations

import pytest

from bot.app.commenting.handling import Outcome
from bot.forge.base import Outcome as SyncOutcome
from bot.model import FileChange
from tests.commented import LEAVES, NEW, REPO, Commented, Machine, said
from tests.test_forge_github_app import make_key

pytestmark = pytest.mark.sweep


pytest_plugins = ["tests.github_double.fixtures", "tests.commented_fixtures"]


def test_a_command_is_acknowledged_and_answered_once_whatever_is_redelivered(world: Commented) -> None:
    comment = world.comment("/amts help\nand more below")
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.reactions(comment) == ["eyes", "rocket"]
    (answer,) = world.answers()
    assert "`/amts retranslate <path>[:line] [--engine E]`" in answer
    assert not any(line.startswith("/amts") for line in answer.split("\n"))


@pytest.mark.parametrize("author", ["stranger", "triager", "amts-bot"])
def test_only_people_who_may_write_are_heard(world: Commented, author: str) -> None:
    if author == "stranger":
        world.double.set_role(REPO, author, "read")
    comment = world.comment("/amts pause", author)
    tip = world.tip()
    assert world.handle(comment).outcome is Outcome.IGNORED
    assert (world.reactions(comment), world.tip()) == ([], tip)
    assert world.answers() == (["/amts pause"] if author == "amts-bot" else [])


def test_a_maintainer_counts_as_one_who_may_write(world: Commented) -> None:
    assert world.command("/amts help", "boss").outcome is Outcome.DONE


def test_the_permission_is_that_of_now(world: Commented) -> None:
    comment = world.comment("/amts pause")
    world.double.set_role(REPO, "maintainer", "read")
    assert world.handle(comment).outcome is Outcome.IGNORED


def test_a_deleted_comment_is_not_carried_out(world: Commented) -> None:
    comment = world.comment("/amts pause")
    world.double.as_user("maintainer").delete_comment(REPO, comment.id)
    tip = world.tip()
    assert world.handle(comment).outcome is Outcome.IGNORED
    assert (world.tip(), world.answers()) == (tip, [])


def test_other_peoples_pull_requests_know_help_and_status_only(world: Commented) -> None:
    person = world.double.as_user("maintainer")
    person.push(REPO, "fix", {"other.md": "x\n"})
    number = person.open_pull(REPO, "fix", "main")
    assert world.command("/amts status", number=number).outcome is Outcome.DONE
    assert world.command("/amts keep tea.md", number=number).outcome is Outcome.REFUSED
    assert "not a pull request of mine" in world.answers(number)[1]


def test_a_forks_branch_of_the_same_name_is_not_the_bots(world: Commented) -> None:
    world.double.fork(REPO, "maintainer")
    person = world.double.as_user("maintainer")
    person.push("maintainer/tea-zh", "amts/zh", {"tea.md": "x\n"})
    number = person.open_pull(REPO, "maintainer:amts/zh", "main")
    tip = world.tip()
    assert world.command("/amts pause", number=number).outcome is Outcome.REFUSED
    assert world.tip() == tip


def test_a_closed_pull_request_is_left_alone(world: Commented) -> None:
    world.double.as_user("maintainer").close(REPO, 1)
    assert world.command("/amts pause").outcome is Outcome.REFUSED
    assert "closed" in world.answers()[0]


def test_a_foreign_marker_does_not_silence_the_bot(world: Commented) -> None:
    comment = world.comment("/amts help")
    world.double.as_user("stranger")
    world.double.set_role(REPO, "stranger", "read")
    world.comment(f"Ha!\n\n<!-- amts:answer {comment.id} rocket -->", "stranger")
    assert world.handle(comment).outcome is Outcome.DONE
    assert len(world.answers()) == 1


def test_status_tells_of_files_and_decisions(world: Commented) -> None:
    world.command("/amts keep cups.md")
    world.command("/amts pause")
    answer = world.command("/amts status").answer
    assert "1 current, 1 stale" in answer
    assert "#1 is open" in answer
    assert "Paused" in answer
    assert "Kept as it is: `cups.md`" in answer


def test_a_paused_language_waits_until_it_is_resumed(world: Commented) -> None:
    world.command("/amts pause")
    tip = world.tip()
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    paused = world.sync()
    assert (paused.outcome, world.tip()) == (SyncOutcome.DEFERRED, tip)
    assert "paused" in world.command("/amts sync").answer
    world.command("/amts resume")
    assert ".amts/state.zh.yaml" not in world.double.repo(REPO).store.run("ls-tree", "-r", "--name-only", "amts/zh")
    assert world.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in world.text("cups.md")


def test_a_kept_file_is_left_until_it_is_not_kept_any_more(world: Commented) -> None:
    before = world.text("cups.md")
    assert world.command("/amts keep cups.md").outcome is Outcome.DONE
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    synced = world.sync()
    assert [result.change for result in synced.results] == [FileChange.SKIPPED]
    assert world.text("cups.md") == before
    world.command("/amts unkeep cups.md")
    assert world.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in world.text("cups.md")


def test_a_kept_sentence_stays_when_its_source_changes(world: Commented) -> None:
    line = world.line(said("steep"))
    answer = world.command(f"/amts keep tea.md:{line}").answer
    assert said("steep") in answer
    world.book.english({"tea.md": NEW.replace("three minutes", "five whole minutes").replace("Green", "Fresh green")})
    synced = world.sync()
    (result,) = synced.results
    assert result.merge is not None
    assert [left.reason for left in result.merge.left] == ["kept by people; its English changed"]
    assert said("steep") in world.text()
    assert said("fresh") in world.text()
    world.command(f"/amts unkeep tea.md:{line}")
    world.book.english({"tea.md": NEW.replace("three minutes", "seven minutes")})
    Machine.round = 2
    world.sync()
    assert said("steep", 2) in world.text()


def test_decisions_are_merged_with_the_pull_request(world: Commented) -> None:
    world.command("/amts keep cups.md")
    world.double.as_user("maintainer").merge_pull(REPO, 1, "squash")
    world.double.as_user("maintainer").delete_branch(REPO, "amts/zh")
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    assert [result.change for result in world.sync().results] == [FileChange.SKIPPED]


def test_accept_makes_a_file_current_without_a_change(world: Commented) -> None:
    english = "# Cups\n\nA large cup holds the hot tea.\n"
    world.book.english({"cups.md": english})
    before = world.text("cups.md")
    assert world.command("/amts accept cups.md").outcome is Outcome.DONE
    assert (world.text("cups.md"), world.text("cups_origin.md") + "\n") == (before, english)
    assert world.sync().outcome is SyncOutcome.UNCHANGED


def test_sync_takes_paths_and_languages(world: Commented) -> None:
    cups = "# Cups\n\nEvery cup holds some very hot tea.\n"
    world.book.english({"cups.md": cups, "tea.md": NEW.replace("Green", "Fresh green")})
    assert world.command("/amts sync cups.md").outcome is Outcome.DONE
    assert said("every") in world.text("cups.md")
    assert said("fresh") not in world.text()
    assert "1 sentence translated" in world.command("/amts sync zh").answer
    assert said("fresh") in world.text()


@pytest.mark.parametrize(
    "name", ["../secrets.md", "/etc/passwd", "nothing.md", "de", "*.md", "tea_origin.md", "!tea.md"]
)
def test_sync_is_confined_to_the_book(world: Commented, name: str) -> None:
    tip = world.tip()
    world.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    assert world.command(f"/amts sync {name}").outcome is Outcome.REFUSED
    assert world.tip() == tip


def test_a_kept_sentence_can_be_anything_a_line_holds(world: Commented) -> None:
    assert LEAVES in NEW
    assert world.command("/amts keep tea.md:2").outcome is Outcome.REFUSED
    assert world.command("/amts keep tea.md:999").outcome is Outcome.REFUSED


def test_an_app_answers_by_its_own_name_once(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = make_key()
    app = world.double.create_app("amts", public)
    world.double.install_app(app, "people")
    monkeypatch.setenv("AMTS_GITHUB_APP_KEY", private)
    world.configure(app_id=app.id)
    comment = world.comment("/amts keep cups.md")
    assert [world.handle(comment).outcome for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    (answer,) = [each for each in world.double.issue(REPO, 1).comments if each.author.login == "amts[bot]"]
    assert "I leave `cups.md` as it is" in answer.body
    assert world.reactions(comment) == ["eyes", "rocket"]
