"""What happened in the English since a translation was made from it: which commits are told, and whom they name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.book.history import read_history
from bot.book.touches import Commit, Touches, read_commits
from bot.forge.git import Repository
from bot.model import Signature
from bot.sync.source_commits import co_authors
from tests.support.cli_run import BOOK_ZH, ENGLISH, MILK, WAIT, Book, Cli
from tests.support.gitrepo import add_commits, git, make_repo

OWN = Signature("AMTS", "amts@users.noreply.invalid", datetime(2026, 1, 2, tzinfo=UTC))
TEXT = "".join(f"Line {number}.\n" for number in range(9))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    make_repo(
        tmp_path / "en",
        {"a.md": TEXT, "b.md": "B\n"},
        {"a.md": TEXT + "1\n"},
        {"b.md": "BB\n"},
        {"a.md": None, "c.md": TEXT + "1\n"},
        {"c.md": TEXT + "2\n"},
        {"b.md": None},
        {"new.md": "New\n"},
    )
    return Repository.open(tmp_path / "en", tmp_path / "cache")


def touches(repository: Repository) -> tuple[Touches, list[str]]:
    """And the commits, oldest first."""
    head = repository.head("main")
    return Touches(read_history(repository, head)), repository.lines("rev-list", "--reverse", head)


def test_commits_since_the_base_touched_the_file_under_any_name(repository: Repository) -> None:
    found, commits = touches(repository)
    assert found.newest_first(found.since("c.md", commits[0])) == [commits[4], commits[3], commits[1]]
    assert found.newest_first(found.since("c.md", commits[1])) == [commits[4], commits[3]]
    assert found.since("c.md", commits[4]) == set()
    assert found.since("b.md", commits[0]) == {commits[2], commits[5]}
    assert found.since("c.md", "0" * 40) == set()
    assert found.first("new.md") == {commits[6]}
    assert found.first("never.md") == set()


def test_commits_are_read_with_their_authors_by_the_mailmap(repository: Repository, tmp_path: Path) -> None:
    add_commits(tmp_path / "en", {".mailmap": "Ada Lovelace <ada@example.org> <reviewer@example.org>\n"})
    head = repository.head("main")
    parent = git(tmp_path / "en", "rev-parse", "main^")
    first, second = read_commits(repository, [head, parent])
    assert (first.id, second.id) == (head, parent)
    assert first.subject == git(tmp_path / "en", "show", "-s", "--format=%s", head)
    assert read_commits(repository, []) == []
    author = git(tmp_path / "en", "show", "-s", "--format=%aN %aE", "--use-mailmap", head)
    assert f"{first.name} {first.email}" == author


def test_a_merge_is_told_where_what_it_merged_is_not(repository: Repository, tmp_path: Path) -> None:
    start = repository.head("main")
    (side,) = add_commits(tmp_path / "en", {"a.md": "side\n"}, branch="side", start=start)
    tree = git(tmp_path / "en", "rev-parse", f"{side}^{{tree}}")
    merge = git(tmp_path / "en", "commit-tree", tree, "-p", start, "-p", side, "-m", "Merge")
    assert [one.id for one in read_commits(repository, [merge, side, start])] == [side, start]
    assert [one.id for one in read_commits(repository, [merge, start])] == [merge, start]


def test_authors_are_named_once_and_bots_never() -> None:
    people = [
        *(("Zoe", "zoe@example.org"), ("Ada", "ada@example.org"), ("Ada L.", "ADA@example.org")),
        *(("AMTS", OWN.email), ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")),
        *(
            ("Eve <x>\nCo-authored-by: Y <y@e.org>", "eve@example.org"),
            ("No", "not an address"),
            ("<>", "n@example.org"),
        ),
    ]
    found = co_authors([Commit("c", "s", name, email) for name, email in people], OWN)
    assert found == (
        "Ada <ada@example.org>",
        "Eve x Co-authored-by Y ye.org <eve@example.org>",
        "Zoe <zoe@example.org>",
    )


def test_only_so_many_authors_are_named() -> None:
    commits = [Commit("c", "s", f"Name {number:02}", f"n{number}@example.org") for number in range(40)]
    found = co_authors(commits, OWN)
    assert len(found) == 30
    assert found == co_authors(commits[:30], OWN)


names = st.text(max_size=20) | st.sampled_from(["@canary", "#1", "GH-1", "a\nb", "a <b@c.de>", "x: y"])
addresses = st.text(max_size=20) | names.map("{}@example.org".format)


@given(st.lists(st.builds(Commit, st.just("c"), st.just("s"), names, addresses), max_size=9))
def test_a_name_means_nothing_in_a_commit_message(commits: list[Commit]) -> None:
    for author in co_authors(commits, OWN):
        assert author.splitlines() == [author]
        name, _, address = author.partition(" <")
        assert name == name.strip() != ""
        assert not set("@#<>:") & set(name)
        assert not any(word in author for word in ("GH-1", "#1", " @", "+@"))
        assert address.count(">") == 1
        assert address.endswith(">")


@pytest.mark.parametrize("wanted", [False, True])
def test_commits_name_the_authors_of_the_english_where_that_is_wanted(
    cli: Cli, tmp_path: Path, *, wanted: bool
) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    settings = yaml.safe_load(book.config.read_text("utf-8"))
    settings["forge"] = {**settings["forge"], "co_authors": wanted}
    book.config.write_text(yaml.safe_dump(settings), "utf-8")
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    book.english({"other.txt": "Nothing of the book.\n"})
    head = book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    assert cli("sync", "--config", book.config).code == 0
    message = git(book.folder / "zh", "show", "-s", "--format=%B", book.tip())
    trailers = git(book.folder / "zh", "interpret-trailers", "--parse", stdin=message.encode()).splitlines()
    author = git(book.folder / "en", "show", "-s", "--format=%an <%ae>", head)
    assert (f"Co-authored-by: {author}" in trailers) is wanted
    assert {line.partition(":")[0] for line in trailers} >= {"AMTS-Source-Commit", "AMTS-Continues"}
    section = book.body().partition("## What changed in the English\n\n")[2].partition("\n\n")[0]
    assert len(section.splitlines()) == 2
    assert section.startswith(f"- `{head[:10]}` ")
