"""The pytest fixtures `book_double`, `book_client` and `book_repo`: a small repository, and the PyGithub of its bot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from github import Auth, Github
from github.Repository import Repository

from tests.github_double.book import BOOK, make_book
from tests.github_double.clients import api
from tests.github_double.double import GitHubDouble


@pytest.fixture
def book_double(github_double: GitHubDouble) -> GitHubDouble:
    make_book(github_double)
    return github_double


@pytest.fixture
def book_client(book_double: GitHubDouble) -> Iterator[Github]:
    with api(book_double, Auth.Token(book_double.token("bot"))) as client:
        yield client


@pytest.fixture
def book_repo(book_client: Github) -> Repository:
    return book_client.get_repo(BOOK)
