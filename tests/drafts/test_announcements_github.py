"""What people made of the drafts of pull requests on GitHub, however they merge them there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.drafts.announcements import announce_corrections, corrections_comment, read_comment, sum_corrections
from bot.evaluation.corrections import EditOutcome, Figures
from tests.github_double.double import GitHubDouble
from tests.support.commented import REPO, Commented, Machine, said
from tests.support.editions import edition_of

pytest_plugins = ["tests.github_double.fixtures"]


@pytest.fixture
def world(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commented:
    """A pull request whose drafts people corrected: one edited, two left as they were."""
    made = Commented(github_double, tmp_path, monkeypatch)
    made.sync()
    text = made.text().replace(said("steep"), said("steep").replace("茶水", "热茶水"))
    github_double.as_user("maintainer").push(REPO, "amts/zh", {"tea.md": text}, "Better")
    return made


def tell(world: Commented) -> int:
    return announce_corrections(edition_of(world.project), lambda _: None)


def told(world: Commented) -> list[Figures]:
    read = (read_comment(body) for body in world.answers())
    return [one[1] for one in read if one is not None]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merged_pull_request_is_told_of_once_though_its_branch_is_gone(world: Commented, method: str) -> None:
    assert tell(world) == 0
    people = world.double.as_user("maintainer")
    people.merge_pull(REPO, 1, method)
    people.delete_branch(REPO, "amts/zh")
    assert tell(world) == 1
    (figures,) = told(world)
    assert {outcome.value: count for outcome, count in figures.outcomes.items() if count} == {
        "accepted": 2,
        "edited": 1,
    }
    assert figures.edited == 1
    people.comment(REPO, 1, "Thanks!")
    assert tell(world) == 0
    assert len(told(world)) == 1
    assert sum_corrections(edition_of(world.project)).figures == figures


def test_a_retranslation_that_a_comment_asked_for_is_the_machine_s(
    world: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Machine, "round", 2)
    world.command(f"/amts retranslate tea.md:{world.line(said('green'))}")
    assert said("green", 2) in world.text()
    world.double.as_user("maintainer").merge_pull(REPO, 1)
    assert tell(world) == 1
    (figures,) = told(world)
    assert {name.value: count for name, count in figures.outcomes.items() if count} == {"accepted": 2, "edited": 1}


def test_what_others_write_is_not_taken_for_the_bot_s(world: Commented) -> None:
    world.double.as_user("maintainer").merge_pull(REPO, 1)
    forged = corrections_comment(1, Figures({EditOutcome.REWRITTEN: 1_000}), {})
    world.double.as_user("stranger").comment(REPO, 1, forged)
    assert sum_corrections(edition_of(world.project)).pulls == 0
    assert tell(world) == 1
    assert sum_corrections(edition_of(world.project)).figures.asked == 3


def test_a_closed_pull_request_is_not_told_of(world: Commented) -> None:
    world.double.as_user("maintainer").close(REPO, 1)
    assert tell(world) == 0
