"""What a repository or a configuration can have wrong: one clear error, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from bot.documents.text import MAX_BYTES
from bot.report.markdown import escaped
from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli, Ran, fingerprint
from tests.support.gitrepo import Symlink, add_commits, git, make_repo

MORE = ENGLISH + "\n" + WAIT


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book whose English has moved on by one sentence."""
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": MORE})
    return book


def sync(cli: Cli, book: Book, *arguments: str) -> Ran:
    return cli("sync", "--config", book.config, *arguments)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"caf\xe9\n", "bad.md:1: is not UTF-8"),
        (b"\0\1", "bad.md: is a binary file"),
        ("a" * (MAX_BYTES + 1), f"bad.md: {MAX_BYTES + 1:,} bytes"),
        (Symlink("../../etc/passwd"), "bad.md: is a symbolic link that leads out of the repository"),
    ],
    ids=["latin-1", "binary", "huge", "symlink"],
)
@pytest.mark.parametrize("side", ["english", "translation"])
def test_a_file_that_can_not_be_read_fails_alone_and_the_rest_is_published(
    cli: Cli, book: Book, side: str, content: bytes | str | Symlink, told: str
) -> None:
    if side == "english":
        book.english({"bad.md": content})
    else:
        book.english({"bad.md": ENGLISH})
        add_commits(book.folder / "zh", {"bad.md": content, "bad_origin.md": "# Old\n"})
    ran = sync(cli, book)
    assert ran.code == 7
    assert re.match(rf"amts: 1 file could not be synced\nbad\.md: {re.escape(told)}", ran.err)
    assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n"
    assert f"- `bad.md` (failed): {escaped(told)}" in book.body()
    assert git(book.folder / "zh", "diff", "--name-only", "main", "amts/zh").split() == ["tea.md", "tea_origin.md"]
    assert told in cli("status", "--config", book.config).out


def test_a_translation_without_a_baseline_is_skipped_and_said_to_be(cli: Cli, book: Book) -> None:
    add_commits(book.folder / "zh", {"tea_origin.md": None})
    ran = sync(cli, book)
    assert (ran.code, book.tip()) == (0, "")
    assert "tea.md: skipped: nothing says which English it was made from: no _origin file stands beside it" in ran.out
    assert "zh: nothing could be proposed; see above" in ran.out
    assert "zh: 2 current, 1 unknown" in cli("status", "--config", book.config).out


def test_line_ends_and_the_byte_order_mark_are_kept_through_a_sync(cli: Cli, book: Book) -> None:
    old = "\ufeff" + CHINESE.replace("\n", "\r\n")
    add_commits(book.folder / "zh", {"tea.md": old})
    assert sync(cli, book).code == 0
    assert git(book.folder / "zh", "show", "amts/zh:tea.md").encode() == (old + "\r\n喝之前等四分钟。\r").encode()


def test_a_path_that_is_not_utf_8_breaks_neither_report_nor_json(cli: Cli, book: Book) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    stream = b"commit refs/heads/main\ncommitter A <a@e.org> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n"
    stream += b'M 100644 inline "caf\\351.md"\ndata 8\n# Hello\n\n'
    git(book.folder / "en", "fast-import", "--quiet", stdin=stream)
    ran = sync(cli, book, "--json")
    assert ran.code == 0, ran.err
    languages = json.loads(ran.out)["languages"]
    assert name in [file["path"] for file in languages[0]["files"]]
    assert r"`caf\udce9.md`" in book.body()
    assert r"caf\udce9.md" in cli("status", "--config", book.config).out


