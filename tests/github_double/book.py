"""A small repository on the double, with people and a bot, as the tests of the double itself use it."""

from __future__ import annotations

from tests.github_double.double import GitHubDouble

BOOK = "org/book"
FILES = {"a.md": "one\ntwo\nthree\n", "b/c.md": "deep\n"}


def make_book(double: GitHubDouble) -> None:
    people = {"alice": "maintain", "bot": "write", "reader": "read"}
    double.create_repo(BOOK, FILES, collaborators=people)


def branch_with_change(double: GitHubDouble, branch: str = "amts/zh") -> str:
    """The commit that the bot pushed."""
    return double.as_user("bot").push(BOOK, branch, {"a.md": "one\nTWO\nthree\n", "new.md": "new\n"})
