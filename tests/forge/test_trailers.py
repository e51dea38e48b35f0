"""The trailer that names what a commit of the bot goes on from: believed of the bot's own commits only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.forge.commit import write_commit
from bot.forge.git import Repository
from bot.forge.trailers import CONTINUES, continued_from
from bot.model import Signature
from tests.support.gitrepo import git, make_repo


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_repo(tmp_path / "repo", {"a.md": "A\n"})
    return tmp_path / "repo"


def start_of(place: Path, commit: str) -> str | None:
    return continued_from(Repository.open(place, place.parent / "cache"), commit)


def committed(place: Path, message: str) -> str:
    return git(place, "commit-tree", "main^{tree}", "-p", "main", "-m", message)


def by_bot(place: Path, message: str) -> str:
    repository = Repository.open(place, place.parent / "cache")
    signature = Signature("AMTS", "amts@example.org", datetime(2026, 1, 2, tzinfo=UTC))
    return write_commit(repository, [git(place, "rev-parse", "main")], {"a.md": b"B\n"}, message, signature)


def test_a_commit_of_the_bot_goes_on_from_what_its_trailer_names(place: Path) -> None:
    main = git(place, "rev-parse", "main")
    message = f"Sync\n\n{CONTINUES}: {main}\n"
    commit = by_bot(place, message)
    assert start_of(place, commit) == main
    assert by_bot(place, message) == commit
    assert start_of(place, by_bot(place, "Sync\n")) is None


def test_a_person_who_writes_the_bots_trailers_stays_a_person(place: Path) -> None:
    main = git(place, "rev-parse", "main")
    assert start_of(place, committed(place, f"Sync\n\n{CONTINUES}: {main}")) is None


@pytest.mark.parametrize("start", ["0123456789" * 4, "main", "HEAD", "--all", "-x", "0" * 3000])
def test_a_trailer_that_names_no_commit_here_is_people_s(place: Path, start: str) -> None:
    commit = by_bot(place, f"Squashed\n\n{CONTINUES}: {start}")
    assert start_of(place, commit) is None


def test_a_commit_that_somebody_else_made_anew_is_people_s(place: Path) -> None:
    main = git(place, "rev-parse", "main")
    raw = git(place, "cat-file", "commit", by_bot(place, f"Sync\n\n{CONTINUES}: {main}"))
    amended = raw.replace("committer AMTS", "committer Ben")
    assert amended != raw
    commit = git(place, "hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{amended}\n".encode())
    assert start_of(place, commit) is None
