"""Floods of comments: syncs come in time, and strangers cost next to no requests, by webhook and by polling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.forge.comment import Comment
from bot.service import webhooks
from bot.service.base import LanguageId
from bot.service.projects import Projects
from bot.service.schedule import Schedule
from bot.service.service import Service
from bot.service.webhooks import read_event
from tests.support.commented import REPO, Commented
from tests.support.service_run import ZH, ZH_REPO, Book, Time, make_service, settle

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]

HOUR = 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


class Flooded(Book):
    """A book whose commands take a second each of simulated time; while one is carried out, three more arrive. A sync
    is asked for every quarter of an hour."""

    def __init__(self, clock: Time) -> None:
        super().__init__()
        self.clock = clock
        self.end = clock.now + HOUR
        self.service: Service | None = None
        self.asked = [clock.now]
        self.began: list[float] = []
        self.came = 0

    def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> None:
        super().handle(language, comment, lasting=lasting)
        assert self.service is not None
        self.clock.now += 1
        if self.clock.now >= self.end:
            return
        if self.clock.now - self.asked[-1] >= 900:
            self.asked.append(self.clock.now)
            self.service.request(ZH, "schedule")
        for _ in range(3):
            self.came += 1
            association = "NONE" if self.came % 3 else "COLLABORATOR"
            self.service.receive(webhooks.Commented(Comment(ZH_REPO, 7, self.came, "eve", "/amts sync", association)))

    def sync(self, language: LanguageId, checkpoint: Callable[[], None]) -> Any:
        if language == ZH:
            self.began.append(self.clock.now)
        return super().sync(language, checkpoint)


def test_syncs_and_comments_take_turns(clock: Time, attacked: Callable[[str, int], None]) -> None:
    book = Flooded(clock)
    book.service = service = make_service(book, clock=clock)
    service.start()
    settle(service)
    book.asked, book.began = [clock.now], [clock.now]
    service.receive(webhooks.Commented(Comment(ZH_REPO, 7, 10**6, "eve", "/amts sync", "NONE")))
    settle(service)
    assert book.came > 10_000
    assert len(book.began) == len(book.asked) == 4
    late = [began - asked for asked, began in zip(book.asked, book.began, strict=True)]
    assert max(late) <= 60
    assert len(book.answered) > 3_500
    assert service.stop(10) == []
    attacked("comments in floods", book.came)


class Crowd:
    """Strangers who comment on the pull request of the double of GitHub, and a service that hears of it."""

    def __init__(self, talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
        self.talk = talk
        self.time = Time(monkeypatch)
        projects = Projects([talk.book.config], jobs=1, clock=self.time)
        self.before = len(talk.double.exchanges)
        self.service = Service(
            projects.subscriptions(),
            projects.settings,
            projects,
            Schedule(self.time.scheduler, self.time),
            self.time,
        )
        self.service.start()
        settle(self.service)

    def say(self, author: str, body: str = "/amts sync", *, webhook: bool) -> Comment:
        made = self.talk.comment(body, author)
        if webhook:
            payload = self.talk.payload(made)
            people = self.talk.double.world.repo(REPO).collaborators
            payload["comment"]["author_association"] = "COLLABORATOR" if author in people else "NONE"
            self.service.receive(read_event("issue_comment", payload))
        return made

    def pass_minutes(self, minutes: float) -> None:
        self.talk.double.world.clock.advance(seconds=60 * minutes)
        self.time.pass_to(self.time.now + 60 * minutes, lambda: settle(self.service))
        settle(self.service)

    @property
    def requests(self) -> int:
        return len([each for each in self.talk.double.exchanges[self.before :] if each.template != "git"])


@pytest.mark.parametrize("webhook", [True, False], ids=["webhooks", "polling"])
@pytest.mark.parametrize("crowd", [120, pytest.param(10_000, marks=pytest.mark.sweep)])
def test_a_flood_of_strangers_costs_few_requests_and_hides_nobody(
    talk: Commented,
    monkeypatch: pytest.MonkeyPatch,
    webhook: bool,
    crowd: int,
    attacked: Callable[[str, int], None],
) -> None:
    talk.configure(labels=[])
    flood = Crowd(talk, monkeypatch)
    for minute in range(60):
        for number in range(crowd // 60):
            flood.say(f"s{minute}-{number}", webhook=webhook)
        flood.pass_minutes(1)
    flood.pass_minutes(16)
    assert flood.requests <= 200
    assert talk.answers() == []
    # In the middle of it all, people are heard; also one who got the right just now.
    talk.double.set_role(REPO, "s0-0", "write")
    heard = [flood.say("maintainer", "/amts help", webhook=webhook), flood.say("s0-0", "/amts help", webhook=webhook)]
    flood.pass_minutes(16)
    assert [talk.reactions(each) for each in heard] == [["eyes", "rocket"]] * 2
    assert flood.service.stop(10) == []
    attacked("comments in floods", crowd)


def test_who_commands_too_often_is_told_once(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    talk.configure()
    settings = talk.book.config.read_text("utf-8") + "service: {commands_per_author: 3, jitter_seconds: 0}\n"
    talk.book.config.write_text(settings, "utf-8")
    flood = Crowd(talk, monkeypatch)
    said = [flood.say("maintainer", "/amts help", webhook=True) for _ in range(8)]
    settle(flood.service)
    reactions = [talk.reactions(each) for each in said]
    assert reactions == [["eyes", "rocket"]] * 3 + [["eyes", "confused"]] + [[]] * 4
    (told,) = [answer for answer in talk.answers() if "3 commands of one person" in answer]
    assert "write the command again" in told
    boss = flood.say("boss", "/amts help", webhook=True)
    settle(flood.service)
    assert talk.reactions(boss) == ["eyes", "rocket"]
    metrics = flood.service.metrics.text().decode()
    assert 'amts_comments_total{config="' in metrics
    assert 'outcome="limited"} 5.0' in metrics
    flood.pass_minutes(61)
    later = flood.say("maintainer", "/amts help", webhook=True)
    settle(flood.service)
    assert talk.reactions(later) == ["eyes", "rocket"]
    assert [talk.reactions(each) for each in said] == reactions
    assert flood.service.stop(10) == []
