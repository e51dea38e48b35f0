"""Reading repositories through git's object database, and moving their branches."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from git.exc import GitCommandError

from bot.errors import InputError, RepositoryError, StorageError
from bot.forge.commit import write_commit
from bot.forge.git import Repository
from bot.forge.git_failures import git_failure
from tests.support.gitrepo import Symlink, add_commits, git, make_repo
from tests.support.repositories import WHO, full_disk, opened


def cached(folder: Path) -> list[str]:
    """All that the cache holds but for the locks."""
    return [path.name for path in (folder / "cache").iterdir() if path.suffix != ".lock"]


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match=r"not a git repository; run git init"):
        opened(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match=r"nowhere: no such folder"):
        opened(tmp_path / "nowhere")


def test_a_folder_inside_a_repository_is_not_taken_for_it(tmp_path: Path) -> None:
    make_repo(tmp_path / "book", {"docs/a.md": "A\n"}, bare=False)
    with pytest.raises(RepositoryError, match="not a git repository"):
        opened(tmp_path / "book" / "docs")


def test_a_repository_without_commits_says_so(tmp_path: Path) -> None:
    make_repo(tmp_path / "book")
    with pytest.raises(RepositoryError, match="has no commits yet"):
        opened(tmp_path / "book").head("main")


def test_an_unknown_branch_names_the_nearest(tmp_path: Path) -> None:
    make_repo(tmp_path / "book", {"a.md": "A\n"}, branch="master")
    with pytest.raises(RepositoryError, match='has no branch "mastre"; did you mean "master"'):
        opened(tmp_path / "book").head("mastre")


def test_files_are_read_from_the_commit_not_from_the_work_tree(tmp_path: Path) -> None:
    first, second = make_repo(tmp_path / "book", {"a.md": "one\r\n"}, {"a.md": "two\n"}, bare=False)
    (tmp_path / "book" / "a.md").write_text("edited and not committed\n")
    repository = opened(tmp_path / "book")
    assert repository.snapshot(first).read("a.md") == b"one\r\n"
    assert repository.snapshot(second).read("a.md") == b"two\n"


def test_reads_do_not_follow_the_environment_of_a_git_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repo(tmp_path / "other", {"b.md": "B\n"})
    (commit,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    repository = opened(tmp_path / "book")
    assert repository.head("main") == commit
    assert list(repository.files(commit)) == ["a.md"]


def test_paths_that_are_not_ascii_survive(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "book", {"章/第 一.md": "A\n"})
    assert opened(tmp_path / "book").snapshot(commit).read("章/第 一.md") == b"A\n"


def test_an_empty_file_is_read_between_others(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "book", {"a.md": "A\n", "b.md": "", "c.md": "C\n"})
    repository = opened(tmp_path / "book")
    blobs = [entry.blob for entry in repository.files(commit).values()]
    assert [repository.read(blob) for blob in blobs] == [b"A\n", b"", b"C\n"]


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\0", "\x7f"])
def test_a_name_that_is_not_one_line_never_reaches_a_running_cat_file(tmp_path: Path, character: str) -> None:
    (commit,) = make_repo(tmp_path / "book", {"a.md": "A\n", "b.md": "B\n"})
    with opened(tmp_path / "book") as repository:
        entries = repository.files(commit)
        with pytest.raises(InputError, match="holds a control character, so git is not asked for it"):
            repository.holds(f"{commit}:a.md{character}{commit}:b.md")
        with pytest.raises(InputError, match="holds a control character"):
            repository.read(f"{entries['a.md'].blob}{character}{entries['b.md'].blob}")
        assert repository.holds(f"{commit}:a.md") == entries["a.md"].blob
        assert repository.read(entries["b.md"].blob) == b"B\n"


@pytest.mark.parametrize("aim", ["../../secret.md", "/etc/passwd", "sub/../../../x"])
def test_a_symbolic_link_out_of_the_repository_is_refused_by_name(tmp_path: Path, aim: str) -> None:
    (commit,) = make_repo(tmp_path / "book", {"docs/link.md": Symlink(aim)})
    with pytest.raises(InputError, match=r"docs/link\.md: is a symbolic link that leads out of the repository"):
        opened(tmp_path / "book").snapshot(commit).read("docs/link.md")


def test_a_symbolic_link_inside_the_repository_is_refused_with_its_aim(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "book", {"docs/link.md": Symlink("../a.md"), "a.md": "A\n"})
    with pytest.raises(InputError, match=r"leads to \.\./a\.md"):
        opened(tmp_path / "book").snapshot(commit).read("docs/link.md")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    with pytest.raises(InputError, match=r"b\.md: not in .*book"):
        opened(tmp_path / "book").snapshot(commit).read("b.md")


def test_bots_that_share_a_cache_wait_for_each_other(tmp_path: Path) -> None:
    make_repo(tmp_path / "book", {"a.md": "a\n"})
    git(tmp_path / "book", "bundle", "create", "--quiet", str(tmp_path / "book.bundle"), "main")
    with ThreadPoolExecutor(8) as pool:
        heads = {one.head("main") for one in pool.map(opened, [tmp_path / "book.bundle"] * 16)}
    assert heads == {git(tmp_path / "book", "rev-parse", "main")}
    assert len(cached(tmp_path)) == 1


def test_a_bundle_is_cloned_once_and_brought_up_to_date(tmp_path: Path) -> None:
    (first,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    git(tmp_path / "book", "bundle", "create", "--quiet", str(tmp_path / "book.bundle"), "main")
    assert opened(tmp_path / "book.bundle").head("main") == first
    (second,) = add_commits(tmp_path / "book", {"a.md": "B\n"})
    git(tmp_path / "book", "bundle", "create", "--quiet", str(tmp_path / "book.bundle"), "main")
    mirror = opened(tmp_path / "book.bundle")
    assert mirror.head("main") == second
    assert len(cached(tmp_path)) == 1


def test_the_bots_branch_in_a_mirror_outlives_a_fetch(tmp_path: Path) -> None:
    (first,) = make_repo(tmp_path / "book", {"a.md": "A\n"})
    url = (tmp_path / "book").as_uri()
    Repository.open(url, tmp_path / "cache").update_ref("refs/heads/amts/zh", first, None)
    assert Repository.open(url, tmp_path / "cache").head("amts/zh") == first


def test_a_clone_that_fails_leaves_nothing_and_tells_no_secret(tmp_path: Path) -> None:
    url = f"file://user:sesame@{tmp_path}/nowhere"
    with pytest.raises(RepositoryError, match="git clone failed") as caught:
        Repository.open(url, tmp_path / "cache")
    assert "sesame" not in str(caught.value)
    assert cached(tmp_path) == []


@pytest.mark.parametrize(
    "said",
    [
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
        "remote: Invalid username or token.\nfatal: Authentication failed for 'https://github.com/org/book.git/'",
    ],
)
def test_a_host_that_wants_a_token_is_told_apart(said: str) -> None:
    told = str(git_failure(GitCommandError(["git"], 128, said), "fetch", "https://github.com/org/book"))
    expected = "the host refused access; set GITHUB_TOKEN to a token that may read this repository"
    assert told.startswith(f"https://github.com/org/book: {expected}")
    assert "may write to" in str(git_failure(GitCommandError(["git"], 128, said), "push", "book"))


def test_a_branch_that_moved_is_not_overwritten(tmp_path: Path) -> None:
    first, second = make_repo(tmp_path / "book", {"a.md": "A\n"}, {"a.md": "B\n"})
    repository = opened(tmp_path / "book")
    ours = write_commit(repository, [first], {"a.md": b"ours\n"}, "Sync", WHO)
    with pytest.raises(RepositoryError, match='branch "main" moved while the bot worked; nothing was overwritten'):
        repository.update_ref("refs/heads/main", ours, first)
    assert repository.head("main") == second


def test_a_branch_that_someone_created_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    first, second = make_repo(tmp_path / "book", {"a.md": "A\n"}, {"a.md": "B\n"})
    git(tmp_path / "book", "branch", "amts/zh", second)
    with pytest.raises(RepositoryError, match="moved while the bot worked"):
        opened(tmp_path / "book").update_ref("refs/heads/amts/zh", first, None)


def test_a_branch_that_cannot_be_locked_is_not_reported_as_moved(tmp_path: Path) -> None:
    first, second = make_repo(tmp_path / "book", {"a.md": "A\n"}, {"a.md": "B\n"})
    (tmp_path / "book" / "refs" / "heads" / "main.lock").touch()
    with pytest.raises(RepositoryError, match=r"git update-ref failed: .*lock"):
        opened(tmp_path / "book").update_ref("refs/heads/main", first, second)


def test_a_checked_out_branch_is_refused_and_its_edits_are_mentioned(tmp_path: Path) -> None:
    book = tmp_path / "book"
    make_repo(book, {"a.md": "A\n"}, bare=False)
    with pytest.raises(RepositoryError, match=r'"main" is checked out in .*book'):
        opened(book).refuse_if_checked_out("main")
    (book / "a.md").write_text("edited\n")
    with pytest.raises(RepositoryError, match="checked out with uncommitted changes in"):
        opened(book).refuse_if_checked_out("main")


def test_a_dirty_checkout_of_another_branch_is_harmless(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (base,) = make_repo(book, {"a.md": "A\n"}, bare=False)
    (book / "a.md").write_text("edited\n")
    repository = opened(book)
    assert repository.dirty()
    repository.refuse_if_checked_out("amts/zh")
    repository.update_ref("refs/heads/amts/zh", base, None)
    assert (book / "a.md").read_text() == "edited\n"


def test_a_branch_checked_out_in_a_second_work_tree_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "book"
    make_repo(book, {"a.md": "A\n"})
    git(book, "worktree", "add", "--quiet", "-b", "amts/zh", str(tmp_path / "review"))
    opened(book).refuse_if_checked_out("main")
    with pytest.raises(RepositoryError, match=r'"amts/zh" is checked out in .*review'):
        opened(book).refuse_if_checked_out("amts/zh")


def test_a_full_disk_that_only_git_meets_is_a_storage_error_too(tmp_path: Path) -> None:
    # The file itself fits; git's index of so many paths does not.
    (base,) = make_repo(tmp_path / "book", {f"{number:040}.md": "A\n" for number in range(80)})
    repository = opened(tmp_path / "book")
    with full_disk(), pytest.raises(StorageError, match="can't write: File too large"):
        write_commit(repository, [base], {"a.md": b"A\n"}, "Sync", WHO)
    assert repository.head("main") == base


def test_without_git_the_error_says_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repo(tmp_path / "book", {"a.md": "A\n"})
    repository = opened(tmp_path / "book")
    monkeypatch.setattr("git.Git.GIT_PYTHON_GIT_EXECUTABLE", str(tmp_path / "no-git"))
    with pytest.raises(RepositoryError, match="git is not installed"):
        repository.head("main")


def test_a_whole_book_is_read_by_a_handful_of_git_processes(
    real_book: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    with opened(real_book("zh")) as repository:
        snapshot = repository.snapshot(repository.head("main"))
        texts = {entry.blob: repository.read(entry.blob) for entry in snapshot.entries.values()}
    assert len(snapshot.entries) == 280
    assert sum(map(len, texts.values())) > 4_000_000
    processes = (tmp_path / "trace").read_text().count("trace: built-in: git")
    assert 0 < processes <= 6
