"""Who is heard in a repository, and in which order its lock is had."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from bot.comments import Audience
from bot.comments.audience import Allowance, Budget
from bot.errors import RepositoryError
from bot.forge.base import Role, Thread
from bot.forge.comment import Comment
from bot.service.heard import Heard
from bot.service.listening import FairLock, Listener
from tests.support.waiting import eventually

REPO = "people/tea-zh"


def said(number: int, author: str = "ann", association: str = "NONE") -> Comment:
    return Comment(REPO, 7, number, author, "/amts help", association, f"2026-01-01T00:00:{number % 60:02}Z")


class Talk:
    """A discussion that counts what it is asked."""

    def __init__(self, *writers: str) -> None:
        self.writers = set(writers)
        self.comments: list[Comment] = []
        self.asked: list[str] = []
        self.refuses: type[Exception] | None = None

    def fetch_own_logins(self) -> frozenset[str]:
        return frozenset({"amts-bot"})

    def fetch_role(self, comment: Comment) -> Role:
        self.asked.append(comment.author)
        if self.refuses:
            raise self.refuses("not now")
        return Role.WRITER if comment.author in self.writers else Role.READER

    def fetch_writers(self) -> frozenset[str]:
        self.asked.append("all")
        if self.refuses:
            raise self.refuses("not now")
        return frozenset(self.writers)

    def fetch_threads(self, _: Callable[[str], bool], read: Callable[[int], tuple[int, str]]) -> list[Thread]:
        new = [comment for comment in self.comments if comment.id > read(7)[0]]
        last = new[-1] if new else None
        return [Thread(7, tuple(new), last.id if last else 0, last.created if last else "")]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def audience(talk: Talk, clock: Clock, strangers: int = 3) -> Audience:
    return Audience(talk, Allowance(strangers=strangers), clock)  # type: ignore[arg-type]


def test_a_lock_is_had_in_the_order_in_which_it_was_asked_for() -> None:
    lock, order = FairLock(), list[int]()

    def work(number: int) -> None:
        with lock:
            order.append(number)

    with lock:
        threads = []
        for number in range(8):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            eventually(lambda: len(lock._line) == number + 2)  # noqa: B023
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_beyond_the_budget_strangers_are_looked_up_in_the_list() -> None:
    talk, clock = Talk("maintainer"), Clock()
    heard = audience(talk, clock)
    assert [heard.role(said(number, f"s{number}")) for number in range(1, 9)] == [Role.READER] * 8
    assert heard.role(said(9, "maintainer")) is Role.WRITER
    assert talk.asked == ["s1", "s2", "s3", "all"]
    # People of whom the host knows something have a budget of their own.
    assert heard.role(said(10, "maintainer", "MEMBER")) is Role.WRITER
    assert talk.asked[4:] == ["maintainer"]
    assert heard.role(said(11, "amts-bot")) is Role.BOT
    clock.now = 3_601
    assert heard.role(said(12, "s9")) is Role.READER
    assert talk.asked[5:] == ["s9"]


def test_a_right_that_was_just_given_is_noticed_and_one_that_was_taken_lasts_a_minute() -> None:
    talk, clock = Talk(), Clock()
    heard = audience(talk, clock)
    assert heard.role(said(1)) is Role.READER
    talk.writers.add("ann")
    assert [heard.role(said(number)) for number in (2, 3)] == [Role.WRITER] * 2
    assert talk.asked == ["ann", "ann"]
    talk.writers.clear()
    clock.now = 61
    assert heard.role(said(4)) is Role.READER


def test_where_the_host_does_not_list_writers_nobody_unknown_is_one() -> None:
    talk, clock = Talk("maintainer"), Clock()
    heard = audience(talk, clock, strangers=0)
    talk.refuses = RepositoryError
    assert heard.role(said(1, "maintainer")) is Role.READER
    assert heard.role(said(2, "maintainer")) is Role.READER
    assert talk.asked == ["all"]


def test_a_host_that_does_not_say_who_may_write_stops_no_sync_and_loses_no_comment(tmp_path: Path) -> None:
    talk, clock = Talk("maintainer"), Clock()
    talk.comments = [said(1, "eve"), said(2, "maintainer"), said(3, "maintainer")]
    listener = Listener(audience(talk, clock), Heard(tmp_path / "heard"))
    talk.refuses = RepositoryError
    assert listener.missed(lambda _: True) == []
    talk.refuses = None
    assert [comment.id for comment in listener.missed(lambda _: True)] == [2, 3]
    # As long as they are not done, they come again; also in another process.
    assert [comment.id for comment in listener.missed(lambda _: True)] == [2, 3]
    again = Listener(audience(talk, clock), Heard(tmp_path / "heard"))
    assert [comment.id for comment in again.missed(lambda _: True)] == [2, 3]


def test_a_budget_counts_an_hour_and_forgets() -> None:
    clock = Clock()
    budget = Budget(2, 3, clock)
    assert [budget.take("a", number) for number in (1, 2, 1, 3)] == [True, True, True, False]
    assert [budget.take("b", number) for number in (4, 5)] == [True, False]
    budget.give_back("a", 2)
    assert budget.take("b", 5)
    clock.now = 3_600
    assert [budget.take("a", number) for number in (6, 7, 8)] == [True, True, False]
    for number in range(10_000):
        clock.now += 1
        budget.take(f"s{number}", number)
    assert len(budget._taken) <= 3
    assert len(budget._counts) <= 3
