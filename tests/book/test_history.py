"""Where blobs were seen and where paths went, over a branch's whole history."""

from __future__ import annotations

from pathlib import Path

from bot.book.history import History, read_history
from bot.book.lineage import Lineage
from bot.forge.git import Repository
from tests.support.gitrepo import Content, Symlink, add_commits, git, make_repo

LONG = "".join(f"Line {number} of a chapter.\n" for number in range(20))


def history_of(path: Path, branch: str = "main") -> History:
    with Repository.open(path, path.parent / "cache") as repository:
        return read_history(repository, repository.head(branch))


def follow(history: History, path: str, since: str | None, present: set[str]) -> str | None:
    """Without a commit, for a text that no commit has."""
    return Lineage(history, present).follow(path, "", since)


def blob(path: Path, revision: str) -> str:
    return git(path, "rev-parse", revision)


def test_a_blob_is_found_in_the_commit_that_made_it(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, second, _ = make_repo(book, {"a.md": "1\n"}, {"a.md": "2\n"}, {"a.md": "3\n"})
    history = history_of(book)
    for commit in (first, second):
        sighting = history.find(blob(book, f"{commit}:a.md"))
        assert sighting is not None
        assert (sighting.commit, sighting.path) == (commit, "a.md")
    assert history.find("0" * 40) is None


def test_text_that_came_back_is_found_at_its_newest_revision(tmp_path: Path) -> None:
    book = tmp_path / "book"
    _, _, third = make_repo(book, {"a.md": "1\n"}, {"a.md": "2\n"}, {"a.md": "1\n"})
    sighting = history_of(book).find(blob(book, f"{third}:a.md"))
    assert sighting is not None
    assert sighting.commit == third


def test_of_two_paths_with_the_same_text_the_asked_one_is_found(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, _ = make_repo(book, {"a/index.md": "same\n"}, {"b/index.md": "same\n"})
    history = history_of(book)
    content = blob(book, f"{first}:a/index.md")
    found = [history.find(content, path) for path in ("a/index.md", "b/index.md", "c/index.md")]
    assert [sighting.path for sighting in found if sighting] == ["a/index.md", "b/index.md", "b/index.md"]


def test_a_blob_that_only_a_merge_commit_made_is_found(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (first,) = make_repo(book, {"a.md": LONG})
    (side,) = add_commits(book, {"b.md": "B\n"}, branch="side", start=first)
    (main,) = add_commits(book, {"c.md": "C\n"})
    content = git(book, "hash-object", "-w", "--stdin", stdin=b"resolved by hand\n")
    tree = git(book, "mktree", stdin=f"100644 blob {content}\ta.md\n".encode())
    merge = git(book, "commit-tree", tree, "-p", main, "-p", side, "-m", "merge")
    git(book, "update-ref", "refs/heads/main", merge)
    sighting = history_of(book).find(content)
    assert sighting is not None
    assert sighting.commit == merge


def test_a_path_renamed_twice_is_followed_from_every_revision(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, second, third = make_repo(
        book, {"a.md": LONG}, {"a.md": None, "b.md": LONG + "more\n"}, {"b.md": None, "sub/c.md": LONG + "most\n"}
    )
    history = history_of(book)
    assert follow(history, "a.md", first, {"sub/c.md"}) == "sub/c.md"
    assert follow(history, "b.md", second, {"sub/c.md"}) == "sub/c.md"
    assert follow(history, "sub/c.md", third, {"sub/c.md"}) == "sub/c.md"


def test_renames_before_the_base_revision_do_not_count(tmp_path: Path) -> None:
    book = tmp_path / "book"
    other = LONG.replace("Line", "Another line")
    *_, third = make_repo(book, {"a.md": LONG}, {"a.md": None, "b.md": LONG}, {"a.md": other})
    assert follow(history_of(book), "a.md", third, {"a.md", "b.md"}) == "a.md"


def test_a_path_whose_name_a_new_file_took_is_followed_to_its_own_text(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, *_ = make_repo(book, {"a.md": LONG}, {"a.md": None, "b.md": LONG}, {"a.md": "a new chapter\n"})
    assert follow(history_of(book), "a.md", first, {"a.md", "b.md"}) == "b.md"


def test_a_rename_that_was_taken_back_leads_home(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, *_ = make_repo(book, {"a.md": LONG}, {"a.md": None, "b.md": LONG}, {"b.md": None, "a.md": LONG})
    assert follow(history_of(book), "a.md", first, {"a.md"}) == "a.md"


def test_a_deleted_path_leads_nowhere(tmp_path: Path) -> None:
    book = tmp_path / "book"
    first, _ = make_repo(book, {"a.md": LONG, "z.md": "Z\n"}, {"a.md": None})
    history = history_of(book)
    assert follow(history, "a.md", first, {"z.md"}) is None
    assert follow(history, "a.md", None, {"z.md"}) is None


def test_without_a_known_revision_the_last_rename_of_the_path_counts(tmp_path: Path) -> None:
    book = tmp_path / "book"
    other = LONG.replace("Line", "Another line")
    make_repo(
        book,
        {"a.md": LONG},
        {"a.md": None, "b.md": LONG},
        {"a.md": other, "b.md": None},
        {"a.md": None, "c.md": other},
    )
    assert follow(history_of(book), "a.md", None, {"c.md"}) == "c.md"


def test_a_rename_on_a_merged_side_branch_is_followed(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (first,) = make_repo(book, {"a.md": LONG})
    (side,) = add_commits(book, {"a.md": None, "b.md": LONG}, branch="side", start=first)
    (main,) = add_commits(book, {"a.md": LONG + "an edit meanwhile\n"})
    content = git(book, "rev-parse", f"{main}:a.md")
    tree = git(book, "mktree", stdin=f"100644 blob {content}\tb.md\n".encode())
    merge = git(book, "commit-tree", tree, "-p", main, "-p", side, "-m", "merge")
    git(book, "update-ref", "refs/heads/main", merge)
    history = history_of(book)
    assert follow(history, "a.md", main, {"b.md"}) == "b.md"
    assert follow(history, "a.md", first, {"b.md"}) == "b.md"


def test_the_users_git_configuration_changes_nothing(tmp_path: Path) -> None:
    book = tmp_path / "book"
    commits: list[dict[str, Content]] = [{"é.md": LONG}, {"é.md": None, "ü.md": LONG}]
    first, _ = make_repo(book, *commits)
    for key, value in {"diff.renames": "false", "log.showSignature": "true", "diff.noprefix": "true"}.items():
        git(book, "config", key, value)
    assert follow(history_of(book), "é.md", first, {"ü.md"}) == "ü.md"


def test_symbolic_links_are_no_sightings(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (first,) = make_repo(book, {"a.md": Symlink("b.md")})
    assert history_of(book).find(blob(book, f"{first}:a.md")) is None
