"""`/amts status` on the double of GitHub."""

from __future__ import annotations

import pytest

from bot.book.edition import LanguageEdition
from bot.comments.status import Status
from bot.errors import InputError, TransientError
from tests.support.commented import Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_status_tells_of_files_and_decisions(talk: Commented) -> None:
    talk.command("/amts keep cups.md")
    talk.command("/amts pause")
    answer = talk.command("/amts status").answer
    assert "1 current, 1 stale" in answer
    assert "/pull/1) is open" in answer
    assert "Paused" in answer
    assert "Kept as it is: `cups.md`" in answer


def _failing(failures: dict[str, Exception], name: str) -> LanguageEdition:
    raise failures[name]


def test_what_is_wrong_with_one_of_several_languages_is_told_in_its_place() -> None:
    failures = {"aa": InputError("state.aa.yaml:1: is <nothing>"), "zh": RecursionError("deep")}
    answer = Status().run("1" * 40, ["aa", "zh"], lambda name: _failing(failures, name)).text
    assert r"**aa**: this failed: state.aa.yaml:1: is \<nothing" in answer
    assert "**zh**: a bug of mine, RecursionError; my log says more." in answer


@pytest.mark.parametrize(
    ("names", "failure"), [(["zh"], InputError("broken")), (["aa", "zh"], TransientError("the host is down"))]
)
def test_what_concerns_the_whole_answer_is_no_part_of_it(names: list[str], failure: Exception) -> None:
    with pytest.raises(type(failure)):
        Status().run("1" * 40, names, lambda name: _failing(dict.fromkeys(names, failure), name))
