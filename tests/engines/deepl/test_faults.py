"""Every fault of DeepL's API: no wrong text, no lost sentence, and a sentence that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("deepl", reason="needs the extra `deepl`")

from bot.engines.deepl.engine import DeepLEngine
from bot.errors import EngineError
from bot.model import Direction, Translation
from tests.support.bad_server import MANNERS, free_port
from tests.support.deepl_double import FREE_KEY, KEY, DeepL
from tests.support.deepl_run import CHINESE, ENGLISH, TEXTS, ask, make, refusal
from tests.support.service_double import Misbehaviour, Reply, always

RIGHT = (
    "Theado kettleado singsado.",
    "Theado teaado inado `pot` costsado $x < y$.",
    "Aado catado *sleepsado* onado [theado matado](mat.md).",
    "Warmado rainado fellado.",
)
PAGE = Reply(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", {"Content-Type": "text/html"})


@pytest.fixture
def server() -> Iterator[DeepL]:
    with DeepL() as double:
        yield double


def changed_by(change: Callable[[list[dict[str, Any]]], object]) -> Misbehaviour:
    """An answer whose translations were changed."""

    def changed(reply: Reply) -> Reply:
        assert isinstance(reply.content, dict)
        return replace(reply, content={"translations": change(reply.content.get("translations", []))})

    return changed


def texts(change: Callable[[str], object]) -> Misbehaviour:
    return changed_by(lambda them: [{**it, "text": change(it["text"])} for it in them])


WRONG: dict[str, Misbehaviour] = {
    "no JSON": Reply(200, b"{"),
    "a number": Reply(200, 1),
    "a list": Reply(200, [{"text": "Hola"}]),
    "nothing": Reply(200, b""),
    "no translations": Reply(200, {}),
    "null": Reply(200, {"translations": None}),
    "strings": Reply(200, {"translations": ["Hola"]}),
    "an object": Reply(200, {"translations": {"text": "Hola"}}),
    "an error in a success": Reply(200, {"message": "?"}),
    "a deep list": Reply(200, b"[" * 100_000 + b"]" * 100_000),
    "a page": PAGE,
    "fewer": changed_by(lambda them: them[:-1]),
    "more": changed_by(lambda them: [*them, *them]),
    "no text": changed_by(lambda them: [{"billed_characters": 3} for _ in them]),
    "a null text": texts(lambda _: None),
    "a number for a text": texts(lambda _: 7),
    "nobody is billed": changed_by(lambda them: [{"text": it["text"]} for it in them]),
    "words for a bill": changed_by(lambda them: [{**it, "billed_characters": "many"} for it in them]),
    "tags lost": texts(lambda text: text.replace("<", "").replace(">", "")),
    "another page in the text": texts(lambda text: f"<script>alert(1)</script>{text}"),
    "an empty text": texts(lambda _: ""),
}
"""Successes that are none."""


def outcome(engine: DeepLEngine) -> tuple[str, Sequence[Translation]]:
    """The sentence of the engine's error, or the answers."""
    try:
        return "", ask(engine, *TEXTS)
    except EngineError as error:
        return str(error), ()


@pytest.mark.parametrize("fault", WRONG)
def test_an_answer_that_is_none_never_becomes_a_translation(server: DeepL, fault: str, tmp_path: Path) -> None:
    always(server, WRONG[fault])
    said, answers = outcome(make(server, folder=tmp_path, context=False))
    assert not said or any(words in said for words in ("check `server_url`", "run again later"))
    for text, answer, right in zip(TEXTS, answers, RIGHT, strict=bool(not said)):
        fine = not answer.left and answer.text == right
        assert fine or (answer.left and answer.text == text), answer
    server._faults.clear()
    again = ask(make(server, folder=tmp_path, context=False), *TEXTS)
    assert len(again) == len(TEXTS)  # nothing is lost


def test_the_english_itself_is_no_translation() -> None:
    with DeepL(translate=str) as server:
        (answer,) = ask(make(server), "A cat *sleeps* on [the warm old mat](mat.md).")
    assert (answer.left, answer.text) == (
        "the machine left it in English",
        "A cat *sleeps* on [the warm old mat](mat.md).",
    )


@pytest.mark.parametrize(
    "answer",
    [
        "Die Katze schläft den ganzen langen Tag auf der warmen alten Matte.",
        "The cat lies asleep all day long upon the old warm mat.",
        "猫整天都睡在温暖的旧垫子上，哪儿也不去。",
        "Кот весь день спит на тёплом старом коврике.",
    ],
)
def test_an_answer_in_another_language_is_left(answer: str) -> None:
    pytest.importorskip("py3langid")
    text = "The cat sleeps on the warm old mat all day."
    with DeepL(translate=lambda _: answer) as server:
        (given,) = ask(make(server), text)
    assert (given.left, given.text, given.rejected) == ("the machine's answer is not in Spanish", text, answer)


def test_one_answer_that_is_none_leaves_its_own_sentences_alone(server: DeepL) -> None:
    server.misbehave(WRONG["fewer"])
    answers = ask(make(server, parallel_requests=1), *TEXTS)
    assert [bool(answer.left) for answer in answers] == [True, False, False, False]
    assert answers[0].left == "translating: DeepL gave 0 answers to 1 texts; run again later"


@pytest.mark.parametrize("waits", [{}, {"Retry-After": "0"}, {"Retry-After": "soon"}, {"Retry-After": "-3"}])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_busy_service_is_asked_again(server: DeepL, status: int, waits: dict[str, str]) -> None:
    server.misbehave(*[Reply(status, {"message": "Too many requests"}, waits)] * 3)
    assert [answer.text for answer in ask(make(server, context=False), *TEXTS)] == list(RIGHT)
    assert max(server.billed.values()) == 1


