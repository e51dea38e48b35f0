"""Who wrote which sentence, by the commits of a pull request's branch."""

from __future__ import annotations

import re

import pytest

from bot.book.project import load_project
from bot.drafts.authorship import read_revisions
from bot.forge.trailers import read_commits
from tests.support.cli_run import ENGLISH, Book, Cli
from tests.support.commented import Machine, said
from tests.support.editions import edition_of
from tests.support.engines import PhraseBook
from tests.support.gitrepo import git


def test_a_commit_of_the_bot_that_people_amended_is_theirs(cli: Cli, book: Book) -> None:
    assert cli("sync", "--config", book.config).code == 0
    folder, tip = book.folder / "zh", book.tip()
    raw = re.sub("^committer .*$", "committer Ann <ann@example.org> 1800000000 +0000", show(book, tip), flags=re.M)
    amended = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{raw}\n".encode())
    edition = edition_of(load_project(book.config))
    revisions = []
    for head in (tip, amended):
        (commit,) = read_commits(edition.repository, head, [book.tip(branch="main")])
        revisions.append(read_revisions(edition, commit, ["tea.md"])["tea.md"])
    own, theirs = revisions
    assert (own.commit.by_bot, theirs.commit.by_bot) == (True, False)
    assert said("steep") in own.answers.values()
    assert own.added == theirs.added
    assert (theirs.answers, theirs.by_machine, theirs.version) == ({}, frozenset(), None)


def test_what_the_machine_wrote_stays_its_own_when_the_configuration_keeps_more_of_people_s_sentences_later(
    cli: Cli, book: Book
) -> None:
    assert cli("sync", "--config", book.config).code == 0
    book.configure({}, languages={"zh": {"repo": "zh", "retranslate_below": 0}})
    edition = edition_of(load_project(book.config))
    (commit,) = read_commits(edition.repository, book.tip(), [book.tip(branch="main")])
    assert "AMTS-Retranslated-Below: 90\n" in show(book, commit.id)
    assert said("pour") in read_revisions(edition, commit, ["tea.md"])["tea.md"].by_machine


@pytest.mark.parametrize("revises", [False, True])
def test_a_sentence_in_which_the_machine_changed_a_phrase_stays_people_s(
    cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch, revises: bool
) -> None:
    known = {
        "water slowly over": "水慢慢倒",
        "water quickly over": "水快快倒",
        "Pour the water quickly over the leaves.": "将水快快倒在茶叶上。",
    }
    book.configure({}, languages={"zh": {"repo": "zh"}})
    monkeypatch.setattr(Machine, "revises", revises)
    monkeypatch.setattr(Machine, "translate", PhraseBook(known).translate)
    book.english({"tea.md": ENGLISH.replace("slowly", "quickly")})
    assert cli("sync", "--config", book.config).code == 0
    edition = edition_of(load_project(book.config))
    (commit,) = read_commits(edition.repository, book.tip(), [book.tip(branch="main")])
    revision = read_revisions(edition, commit, ["tea.md"])["tea.md"]
    assert revision.added == {"将水快快倒在茶叶上。"}
    assert (revision.by_machine, revision.answers) == (frozenset(), {})


def show(book: Book, commit: str) -> str:
    return git(book.folder / "zh", "cat-file", "commit", commit)