def test_a_repository_without_commits_is_told_so(cli: Cli, book: Book) -> None:
    make_repo(book.folder / "empty")
    book.configure({}, languages={"zh": {"repo": "empty"}})
    ran = sync(cli, book)
    assert ran.code == 5
    assert ran.err.endswith("empty: has no commits yet; commit the book there first\n")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"repo": "nowhere"}, "nowhere: no such folder; give the path or the URL of a git repository"),
        ({"repo": "en", "branch": "mian"}, 'has no branch "mian"; did you mean "main"?'),
        ({"repo": "plain"}, "plain: not a git repository; run git init there or give another path"),
    ],
)
def test_a_source_that_is_not_there_is_told_by_every_command(
    cli: Cli, book: Book, source: dict[str, str], told: str
) -> None:
    (book.folder / "plain").mkdir()
    book.configure({"zh": {}}, source=source)
    for command, code in (("sync", 5), ("status", 5), ("check", 3)):
        ran = cli(command, "--config", book.config)
        assert (ran.code, ran.out) == (code, "")
        assert told in ran.err
        assert ran.err.count("\n") == 1


def test_a_checkout_of_the_branch_with_local_changes_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {})
    make_repo(tmp_path / "zh", BOOK_ZH, bare=False)
    book.configure({"zh": {}})
    book.english({"tea.md": MORE})
    git(tmp_path / "zh", "checkout", "--quiet", "-b", "amts/zh")
    (tmp_path / "zh" / "tea.md").write_text("unsaved work", "utf-8")
    before = fingerprint(tmp_path)
    ran = sync(cli, book)
    assert ran.code == 5
    assert 'the branch "amts/zh" is checked out with uncommitted changes in ' in ran.err
    assert "commit or stash what is there" in ran.err
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "amts.yaml: does not exist; write one"),
        ("", "amts.yaml:1: the file is empty"),
        ("version: 1\nsorce: {repo: en}\n", 'amts.yaml:2: unknown key "sorce"; did you mean "source"?'),
        (
            "version: 1\nsource: {repo: en}\nlanguages:\n  zh: {repo: zh, engine: nothing like it}\n",
            'amts.yaml:4: languages.zh.engine: there is no engine "nothing like it"; there are copy, memory',
        ),
        (
            "version: 1\nsource: {repo: en}\nlanguages:\n  zh: {repo: zh, language: '?'}\n",
            "amts.yaml:4: languages.zh.l",
        ),
        ("version: [\n", "not valid YAML"),
    ],
    ids=["missing", "empty", "unknown key", "unknown engine", "malformed language", "no YAML"],
)
@pytest.mark.parametrize("command", ["sync", "status", "check"])
def test_a_wrong_configuration_is_told_with_its_line(
    cli: Cli, tmp_path: Path, command: str, text: str | None, told: str
) -> None:
    config = tmp_path / "amts.yaml"
    if text is not None:
        config.write_text(text, "utf-8")
    ran = cli(command, "--config", config)
    assert (ran.code, ran.out) == (3, "")
    assert told in ran.err