def test_the_pause_that_the_service_asks_for_is_made(server: DeepL) -> None:
    waits: list[float] = []
    engine = make(server, context=False)
    object.__setattr__(engine.terminology.connection, "sleep", waits.append)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=280), usegmt=True)
    server.misbehave(*(Reply(429, {}, {"Retry-After": value}) for value in ("7", soon)))
    ask(engine, *TEXTS)
    shorter, longer = sorted(waits)  # the requests are sent side by side
    assert shorter == 7
    assert 200 < longer <= 280


def test_a_service_that_asks_for_hours_is_asked_by_a_later_run(server: DeepL) -> None:
    always(server, Reply(429, {}, {"Retry-After": "7200"}))
    assert "it asks to wait 120 minutes: run again after that" in refusal(lambda: ask(make(server), TEXTS[0]))
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "set DEEPL_AUTH_KEY to a key of this account"),
        (403, "set DEEPL_AUTH_KEY to a key of this account"),
        (404, "look at the settings that name it"),
        (429, "lower `parallel_requests`, or run again later"),
        (456, "the characters of this billing period are used up: raise the limit"),
        (500, "the service has a problem; run again later"),
        (307, "it leads elsewhere; set `server_url`"),
    ],
)
def test_a_refusal_says_what_to_do(server: DeepL, status: int, advice: str) -> None:
    always(server, Reply(status, {"message": "Nope", "detail": "because."}, {"Location": "https://elsewhere.invalid/"}))
    said = refusal(lambda: ask(make(server), *TEXTS))
    assert said.startswith(f"translating: DeepL answered {status}: Nope: because; ")
    assert advice in said


def test_a_quota_that_ends_in_the_middle_keeps_what_was_translated(tmp_path: Path) -> None:
    with DeepL(quota=60) as server:
        said = refusal(lambda: ask(make(server, folder=tmp_path, parallel_requests=1), *TEXTS))
        assert "DeepL answered 456" in said
        done = sum(server.billed.values())
        assert done == 2
        server._limit = 1000
        assert [answer.text for answer in ask(make(server, folder=tmp_path), *TEXTS)] == list(RIGHT)
        assert max(server.billed.values()) == 1


def test_a_text_that_is_refused_is_found_and_left(server: DeepL) -> None:
    answer = server.answer

    def refuses(call: Any) -> Reply:
        too = "cat" in str(call.body) or len(call.json()["text"]) > 2
        return Reply(413, {"message": "Request Entity Too Large"}) if too else answer(call)

    server.answer = refuses  # type: ignore[method-assign]
    answers = ask(make(server, context=False), *TEXTS)
    assert [bool(each.left) for each in answers] == [False, False, True, False]
    assert "DeepL answered 413" in answers[2].left


@pytest.mark.parametrize(("path", "style"), [("", "none"), ("/elsewhere", "9f3c")])
def test_a_wrong_setting_ends_the_run(server: DeepL, path: str, style: str) -> None:
    assert "look at the settings" in refusal(lambda: ask(make(f"{server.url}{path}", style_rule=style), *TEXTS))


def test_a_language_that_deepl_does_not_offer_is_refused_with_its_words(server: DeepL) -> None:
    said = refusal(
        lambda: ask(make(server), *TEXTS, direction=Direction(ENGLISH, replace(CHINESE, code="qq", engine_codes={})))
    )
    assert "Value for 'target_lang' not supported; look at the settings of the engine, and at DeepL's page" in said


@pytest.mark.parametrize("manner", ["silent", "hangs up", "drips a header", "drips a body", "lies about the length"])
def test_a_connection_that_breaks_ends_within_the_limits(server: DeepL, manner: str) -> None:
    always(server, MANNERS[manner])
    said = refusal(lambda: ask(make(server, max_attempts=2), TEXTS[0]))
    assert said.startswith("translating: ")
    assert said.endswith("check the network and `server_url`, then run again")
    assert len(server.calls) == 2


def test_where_nothing_answers_the_setting_is_named() -> None:
    said = refusal(lambda: ask(make(f"http://127.0.0.1:{free_port()}"), *TEXTS))
    assert "nothing answers there (connection refused); check the network and `server_url`" in said


def echoes(key: str) -> Iterator[Misbehaviour]:
    header = f"DeepL-Auth-Key {key}"
    for status in (400, 403, 429, 456, 500):
        yield Reply(status, {"message": f"Forbidden: {header}", "detail": key.upper()})
        yield Reply(status, f"<html>{header}</html>".encode(), {"Content-Type": "text/html"})
        yield Reply(status, f"no page: {header}".encode())
    yield Reply(200, header.encode())
    yield Reply(200, {"translations": [{"text": f"Su clave: {key}", "billed_characters": 3}]})
    yield Reply(200, {"translations": [{"text": None, "billed_characters": key}]})


@pytest.mark.parametrize("key", [KEY, FREE_KEY])
def test_the_key_is_never_shown_logged_or_kept(key: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for number, echo in enumerate(echoes(key)):
        folder, told = tmp_path / str(number), list[str]()
        with DeepL() as server:
            always(server, echo)
            try:
                shown = repr(ask(make(server, key=key, folder=folder, tell=told.append), TEXTS[0]))
            except EngineError as error:
                shown = f"{error!r}{error.__cause__!r}"
        shown += f"{told}{caplog.text}" + "".join(
            str(path.read_bytes()) for path in folder.rglob("*") if path.is_file()
        )
        assert KEY[:8] not in shown.lower()
    engine = make("http://127.0.0.1", key=key)
    assert KEY not in f"{engine.__dict__}{engine.terminology!r}{engine.parallel_data!r}"
