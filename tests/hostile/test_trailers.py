"""Commits that look like the bot's: the words of a message prove nothing, and no message stops a command."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.project import load_project
from bot.comments import CommentOutcome
from bot.drafts.authorship import read_revisions
from bot.engines import BUILT_IN
from bot.forge.trailers import CONTINUES, SEAL, before_seal, is_sealed, parse_commit, read_commits, read_trailers
from tests.support.cli_run import BOOK_ZH, Book, Cli
from tests.support.commented import NEW, REPO, Commented, Machine, said
from tests.support.editions import edition_of
from tests.support.gitrepo import git

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]

OWN = "译者自己重新写了泡茶的那句话。"
PERSON = "Ann <ann@example.org> 1800000000 +0000"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(BUILT_IN, "memory", "tests.support.commented:MachineSettings")
    monkeypatch.setattr(Machine, "round", 1)
    monkeypatch.setattr(Machine, "refuses", frozenset())
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.english({"tea.md": NEW})
    book.configure({}, languages={"zh": {"repo": "zh", "retranslate_below": 90}})
    return book


Change = Callable[[str], str]


def _person(raw: str) -> str:
    return re.sub("^(author|committer) .*$", rf"\1 {PERSON}", raw, flags=re.M)


def _signed(raw: str) -> str:
    seal = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n"
    return raw.replace("\n\n", f"\n{seal}\n", 1)


def _message(raw: str, message: Callable[[str], str]) -> str:
    header, _, text = raw.partition("\n\n")
    return f"{header}\n\n{message(text)}"


def _said_by_hand(text: str) -> str:
    """The trailers, without the seal."""
    return re.sub(rf"^{SEAL}: .*\n", "", text, flags=re.M)


COPIES: dict[str, Change] = {
    "copied message": _person,
    "the bot's name and dates": lambda raw: raw,
    "another committer": lambda raw: re.sub("^committer .*$", f"committer {PERSON}", raw, flags=re.M),
    "another author": lambda raw: re.sub("^author .*$", f"author {PERSON}", raw, flags=re.M),
    "trailers by hand": lambda raw: _message(_person(raw), _said_by_hand),
    "trailers by hand, the bot's name": lambda raw: _message(raw, _said_by_hand),
    "a squash": lambda raw: _message(_person(raw), lambda text: f"Squashed\n\n{text}\n* {text}"),
    "a cherry-pick": lambda raw: _message(raw, lambda text: f"{text}(cherry picked from commit {'0' * 40})\n"),
    "a revert": lambda raw: _message(_person(raw), lambda text: f'Revert "Sync"\n\nThis reverts it.\n\n{text}'),
    "signed by a key": _signed,
    "a sign-off": lambda raw: _message(raw, lambda text: f"{text}Signed-off-by: Ann <ann@example.org>\n"),
    "line ends of Windows": lambda raw: _message(raw, lambda text: text.replace("\n", "\r\n")),
    "the seal of nothing": lambda raw: re.sub(f"{SEAL}: .*", f"{SEAL}: {'0' * 40}", raw),
    "two seals": lambda raw: f"{raw}{SEAL}: {'1' * 40}\n",
}


def made_again(book: Book, change: Change, *, edited: bool) -> str:
    """The bot's commit as somebody made it anew, with a sentence of their own where it is `edited`."""
    folder, raw = book.folder / "zh", f"{git(book.folder / 'zh', 'cat-file', 'commit', book.tip())}\n"
    if edited:
        text = book.text("tea.md").replace(said("steep"), OWN)
        blob = git(folder, "hash-object", "-w", "--stdin", stdin=text.encode())
        tree = git(folder, "ls-tree", book.tip())
        lines = re.sub(r"^(\d+ blob) [0-9a-f]+\ttea.md$", rf"\1 {blob}\ttea.md", tree, flags=re.M)
        raw = re.sub("^tree .*$", f"tree {git(folder, 'mktree', stdin=lines.encode())}", raw, flags=re.M)
    return git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=change(raw).encode())


def test_a_commit_that_was_made_anew_is_a_persons(cli: Cli, book: Book, attacked: Callable[[str, int], None]) -> None:
    assert cli("sync", "--config", book.config).code == 0
    edition = edition_of(load_project(book.config))
    main, own = [book.tip(branch="main")], book.tip()
    (commit,) = read_commits(edition.repository, own, main)
    assert commit.by_sync
    assert said("steep") in read_revisions(edition, commit, ["tea.md"])["tea.md"].by_machine
    for name, change in COPIES.items():
        for edited in (False, True):
            copy = made_again(book, change, edited=edited)
            (commit,) = read_commits(edition.repository, copy, main)
            assert commit.by_bot == (copy == own), name
            if copy != own:
                revision = read_revisions(edition, commit, ["tea.md"])["tea.md"]
                assert (revision.by_machine, revision.answers, revision.version) == (frozenset(), {}, None), name
    attacked("commits that look like the bot's", 2 * len(COPIES))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.mark.parametrize("amends", [True, False], ids=["amended", "copied"])
