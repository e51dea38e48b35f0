"""Pull requests in a folder: opened, updated, and ended by people."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.errors import MovedError, RepositoryError, StorageError
from bot.forge.base import Outcome, PullRequestState
from bot.forge.commit import write_commit
from bot.forge.local_record import read_thread
from bot.model import ReviewNote
from tests.support.gitrepo import add_commits, git, tree
from tests.support.local_forge import BRANCH, WHO, Place

pytest_plugins = ["tests.support.local_forge_fixtures"]


def test_a_pull_request_is_a_branch_and_a_folder(place: Place) -> None:
    published = place.forge.publish(place.draft({"a.md": "新\n".encode(), "c.md": b"C\r\n", "b.md": None}))
    assert published.outcome is Outcome.CREATED
    assert tree(place.book, BRANCH) == {"a.md": "新\n".encode(), "c.md": b"C\r\n"}
    folder = place.pulls / "zh" / "1"
    assert (folder / "body.md").read_bytes() == b"What changed\n"
    card = place.card(1)
    assert card.pop("contents")
    assert card == {
        **{"number": 1, "state": "open", "title": "Sync 中文", "branch": BRANCH, "base": "main"},
        "head": place.repository.head(BRANCH),
    }
    assert published.pull_request == place.forge.fetch_open("zh", BRANCH, "main")


def test_the_patch_turns_the_base_into_the_branch(place: Place, tmp_path: Path) -> None:
    binary = bytes(range(256))
    place.forge.publish(place.draft({"a.md": b"new\r\n", "c.bin": binary, "b.md": None}))
    git(tmp_path, "clone", "--quiet", str(place.book), "check")
    git(tmp_path / "check", "apply", "--index", str(place.pulls / "zh" / "1" / "changes.patch"))
    assert git(tmp_path / "check", "write-tree") == git(place.book, "rev-parse", f"{BRANCH}^{{tree}}")


def test_the_same_draft_again_changes_nothing(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    head = place.repository.head(BRANCH)
    before = {path: path.stat().st_mtime_ns for path in (place.pulls / "zh" / "1").iterdir()}
    again = place.forge.publish(place.draft({"a.md": b"new\n"}))
    assert again.outcome is Outcome.UNCHANGED
    assert place.repository.head(BRANCH) == head
    assert {path: path.stat().st_mtime_ns for path in (place.pulls / "zh" / "1").iterdir()} == before


def test_a_draft_without_changes_opens_nothing(place: Place) -> None:
    published = place.forge.publish(place.draft({"a.md": "旧\n".encode()}))
    assert (published.outcome, published.pull_request) == (Outcome.UNCHANGED, None)
    assert not place.pulls.exists()
    assert list(place.repository.branches()) == ["main"]


def test_a_new_body_alone_updates_the_folder_without_a_commit(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    head = place.repository.head(BRANCH)
    assert place.forge.publish(place.draft({"a.md": b"new\n"}, "Another body\n")).outcome is Outcome.UPDATED
    assert place.repository.head(BRANCH) == head
    assert (place.pulls / "zh" / "1" / "body.md").read_bytes() == b"Another body\n"


def test_a_reviewers_commit_is_built_upon(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    (theirs,) = add_commits(place.book, {"a.md": "人\n"}, branch=BRANCH)
    published = place.forge.publish(place.draft({"b.md": b"B\n"}))
    assert published.outcome is Outcome.UPDATED
    assert git(place.book, "rev-parse", f"{BRANCH}^") == theirs
    assert tree(place.book, BRANCH) == {"a.md": "人\n".encode(), "b.md": b"B\n"}
    assert place.numbers() == ["1"]


def test_a_reviewers_commit_while_the_bot_works_is_not_overwritten(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    draft = place.draft({"a.md": b"newer\n"})
    (theirs,) = add_commits(place.book, {"b.md": "人\n"}, branch=BRANCH)
    with pytest.raises(RepositoryError, match='branch "amts/zh" moved while the bot worked'):
        place.forge.publish(draft)
    assert place.repository.head(BRANCH) == theirs


def test_a_base_that_moved_while_the_bot_worked_asks_to_run_again(place: Place) -> None:
    draft = place.draft({"a.md": b"new\n"})
    add_commits(place.book, {"b.md": "人\n"})
    with pytest.raises(RepositoryError, match='branch "main" moved while the bot worked'):
        place.forge.publish(draft)
    assert not place.pulls.exists()


def test_a_checked_out_branch_is_refused_and_the_checkout_untouched(tmp_path: Path) -> None:
    place = Place(tmp_path, bare=False)
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    git(place.book, "checkout", "--quiet", BRANCH)
    with pytest.raises(RepositoryError, match="check out another branch and run again"):
        place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert git(place.book, "status", "--porcelain") == ""


def test_a_dirty_checkout_of_the_base_is_left_alone(tmp_path: Path) -> None:
    place = Place(tmp_path, bare=False)
    (place.book / "a.md").write_text("in the middle of an edit\n")
    assert place.forge.publish(place.draft({"a.md": b"new\n"})).outcome is Outcome.CREATED
    assert (place.book / "a.md").read_text() == "in the middle of an edit\n"
    assert git(place.book, "status", "--porcelain") == " M a.md"


def test_a_bot_killed_before_the_folder_was_written_adopts_its_branch(place: Place) -> None:
    draft = place.draft({"a.md": b"new\n"})
    place.forge.publish(draft)
    head = place.repository.head(BRANCH)
    for path in (place.pulls / "zh" / "1").iterdir():
        path.unlink()
    published = place.forge.publish(place.draft({"a.md": b"new\n"}))
    assert published.outcome is Outcome.CREATED
    assert place.repository.head(BRANCH) == head
    assert place.numbers() == ["1"]
    assert place.card(1)["head"] == head


def test_an_open_pull_request_whose_branch_is_gone_is_filled_again(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    git(place.book, "branch", "-D", BRANCH)
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.pull_request is not None
    assert published.pull_request.number == 1
    assert place.card(1)["head"] == place.repository.head(BRANCH)


def test_a_full_disk_leaves_the_old_files_whole_and_the_next_run_completes(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    body = "x" * 100_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StorageError, match="what was there before is intact"):
            place.forge.publish(place.draft({"a.md": b"newer\n"}, body))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    folder = place.pulls / "zh" / "1"
    assert (folder / "body.md").read_text() == "What changed\n"
    assert place.numbers() == ["1"]
    assert place.forge.publish(place.draft({"a.md": b"newer\n"}, body)).outcome is Outcome.UPDATED
    assert (folder / "body.md").read_text() == body
    assert place.card(1)["head"] == place.repository.head(BRANCH)


@pytest.mark.parametrize("text", ["state: done\n", "", "- 1\n", "state: {a: b}\n"])
def test_a_card_that_people_broke_is_named(place: Place, text: str) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    (place.pulls / "zh" / "1" / "pull-request.yaml").write_text(text)
    with pytest.raises(RepositoryError, match=r'pull-request\.yaml: must hold .* a "state" of open, closed or merged'):
        place.forge.fetch_open("zh", BRANCH, "main")


@pytest.mark.parametrize("key", ["branch", "base", "head"])
def test_a_card_whose_names_are_not_one_line_is_refused(place: Place, key: str) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    card = {**place.card(1), key: "amts/zh\nmain"}
    (place.pulls / "zh" / "1" / "pull-request.yaml").write_text(yaml.safe_dump(card), "utf-8")
    with pytest.raises(
        RepositoryError, match=r"yaml:\d: .*(holds a control character|must be a whole git id).*; correct it"
    ):
        place.forge.fetch_open("zh", BRANCH, "main")


def test_notes_are_a_file_until_none_is_left(place: Place) -> None:
    notes = (ReviewNote("a.md", 3, "k", "Old → new"), ReviewNote("b.md", 1, "l", "Look here."))
    place.forge.publish(replace(place.draft({"a.md": b"new\n"}), notes=notes))
    text = (place.pulls / "zh" / "1" / "notes.md").read_text("utf-8")
    assert text == "`a.md`, line 3\n\nOld → new\n\n---\n\n`b.md`, line 1\n\nLook here.\n"
    assert place.forge.publish(place.draft({"a.md": b"new\n"})).outcome is Outcome.UPDATED
    assert (place.pulls / "zh" / "1" / "notes.md").read_text("utf-8") == ""


def test_a_draft_is_built_on_the_merge_that_it_names(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    (base,) = add_commits(place.book, {"b.md": "main\n"})
    draft = place.draft({"c.md": b"C\n"})
    tree_id = git(place.book, "merge-tree", "--write-tree", draft.expected_head, base)
    merge = git(place.book, "commit-tree", tree_id, "-p", draft.expected_head, "-p", base, "-m", "Merge")
    assert place.open("dry-run").publish(replace(draft, files={}, onto=merge)).outcome is Outcome.UPDATED
    assert place.forge.publish(replace(draft, onto=merge)).outcome is Outcome.UPDATED
    assert git(place.book, "rev-parse", f"{BRANCH}^") == merge
    assert tree(place.book, BRANCH) == {"a.md": b"new\n", "b.md": b"main\n", "c.md": b"C\n"}


def test_comments_are_files_of_the_thread_and_a_retry_adds_none(place: Place) -> None:
    pull = place.forge.publish(place.draft({"a.md": b"new\n"})).pull_request
    assert pull is not None
    thread = place.pulls / "zh" / "1" / "thread"
    place.forge.comment(pull, "One\n")
    place.forge.comment(pull, "One\n")
    (thread / "0007.md").write_text("/amts help\n")
    place.forge.comment(pull, "Two\n")
    assert {path.name: path.read_text() for path in thread.iterdir()} == {
        **{"0001-amts.md": "One\n", "0007.md": "/amts help\n", "0008-amts.md": "Two\n"}
    }
    assert read_thread(pull) == ["One\n", "Two\n"]  # the bot's own


def test_languages_have_their_own_numbers(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    draft = replace(place.draft({}), language="tr", branch="amts/tr", files={"a.md": b"yeni\n"})
    published = place.forge.publish(replace(draft, expected_head=place.repository.head("main")))
    assert published.pull_request is not None
    assert published.pull_request.number == 1
    assert sorted(path.name for path in place.pulls.iterdir()) == [".gitignore", "tr", "zh"]


def test_git_ignores_a_folder_that_the_forge_made(tmp_path: Path) -> None:
    place = Place(tmp_path, bare=False)
    place.pulls = place.book / ".amts" / "pull-requests"
    place.forge = place.open("local")
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    assert (place.pulls / "zh" / "1" / "body.md").is_file()
    assert git(place.book, "status", "--porcelain") == ""
    # Who wants them in git deletes that file, and it does not come back.
    (place.pulls / ".gitignore").unlink()
    place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert not (place.pulls / ".gitignore").exists()


def test_after_a_merge_the_next_draft_opens_a_new_pull_request(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    git(place.book, "update-ref", "refs/heads/main", BRANCH)
    assert place.forge.fetch_open("zh", BRANCH, "main") is None
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.outcome is Outcome.CREATED
    assert [place.card(number)["state"] for number in (1, 2)] == ["merged", "open"]
    assert git(place.book, "rev-parse", f"{BRANCH}^") == place.repository.head("main")


def test_after_a_rebase_the_next_draft_opens_a_new_pull_request_unless_the_branch_was_set_back(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    git(place.book, "update-ref", f"refs/heads/{BRANCH}", "main")
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    assert place.numbers() == ["1"]
    add_commits(place.book, {"elsewhere.md": "The base moves on.\n"}, {"a.md": "new\n"})
    git(place.book, "update-ref", f"refs/heads/{BRANCH}", "main")
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.outcome is Outcome.CREATED
    assert [place.card(number)["state"] for number in (1, 2)] == ["merged", "open"]


def test_a_squashed_merge_that_people_noted_keeps_the_old_commits_reachable(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    old = place.repository.head(BRANCH)
    place.close(1, "merged")
    add_commits(place.book, {"a.md": "new\n"})
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.pull_request is not None
    assert published.pull_request.number == 2
    assert place.repository.ref("refs/pull/zh/1/head") == old


def test_what_people_closed_is_not_opened_again(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    place.close(1)
    add_commits(place.book, {"elsewhere.md": "the base moves on\n"})
    published = place.forge.publish(place.draft({"a.md": b"new\n", "b.md": "乙\n".encode()}))
    assert published.outcome is Outcome.DECLINED
    assert published.pull_request is not None
    assert (published.pull_request.number, published.pull_request.state) == (1, PullRequestState.CLOSED)
    assert place.numbers() == ["1"]
    assert place.card(1)["state"] == "closed"


def test_every_content_that_a_closed_pull_request_ever_had_is_declined(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    place.forge.publish(place.draft({"b.md": b"B\n"}))
    place.close(1)
    for files in ({"a.md": b"new\n"}, {"a.md": b"new\n", "b.md": b"B\n"}):
        assert place.forge.publish(place.draft(files)).outcome is Outcome.DECLINED


def test_new_content_after_a_closed_pull_request_opens_the_next_one(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    (theirs,) = add_commits(place.book, {"b.md": "人\n"}, branch=BRANCH)
    place.close(1)
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.outcome is Outcome.CREATED
    assert place.numbers() == ["1", "2"]
    assert tree(place.book, BRANCH) == {"a.md": b"newer\n", "b.md": "乙\n".encode()}
    assert place.repository.ref("refs/pull/zh/1/head") == theirs


def test_closed_by_the_bot_is_no_refusal_until_people_close_it_again(place: Place) -> None:
    draft = place.draft({"a.md": b"new\n"})
    pull = place.forge.publish(draft).pull_request
    assert pull is not None
    place.forge.close(pull, "Nothing is left.\n")
    assert (place.card(1)["state"], place.card(1)["withdrawn"]) == ("closed", True)
    assert (place.pulls / "zh" / "1" / "thread" / "0001-amts.md").read_text() == "Nothing is left.\n"
    assert place.forge.publish(draft).outcome is Outcome.CREATED
    place.close(2)
    assert place.forge.publish(draft).outcome is Outcome.DECLINED


def test_a_commit_is_pushed_to_an_open_pull_request_unless_the_branch_moved(place: Place) -> None:
    pull = place.forge.publish(place.draft({"a.md": b"new\n"})).pull_request
    assert pull is not None
    commit = write_commit(place.repository, [pull.head], {"b.md": b"B\n"}, "More", WHO)
    place.open("dry-run").push(pull, commit)
    assert place.repository.head(BRANCH) == pull.head
    place.forge.push(pull, commit)
    assert place.repository.head(BRANCH) == commit
    with pytest.raises(MovedError, match="moved while the bot worked"):
        place.forge.push(pull, pull.head)
