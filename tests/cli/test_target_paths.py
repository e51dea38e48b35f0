"""Two files of the source that would be written to one place are refused before anything else of their language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.cli_run import BOOK_ZH, Book, Cli
from tests.support.gitrepo import git

pytest_plugins = ["tests.support.cli_fixtures"]

TEXT = "# A title\n\nA sentence.\n"


@pytest.mark.parametrize(
    ("english", "language", "message"),
    [
        (("a.md", "x.md"), {"paths": {"a.md": "x.md"}}, "translations of a.md and x.md would both lie at x.md"),
        (
            ("old/a.md", "a.md"),
            {"paths": {"old/*": "*"}},
            "translations of a.md and old/a.md would both lie at a.md",
        ),
        (
            ("one/a.md", "two/a.md"),
            {"paths": {"one/*": "all/*", "two/a.md": "all/a.md"}},
            "translations of one/a.md and two/a.md would both lie at all/a.md",
        ),
        (
            ("tea_origin.md",),
            {"baseline": "origin-file"},
            "translation of tea_origin.md and the source text of tea.md would both lie at tea_origin.md",
        ),
        (
            ("a.md",),
            {"baseline": "origin-file", "paths": {"a.md": "tea_origin.md"}},
            "translation of a.md and the source text of tea.md would both lie at tea_origin.md",
        ),
    ],
    ids=["onto an unmapped file", "a pattern", "two mappings", "an origin file", "onto an origin file"],
)
def test_two_sources_for_one_target_are_refused(
    cli: Cli, tmp_path: Path, english: tuple[str, ...], language: Mapping[str, object], message: str
) -> None:
    book = Book(tmp_path, {"tr": {}, "zh": BOOK_ZH}, dict.fromkeys(english, TEXT))
    book.configure({}, languages={"tr": {"repo": "tr"}, "zh": {"repo": "zh", **language}})
    before = git(book.folder / "zh", "for-each-ref")
    for command in ("check", "sync"):
        ran = cli(command, "--config", book.config)
        assert (ran.code, message in ran.err) == (3, True), ran.err
    assert git(book.folder / "zh", "for-each-ref") == before
    # By default, the other language has origin files too.
    assert bool(book.tip("tr")) is (english != ("tea_origin.md",)), "the other language was not synced"


def test_a_file_that_is_excluded_leaves_its_place_to_another(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH}, {"a.md": TEXT, "x.md": TEXT})
    book.configure({}, languages={"zh": {"repo": "zh", "paths": {"a.md": "x.md"}, "exclude": ["/x.md"]}})
    assert cli("check", "--config", book.config).code == 0
    assert cli("sync", "--config", book.config).code == 0
