"""On GitHub: drafts corrected and merged, the term proposed in the next pull request, accepted by the very comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.comments import CommentOutcome
from bot.engines import BUILT_IN
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import ENGLISH
from tests.support.commented import REPO, Commented
from tests.support.stubborn import RIGHT, TERM, WRONG, Stubborn, with_term, without_term

pytest_plugins = ["tests.github_double.fixtures"]
TITLE = "## Terms that people correct"


class Measured(Commented):
    def configure(self, **more: object) -> None:
        url = self.double.clone_url(REPO)
        forge = {"kind": "github", "url": self.double.url, "api_url": self.double.url, "report": "none", **more}
        languages = {"zh": {"repo": url, "engine": "copy", "measure": True}}
        self.book.configure({}, languages=languages, forge=forge)

    def write(self, name: str, pairs: list[tuple[str, str]]) -> None:
        self.book.english({name: "\n\n".join(source for source, _ in pairs) + "\n"})


@pytest.fixture
def world(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measured:
    made = Measured(github_double, tmp_path, monkeypatch)
    monkeypatch.setitem(BUILT_IN, "copy", "tests.support.stubborn:StubbornSettings")
    made.book.english({"tea.md": ENGLISH})
    made.write("one.md", [*with_term(WRONG, 0), *without_term()])
    return made


def test_what_people_correct_in_review_is_what_the_machine_says_from_then_on(world: Measured) -> None:
    people = world.double.as_user("maintainer")
    world.sync()
    text = world.text("one.md")
    assert text.count(WRONG) == len(with_term(WRONG, 0))
    people.push(REPO, "amts/zh", {"one.md": text.replace(WRONG, RIGHT) + "\n"}, "The right word")
    people.merge_pull(REPO, 1)

    world.write("two.md", with_term(WRONG, 1))
    world.sync()
    assert WRONG in world.text("two.md")
    body = world.double.issue(REPO, 2).body or ""
    (command,) = [cell for cell in body.partition(TITLE)[2].split("`") if cell.startswith("/amts term add")]
    assert command == f'/amts term add "{TERM}" = "{RIGHT}"'
    assert world.command(command, number=2).outcome is CommentOutcome.DONE

    world.write("three.md", with_term(WRONG, 2))
    world.sync()
    assert f"{TERM},{RIGHT}" in Stubborn.glossary
    assert world.text("three.md").count(RIGHT) == len(with_term(RIGHT, 2))
    assert TITLE not in (world.double.issue(REPO, 2).body or "")
