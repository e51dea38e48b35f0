"""The pytest fixture `site`, one for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.service_run import Book
from tests.support.service_site import Site, serving


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving(Book(), max_body=5000, deliveries=50) as site:
        yield site
