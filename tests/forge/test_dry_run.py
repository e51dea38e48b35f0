"""A dry run of the forge answers like the forge and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RepositoryError
from bot.forge.base import Outcome
from bot.model import PullRequestDraft
from tests.support.gitrepo import add_commits
from tests.support.local_forge import Place

pytest_plugins = ["tests.support.local_forge_fixtures"]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dry_run_answers_like_the_forge_and_writes_nothing(place: Place, tmp_path: Path) -> None:
    def outcomes(draft: PullRequestDraft) -> tuple[Outcome, Outcome]:
        before = everything(tmp_path)
        dry = place.open("dry-run").publish(draft).outcome
        assert everything(tmp_path) == before
        return dry, place.forge.publish(draft).outcome

    assert outcomes(place.draft({"a.md": "旧\n".encode()})) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert outcomes(place.draft({"a.md": b"new\n"})) == (Outcome.CREATED, Outcome.CREATED)
    assert outcomes(place.draft({"a.md": b"new\n"})) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert outcomes(place.draft({"b.md": None})) == (Outcome.UPDATED, Outcome.UPDATED)
    place.close(1)
    assert outcomes(place.draft({"a.md": b"new\n"})) == (Outcome.DECLINED, Outcome.DECLINED)
    assert outcomes(place.draft({"a.md": b"newer\n"})) == (Outcome.CREATED, Outcome.CREATED)


def test_a_dry_run_remembers_what_it_was_given(place: Place) -> None:
    dry = place.open("dry-run")
    draft = place.draft({"a.md": b"new\n"})
    first, second = dry.publish(draft), dry.publish(draft)
    assert (first.outcome, second.outcome) == (Outcome.CREATED, Outcome.UNCHANGED)


def test_a_dry_run_refuses_a_branch_that_moved(place: Place) -> None:
    draft = place.draft({"a.md": b"new\n"})
    add_commits(place.book, {"b.md": "人\n"})
    with pytest.raises(RepositoryError, match="moved while the bot worked"):
        place.open("dry-run").publish(draft)