def test_retranslate_and_sync_leave_the_sentence_of_a_person_who_kept_the_message(
    talk: Commented, amends: bool
) -> None:
    message = talk.double.repo(REPO).store.run("log", "-1", "--format=%B", "amts/zh") + "\n"
    assert CONTINUES in message
    person = talk.double.as_user("maintainer")
    files = {"tea.md": talk.text().replace(said("steep"), OWN) + "\n"}
    if amends:
        everything = {path: talk.text(path) + "\n" for path in ("tea_origin.md", "cups.md", "cups_origin.md")}
        files = {**everything, **files}
    person.push(REPO, "amts/zh", files, message, force=amends)
    Machine.round = 2
    handled = talk.command("/amts retranslate tea.md")
    # Of an amended commit, nobody knows any more which sentences are the machine's.
    assert handled.outcome is (CommentOutcome.REFUSED if amends else CommentOutcome.DONE)
    assert OWN in talk.text()
    talk.sync()
    assert OWN in talk.text()
    line = talk.line(OWN)
    assert "Written by: people" in talk.command(f"/amts explain tea.md:{line}").answer


def test_githubs_update_branch_changes_nobodys_authorship(talk: Commented) -> None:
    person = talk.double.as_user("maintainer")
    person.push(REPO, "main", {"cups.md": "# 杯子\n\n杯子里是热茶。\n"})
    person.merge_branch(REPO, "main", "amts/zh")
    suggested = "Apply the suggestion\n\nCo-authored-by: amts-bot <amts-bot@example.org>\n"
    person.push(REPO, "amts/zh", {"tea.md": talk.text().replace(said("green"), OWN) + "\n"}, suggested)
    Machine.round = 2
    assert talk.command("/amts retranslate tea.md").outcome is CommentOutcome.DONE
    text = talk.text()
    assert OWN in text
    assert said("steep", 2) in text
    assert talk.command("/amts retranslate cups.md").outcome is CommentOutcome.REFUSED
    assert "杯子里是热茶。" in talk.text("cups.md")


def test_a_comment_s_number_in_a_persons_commit_does_not_count_as_its_answer(talk: Commented) -> None:
    comment = talk.comment("/amts pause")
    message = f"Edit\n\nAMTS-Comment: {comment.id}\n"
    talk.double.as_user("maintainer").push(REPO, "amts/zh", {"tea.md": f"{talk.text()}\n\n再见。\n"}, message)
    assert "Done in" not in talk.handle(comment).answer
    assert "paused: true" in talk.text(".amts/state.zh.yaml")


FOLDED = {
    "folded": "AMTS-Continues: {main}\n  and more\nAMTS-Comment:\n\t7\n",
    "folded twice": "AMTS-Engine: a\n b\n c\nAMTS-Asked: x\n  y\n",
    "repeated": "AMTS-Continues: {main}\nAMTS-Continues: {main}\nAMTS-Comment: 1\nAMTS-Comment: 2\n",
    "very long": "AMTS-Continues: {long}\nAMTS-Retranslated-Below: {digits}\n",
    "with CR": "AMTS-Continues: {main}\r\nAMTS-Engine: a\rb\r\nAMTS-Comment: 7\r\n",
    "without a colon": "AMTS-Continues {main}\nAMTS-Continues: {main}\nAMTS-Comment\n",
    "empty": "AMTS-Continues:\nAMTS-Comment:   \nAMTS-Retranslated-Below:\n",
    "with other line ends": "AMTS-Continues: a\u2028b\x85c\x0bd\x1ce\nAMTS-Asked: memory\u2029\n",
    "a number in other digits": "AMTS-Retranslated-Below: ²\nAMTS-Comment: ٣\n",
    "folded first": " folded\n\tagain\nAMTS-Comment: 7\n",
}


@pytest.mark.parametrize("trailers", FOLDED.values(), ids=FOLDED)
def test_no_trailer_stops_a_command(cli: Cli, book: Book, trailers: str, attacked: Callable[[str, int], None]) -> None:
    assert cli("sync", "--config", book.config).code == 0
    folder = book.folder / "zh"
    filled = trailers.format(main=book.tip(branch="main"), long="0" * 100_000, digits="9" * 10_000)
    for branch in ("amts/zh", "main"):
        tip = book.tip(branch=branch)
        commit = git(folder, "commit-tree", f"{tip}^{{tree}}", "-p", tip, stdin=f"Edit\n\n{filled}".encode())
        git(folder, "update-ref", f"refs/heads/{branch}", commit)
    for command in (["sync"], ["status"], ["check"], ["habits", "--language", "zh"]):
        assert cli(*command, "--config", book.config).code == 0, command
    book.english({"tea.md": f"{NEW}\nA last sentence about the cups of tea.\n"})
    assert cli("sync", "--config", book.config).code == 0
    attacked("trailers that are none", 5)


@given(st.binary(max_size=200), st.text(max_size=200))
def test_any_bytes_are_a_commit_that_is_not_the_bots(raw: bytes, message: str) -> None:
    commit = parse_commit("0" * 40, raw)
    assert not commit.by_bot
    assert isinstance(commit.retranslated_below, float)
    for values in read_trailers(message).values():
        assert all(value == value.strip() and "\n" not in value for value in values)


LINES = st.sampled_from(
    ["", " ", "\t", "Subject", "AMTS-Comment: 7", "AMTS-Comment:", "  more", "a b: c", ": x", "X-Y : z", "\r", "-: a"]
)


@given(st.lists(LINES, max_size=8))
def test_a_message_reads_the_same_before_and_after_its_seal(lines: list[str]) -> None:
    message = "\n".join(lines)
    words = before_seal(message)
    sealed = read_trailers(f"Subject\n\n{words}{SEAL}: {'0' * 40}\n")
    assert sealed[SEAL] == ("0" * 40,)
    assert {name: values for name, values in sealed.items() if name != SEAL}.keys() <= {"AMTS-Comment", "X-Y"}
    assert not is_sealed(f"tree {'0' * 40}\n\n{words}{SEAL}: {'0' * 40}\n".encode())