def test_check_gives_all_problems_as_json_too(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "amts.yaml"
    config.write_text("version: 1\nsource: {repo: en}\nlanguages:\n  zh: {repo: zh, engine: copy}\n", "utf-8")
    ran = cli("check", "--config", config, "--json")
    assert ran.code == 3
    problems = ran.json()["problems"]
    assert isinstance(problems, list)
    assert [problem.partition(":")[0] for problem in problems] == ["source", "languages.zh"]


def test_check_looks_at_the_schedule(cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.configure({"zh": {}}, service={"cron": "61 * * * *"})
    ran = cli("check", "--config", book.config)
    assert (ran.code, 'service.cron: "61 * * * *" is no time of a crontab' in ran.err) == (3, True)
    book.configure({"zh": {}}, service={"cron": "0 */2 * * mon-fri"})
    ran = cli("check", "--config", book.config)
    assert (ran.code, "service.cron" in ran.out) == (0, False)
    monkeypatch.delitem(sys.modules, "bot.service.schedule")
    monkeypatch.setitem(sys.modules, "apscheduler.executors.debug", None)
    ran = cli("check", "--config", book.config)
    assert ran.code == 0
    assert 'service.cron: was not checked, that needs apscheduler.executors.debug: pip install ".[service]"' in ran.out


def test_check_names_a_folder_that_github_can_not_have(cli: Cli, book: Book) -> None:
    book.configure({"zh": {}}, forge={"kind": "github"})
    ran = cli("check", "--config", book.config)
    assert ran.code == 3
    said = "languages.zh: repo: pull requests on GitHub need its URL (https://github.com/owner/name), not zh"
    assert ran.err.splitlines() == [f"amts: {said}"]


def test_patterns_that_match_nothing_are_told(cli: Cli, book: Book) -> None:
    ran = sync(cli, book, "--path", "coffee*.md")
    assert ran.code == 2
    assert 'no file of the book matches "coffee*.md"' in ran.err
    book.configure({"zh": {}}, files={"include": ["*.rst"]})
    assert "zh: no file matches; look at files.include" in cli("check", "--config", book.config).err
    for command in ("sync", "status"):
        ran = cli(command, "--config", book.config)
        assert (ran.code, ran.out) == (3, "")
        assert "no file matches; look at files.include, and at include and exclude of languages.zh" in ran.err


def test_a_book_whose_source_was_deleted_is_no_mistake(cli: Cli, book: Book) -> None:
    book.english({"tea.md": None, "cups.md": None, "habits.md": None})
    assert sync(cli, book).code == 0
    assert git(book.folder / "zh", "ls-tree", "-r", "--name-only", "amts/zh") == ""
    # The branch of the pull request has no file of the book any more, and after its merge nor has the published one.
    assert sync(cli, book).code == 0
    git(book.folder / "zh", "update-ref", "refs/heads/main", "amts/zh")
    assert sync(cli, book).code == 0


def test_a_language_that_is_not_configured_is_wrong_usage(cli: Cli, book: Book) -> None:
    ran = sync(cli, book, "--language", "xx")
    assert (ran.code, ran.err) == (2, 'amts: language "xx" is not in the configuration; it has zh\n')


def test_a_language_that_the_data_file_does_not_list_is_synced_all_the_same(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"tlh": {"tea.md": "# Dargh\n\nbIQtIQ.\n", "tea_origin.md": "# Tea\n\nA river.\n"}})
    book.configure({}, languages={"tlh": {"repo": "tlh", "engine": "copy"}})
    book.english({"tea.md": "# Tea\n\nA river.\n\nA second river runs here.\n", "cups.md": None})
    assert sync(cli, book).code == 0
    assert book.text("tea.md", "tlh") == "# Dargh\n\nbIQtIQ.\n\nA second river runs here.\n"


def test_a_pull_request_card_that_people_broke_is_told_and_kept(cli: Cli, book: Book) -> None:
    sync(cli, book)
    card = book.pulls / "zh" / "1" / "pull-request.yaml"
    card.write_text("state: opne\n", "utf-8")
    book.english({"tea.md": MORE + "\nAdd some milk to it.\n"})
    ran = sync(cli, book)
    assert ran.code == 5
    assert 'a "state" of open, closed or merged' in ran.err
    assert card.read_text("utf-8") == "state: opne\n"


def test_json_and_quiet_keep_standard_output_for_data(cli: Cli, book: Book) -> None:
    for command in ("status", "check", "sync"):
        assert cli(command, "--config", book.config, "--quiet") == Ran(0, "", "")
        assert cli(command, "--config", book.config, "--json").json()
    assert cli("check", "--schema").json()["title"] == "Config"


def test_file_names_are_whole_in_a_narrow_terminal(cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    path = "a-chapter/with-a-name-that-is-quite-long-for-a-file.md"
    book.english({path: ENGLISH})
    for command in ("status", "sync"):
        shown = cli(command, "--config", book.config).out
        assert "a-chapter/\n" in shown.replace(" ", "")
        assert "  with-a-name-that-is-quite-long-for-a-file.md (" in shown


@pytest.mark.parametrize("command", ["demo", "sync", "status", "check", "merge", "align"])
def test_every_command_has_help(cli: Cli, command: str) -> None:
    ran = cli(command, "--help")
    assert ran.code == 0
    assert "--json" in ran.out
    assert "--quiet" in ran.out


def test_wrong_usage_exits_with_2(cli: Cli) -> None:
    assert [cli(*words).code for words in ([], ["sink"], ["sync", "--al"], ["merge"], ["sync", "--jobs", "0"])] == [
        2
    ] * 5
    assert cli("--version").out.startswith("amts ")
