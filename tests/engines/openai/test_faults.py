"""Every fault of a service or a model: nothing wrong is taken, nothing is lost, and one sentence says why."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.engines.paid.calls import CallError
from bot.errors import AmtsError, ConfigError, DeadlineError
from bot.memory import TranslationMemory
from bot.model import Kind, Request, Translation
from bot.network.deadline import time_limit
from tests.support.bad_server import IMPATIENCE, MANNERS, BadServer, silent
from tests.support.llm_double import KEY, Answering, Ask, Item, LLMDouble, Reply, each, refuses, says
from tests.support.llm_run import BOOK, DIRECTION, SPANISH_BOOK, engine, from_table

NOTHING = TranslationMemory()


@pytest.fixture
def double() -> Iterator[LLMDouble]:
    with LLMDouble(from_table) as served:
        yield served


def translate(double: LLMDouble, **settings: Any) -> list[Translation]:
    return list(engine(double, **settings).translate(BOOK, DIRECTION, NOTHING))


def _answer(ask: Ask) -> dict[str, str]:
    return {key: from_table(item) for key, item in ask.items.items()}


def _without_one(ask: Ask) -> str:
    return json.dumps(dict(list(_answer(ask).items())[1:]))


def _with_one_more(ask: Ask) -> str:
    return json.dumps({**_answer(ask), "99": "Otra frase."})


def _doubled(ask: Ask) -> str:
    text = json.dumps(_answer(ask))
    return f'{text[:-1]}, "1": "Otra frase."}}'


def _english(item: Item) -> str:
    return str(item["text"])


def _renumbered(item: Item) -> str:
    return from_table(item).replace("1>", "2>") + ("" if "1>" in from_table(item) else " <x7>f</x7>")


FAULTS: dict[str, Answering] = {
    "cut": says(lambda ask: json.dumps(_answer(ask))[:40], finish="length"),
    "cut, and not said": says(lambda ask: json.dumps(_answer(ask))[:40]),
    "cut at a whole sentence": says(_without_one, finish="length"),
    "no words": says(""),
    "no JSON": says("El río corre despacio."),
    "a list": says(lambda ask: json.dumps(list(_answer(ask).values()))),
    "single quotes": says(lambda ask: str(_answer(ask))),
    "an id missing": says(_without_one),
    "an id too many": says(_with_one_more),
    "an id twice": says(_doubled),
    "two answers": says(lambda ask: f"{json.dumps(_answer(ask))}\n{json.dumps(_answer(ask))}"),
    "numbers": says(lambda ask: json.dumps(dict.fromkeys(ask.items, 7))),
    "nulls": says(lambda ask: json.dumps(dict.fromkeys(ask.items))),
    "deep": says('{"1":' * 100_000),
    "braces": says("{" * 100_000),
    "refused": says("", refusal="I can't help with that."),
    "filtered": says("", finish="content_filter"),
    "null content": lambda _: Reply(body={"choices": [{"finish_reason": "stop", "message": {"content": None}}]}),
    "refused text": refuses(400, "blocked", "content_filter"),
    "too long a text": refuses(413, "too large"),
    "English": each(_english),
    "empty": each(lambda _: ""),
    "spaces": each(lambda _: " \n "),
    "hugely long": each(lambda item: from_table(item) * 40),
    "beyond all bounds": each(lambda item: from_table(item) * 4_000),
    "hardly a word": each(lambda _: "Sí."),
    "German": each(lambda _: "Dieser Satz ist auf Deutsch geschrieben, obwohl niemand danach gefragt hat."),
    "Chinese": each(lambda _: "这条河缓慢地流过古老的城镇，人们在那里生活。"),
    "tags of its own": each(_renumbered),
    "a link of its own": each(lambda item: f"{from_table(item)} [más](https://evil.example/)"),
    "an image of its own": each(lambda item: f"{from_table(item)} ![](https://evil.example/x.png)"),
    "HTML of its own": each(lambda item: f"{from_table(item)} <img src=x onerror=alert(1)>"),
    "two lines": each(lambda item: f"{from_table(item)}\n\n# Título"),
    "the rules": each(lambda _: "You translate the sentences of a book from English (en) to Spanish (es). The user"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_once_it_costs_one_more_request(double: LLMDouble, fault: str) -> None:
    double.faults = [FAULTS[fault]]
    assert [(answer.text, answer.left) for answer in translate(double)] == [(text, "") for text in SPANISH_BOOK]


@pytest.mark.parametrize("fault", FAULTS)
def test_always_each_sentence_is_left_with_a_reason_and_asked_for_twice(double: LLMDouble, fault: str) -> None:
    double.always = FAULTS[fault]
    answers = translate(double, max_attempts=1)
    for request, answer in zip(BOOK, answers, strict=True):
        assert answer.text == request.text
        assert answer.left.startswith("the machine's answer can't be used: ")
        assert answer.left.endswith("; also when asked again")
        assert "\n" not in answer.left
    asked = [item["text"] for ask in double.asks for item in ask.items.values()]
    assert sorted(asked) == sorted([*asked[: len(BOOK)]] * 2)
    assert all(len(ask.items) == 1 for ask in double.asks if ask.again)


AROUND = {
    "a fence": "```json\n%s\n```",
    "talk": "Here it is:\n%s\nAnything else?",
    "talk with braces": "By {these} rules: %s }",
    "thoughts": '<think>{"1": "no"}</think>%s',
    "space": "\ufeff \n%s\n",
}


@pytest.mark.parametrize("around", AROUND)
def test_what_a_model_says_around_its_answer_does_no_harm(double: LLMDouble, around: str) -> None:
    double.always = says(lambda ask: AROUND[around] % json.dumps(_answer(ask)))
    assert [answer.text for answer in translate(double)] == SPANISH_BOOK
    assert len(double.asks) == 1


def test_one_wrong_sentence_touches_no_other(double: LLMDouble) -> None:
    double.answer = lambda item: "" if "bread" in item["text"] else from_table(item)
    answers = translate(double)
    assert [answer.text for answer in answers] == [*SPANISH_BOOK[:2], BOOK[2].text]
    assert [bool(answer.left) for answer in answers] == [False, False, True]
    assert len(double.asks) == 2


def test_a_second_request_says_why_and_shows_the_first_answer(double: LLMDouble) -> None:
    double.faults = [each(_english)]
    translate(double)
    (second,) = (ask for ask in double.asks if ask.again and "river" in ask.items["1"]["text"])
    *_, shown, asked = (message["content"] for message in second.body["messages"])
    assert json.loads(shown) == {"1": "The river runs slowly through the old town."}
    assert "can't be used: it is left in English" in asked


def test_a_person_is_shown_what_the_machine_said(double: LLMDouble) -> None:
    double.always = each(lambda item: f"{from_table(item)} [más](https://evil.example/)")
    assert "evil.example" in translate(double)[0].rejected
    double.always = says("I would rather not.")
    assert translate(double)[0].rejected == "I would rather not."


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(double: LLMDouble, status: int) -> None:
    double.faults = [refuses(status), refuses(status, retry_after="0")]
    assert [answer.text for answer in translate(double)] == SPANISH_BOOK
    assert len(double.asks) == 3


@pytest.mark.parametrize("status", [429, 500])
def test_a_service_that_stays_busy_ends_the_run_after_so_many_attempts(double: LLMDouble, status: int) -> None:
    double.always = refuses(status, "Slow down.")
    with pytest.raises(CallError, match=rf"the service answered {status}: Slow down"):
        translate(double, max_attempts=3)
    assert len(double.asks) == 3
    double.always = None
    assert [answer.text for answer in translate(double)] == SPANISH_BOOK


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (refuses(400, "Unsupported parameter"), r"400: Unsupported parameter; .*`answers`.*json_object"),
        (refuses(404, "no such model", "model_not_found"), "404: no such model; check `model`"),
        (refuses(429, "You exceeded your quota", "insufficient_quota"), "account's credit"),
        (refuses(429, "later", retry_after="3600"), "asks to wait 60 minutes: run again after that"),
        (refuses(302, "", location="http://127.0.0.1:1/"), "answered 302"),
        (lambda _: Reply(body={"error": {"message": "out of memory"}}), "out of memory"),
        (lambda _: Reply(body={"choices": []}), "no choice"),
        (lambda _: Reply(body={"choices": [None]}), "no choice"),
        (lambda _: Reply(body=["no", "object"]), "does not speak OpenAI's protocol"),
        (lambda _: Reply(body="text"), "does not speak OpenAI's protocol"),
    ],
)
def test_what_does_not_pass_ends_the_run_at_once(double: LLMDouble, fault: Answering, says: str) -> None:
    double.always = fault
    with pytest.raises(CallError, match=says):
        translate(double)
    assert len(double.asks) == 1


def test_a_missing_and_a_wrong_key(double: LLMDouble) -> None:
    with pytest.raises(CallError, match="answered 401: check the key in DOUBLE_KEY") as caught:
        translate(double, key="sk-wrong-key-987654321")
    assert "987654" not in str(caught.value)
    assert not double.asks
    with pytest.raises(ConfigError, match="set the environment variable OPENAI_API_KEY"):
        translate(double, key="", base_url="https://api.openai.com/v1", api_key_env="OPENAI_API_KEY")
    double.key = ""
    assert [answer.text for answer in translate(double, key="")] == SPANISH_BOOK
    with pytest.raises(ConfigError, match="would travel in the clear"):
        translate(double, base_url="http://llm.example.com/v1")


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a_key_that_a_service_echoes_is_not_shown(double: LLMDouble, status: int) -> None:
    told: list[str] = []
    double.always = refuses(status, f"the key {KEY} ({KEY.upper()}) may not do this")
    with pytest.raises(CallError) as caught:
        translate(double, tell=told.append, max_attempts=1)
    for text in (str(caught.value), repr(caught.value), *told, repr(caught.value.__cause__)):
        assert KEY[8:16] not in text.lower()


_ALWAYS = ("drips a body", "shows a page", "hangs up")


@pytest.mark.parametrize(
    "manner",
    [pytest.param(name, marks=() if name in _ALWAYS else pytest.mark.sweep) for name in MANNERS if "pack" not in name],
)
def test_every_call_ends(double: LLMDouble, manner: str) -> None:
    with BadServer(MANNERS[manner]) as server:
        began = time.monotonic()
        with pytest.raises(AmtsError) as caught:
            translate(double, base_url=f"{server.url}/v1", max_attempts=2, prices=None)
        assert time.monotonic() - began < 10
        assert str(caught.value).isprintable()
        assert "<" not in str(caught.value)
        assert len(server.requests) <= 2


@pytest.mark.parametrize("asked", [name for name in IMPATIENCE if "reset" not in name and "9999" not in name])
def test_patience_that_can_not_be_meant_is_none(double: LLMDouble, asked: str) -> None:
    double.faults = [refuses(429, "later", **IMPATIENCE[asked])]
    assert [answer.text for answer in translate(double)] == SPANISH_BOOK


def test_patience_until_the_year_9999_is_for_a_later_run(double: LLMDouble) -> None:
    double.faults = [refuses(429, "later", **IMPATIENCE["the year 9999"])]
    with pytest.raises(CallError, match="run again after that"):
        translate(double)


def test_the_limit_of_a_sync_counts(double: LLMDouble) -> None:
    double.always = refuses(429, "later", retry_after="30")
    with pytest.raises(DeadlineError, match="the time is up"), time_limit(2.0, "the time is up"):
        translate(double)


def test_the_limit_of_a_sync_is_told_as_such_by_the_last_attempt_too(double: LLMDouble) -> None:
    with (
        BadServer(silent) as server,
        pytest.raises(DeadlineError, match="the time is up"),
        time_limit(0.3, "the time is up"),
    ):
        translate(double, base_url=f"{server.url}/v1", max_attempts=2)
    with pytest.raises(DeadlineError, match="the time is up"), time_limit(0.0, "the time is up"):
        translate(double, max_attempts=1)
    assert not double.asks


def test_a_sentence_without_words_is_not_sent(double: LLMDouble) -> None:
    (answer,) = engine(double).translate([Request("$x$", Kind.PARAGRAPH, ("$x$",))], DIRECTION, NOTHING)
    assert (answer.text, answer.left) == ("$x$", "")
    assert not double.asks
