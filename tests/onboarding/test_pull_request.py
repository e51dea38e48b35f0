"""The pull request of `amts init`: opened once, updated, kept as people changed it, declined as they closed it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.book.project import read_config
from bot.forge.github.host import RequestPacing
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import BOOK_ZH, ENGLISH, Cli
from tests.support.gitrepo import add_commits, git, make_repo, tree
from tests.support.init_run import Init, golden, pull, reports

pytest_plugins = ["tests.github_double.fixtures", "tests.support.init_fixtures"]


def test_a_pull_request_is_opened_once(book: Path, init: Init, cli: Cli) -> None:
    main = git(book / "tea-zh", "rev-parse", "main")
    ran = init("tea", "tea-zh")
    assert ran.code == 0, ran.err
    assert "pull request opened" in ran.out
    golden("body.md", (pull(book) / "body.md").read_text("utf-8"))
    assert git(book / "tea-zh", "rev-parse", "main") == main
    tip = git(book / "tea-zh", "rev-parse", "amts/init")
    assert tree(book / "tea-zh", tip).keys() - tree(book / "tea-zh", main).keys() == {"amts.yaml"}
    again = init("tea", "tea-zh")
    assert "nothing new; the open pull request is up to date" in again.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    # Merged, it is a configuration at the root of its repository.
    git(book / "tea-zh", "merge", "--quiet", "--ff-only", "amts/init")
    checked = cli("check", "--config", book / "tea-zh" / "amts.yaml")
    assert (checked.code, checked.err) == (0, "")
    ran = init("tea", "tea-zh")
    assert ran.code == 3
    assert "tea-zh: has an amts.yaml on main already" in ran.err


def test_new_figures_update_the_same_pull_request(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    tip = git(book / "tea-zh", "rev-parse", "amts/init")
    add_commits(book / "tea", {"pots/iron.md": "# Iron\n"})
    ran = init("tea", "tea-zh")
    assert "pull request updated" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    assert "1 updated, 2 added" in (pull(book) / "body.md").read_text("utf-8")
    # With another engine the file differs: one more commit, in the same pull request.
    ran = init("tea", "tea-zh", "--engine", "copy")
    assert "pull request updated" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init^") == tip
    assert sorted(path.name for path in pull(book).parent.iterdir()) == ["1"]


def test_what_people_change_on_the_branch_stays_and_is_worked_out(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    mine = git(book / "tea-zh", "show", "amts/init:amts.yaml").replace("/README.md", "/pots/") + "\n"
    (tip,) = add_commits(book / "tea-zh", {"amts.yaml": mine}, branch="amts/init")
    ran = init("tea", "tea-zh")
    assert ran.code == 0, ran.err
    assert "the file is as people changed it" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    body = (pull(book) / "body.md").read_text("utf-8")
    assert "as edited here" in body
    assert "`pots/clay.md`" not in body
    (tip,) = add_commits(book / "tea-zh", {"amts.yaml": mine + "nonsense: 1\n"}, branch="amts/init")
    ran = init("tea", "tea-zh")
    assert (ran.code, git(book / "tea-zh", "rev-parse", "amts/init")) == (3, tip)
    assert 'unknown key "nonsense"' in ran.err


def test_a_closed_proposal_is_not_opened_again(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    card = pull(book) / "pull-request.yaml"
    card.write_text(card.read_text("utf-8").replace("state: open", "state: closed"), "utf-8")
    # The books move on, the proposal does not.
    add_commits(book / "tea", {"pots/iron.md": "# Iron\n"})
    add_commits(book / "tea-zh", {"cups.md": "# 杯\n"})
    ran = init("tea", "tea-zh")
    assert (ran.code, "so it is not opened again" in ran.out) == (0, True)
    assert sorted(path.name for path in pull(book).parent.iterdir()) == ["1"]
    ran = init("tea", "tea-zh", "--engine", "copy")
    assert "pull request opened" in ran.out


def test_several_translations_have_one_file_or_a_pull_request_each(book: Path, init: Init, cli: Cli) -> None:
    make_repo(book / "tea-es", {"tea.md": "# Té\n\nEl té es una bebida caliente de China.\n", "tea_origin.md": ENGLISH})
    ran = init("tea", "tea-zh", "tea-es", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    assert list(read_config((book / "amts.yaml").read_text("utf-8")).languages) == ["zh", "es"]
    assert cli("check", "--config", book / "amts.yaml").code == 0
    told = reports(init("tea", "tea-zh", "tea-es", "--json"), "pull_requests")
    assert [list(read_config(one["config"]).languages) for one in told] == [["zh"], ["es"]]
    # Where a bare repository has no folder of its own, the pull request lies where the command ran.
    assert (book / ".amts/pull-requests/init/1/body.md").is_file()


def test_two_languages_of_one_repository_share_a_pull_request(book: Path, init: Init) -> None:
    both = {f"{code}/{path}": text for code in ("zh", "es") for path, text in BOOK_ZH.items()}
    make_repo(book / "translations", both)
    ran = init("tea", "translations", "translations", "-l", "zh", "-l", "es", "--json")
    (told,) = reports(ran, "pull_requests")
    config = read_config(told["config"])
    assert {name: dict(one.paths) for name, one in config.languages.items()} == {
        "zh": {"*": "zh/*"}, "es": {"*": "es/*"},
    }  # fmt: skip
    assert told["title"] == "Configure AMTS for the Chinese (Simplified) and Spanish translations"
    assert "## Spanish: The first run" in told["body"]


def test_on_github_the_pull_request_is_opened_once(
    github_double: GitHubDouble, book: Path, init: Init, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = "people/tea-zh"
    github_double.create_repo(repo, source=book / "tea-zh", private=True, collaborators={"amts-bot": "write"})
    monkeypatch.setattr("bot.forge.github.host.PACING", RequestPacing(between_requests=0.0, between_writes=0.0))
    monkeypatch.setenv("GITHUB_TOKEN", github_double.token("amts-bot"))
    monkeypatch.setenv("GITHUB_SERVER_URL", github_double.url)
    monkeypatch.setenv("GITHUB_API_URL", github_double.url)
    github_double.create_repo("people/tea", source=book / "tea")
    source, url = github_double.clone_url("people/tea"), github_double.clone_url(repo)
    refused = init("tea", url, "--forge", "github")
    assert (refused.code, refused.err) == (
        2,
        "tea: the source is a folder of this machine, which a workflow can't reach; give its URL, or use --write FILE",
    )
    assert init(source, url, "--forge", "github", "--branch", "nope").code == 5
    ran = init(source, url, "--forge", "github", "--json")
    assert ran.code == 0, ran.err
    (told,) = reports(ran, "pull_requests")
    again = init(source, url, "--forge", "github")
    assert "nothing new" in again.out
    (issue,) = github_double.pulls(repo)
    assert issue.title == "Configure AMTS for the Chinese (Simplified) translation"
    text = github_double.repo(repo).store.run("show", "amts/init:amts.yaml")
    config = yaml.safe_load(text)
    assert (config["source"]["repo"], config["languages"]["zh"]["repo"]) == (source, url)
    assert str(book) not in text
    assert (config["forge"]["kind"], config["forge"]["url"]) == ("github", github_double.url)
    assert told["config"].strip() == text.strip()
    assert json.dumps(told).find(github_double.token("amts-bot")) == -1
