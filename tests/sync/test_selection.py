"""Which error a sync of several pull requests ends with."""

from __future__ import annotations

import pytest

from bot.book.chapters import Scope
from bot.errors import AmtsError, InputError, PendingError, RepositoryError, TransientError
from bot.sync.selection import Selection

FIRST, SECOND, THIRD = (Scope("zh", key) for key in ("+a", "+b", "+c"))


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([PendingError("a job goes on"), InputError("is not YAML")], InputError),
        ([TransientError("the host is down"), PendingError("a job goes on"), InputError("is not YAML")], InputError),
        ([InputError("is not YAML"), TransientError("the host is down")], InputError),
        ([InputError("is not YAML"), RepositoryError("is no plain file")], InputError),
        ([RepositoryError("is no plain file"), InputError("is not YAML")], RepositoryError),
        ([PendingError("a job goes on"), TransientError("the host is down")], PendingError),
        ([TransientError("the host is down"), PendingError("a job goes on")], TransientError),
    ],
)
def test_what_another_try_may_mend_gives_the_kind_of_error_only_where_nothing_else_failed(
    errors: list[AmtsError], expected: type[AmtsError]
) -> None:
    failures = dict(zip((SECOND, FIRST, THIRD), errors, strict=False))
    with pytest.raises(AmtsError) as caught:
        Selection([], failures=failures).raise_failures()
    assert type(caught.value) is expected
    assert str(caught.value).splitlines() == [f"{scope.label}: {failures[scope]}" for scope in sorted(failures)]


def test_nothing_is_raised_where_nothing_failed() -> None:
    Selection([]).raise_failures()


def test_what_goes_wrong_with_one_of_several_is_kept_for_the_end() -> None:
    selection = Selection([])
    with selection.failing(FIRST):
        fail()
    with selection.failing(SECOND):
        pass
    assert list(selection.failures) == [FIRST]


def fail() -> None:
    raise InputError("is not YAML")
