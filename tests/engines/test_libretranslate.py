"""Engine `libretranslate` on a double of the server: what it asks, and what becomes of every fault."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.config.network import NetworkSettings
from bot.documents import fold
from bot.engines.base import EngineOptions, Severity
from bot.engines.html.markup import decode, encode
from bot.engines.libretranslate import LibreTranslateEngine, LibreTranslateSettings, escaped
from bot.errors import EngineError
from bot.memory import TranslationMemory
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, Request, Translation
from tests.support.bad_server import free_port
from tests.support.engine_contract import EngineContract
from tests.support.libretranslate_double import LibreTranslate
from tests.support.service_double import Reply, always, machine

ENGLISH, SPANISH = Language("en", "English"), Language("es", "Spanish")
DIRECTION = Direction(ENGLISH, SPANISH)
KEY = "3f2a9c1e-77d0-4b8e-9a55-0c1d2e3f4a5b"
QUICK = NetworkSettings(retry_seconds=0.0, request_seconds=1.0, silence_seconds=1.0, answer_megabytes=1.0)
# What LibreTranslate's habit of writing entities as letters could harm.
PIECES = [
    *("word", "two words", "Ünï", "7", "&lt;bos&gt;", "&amp;", "&amp;lt;", "x < y & z", "a\\<b", "1 > 0", "R&D"),
    "<br>",
    *("$a_b < c$", "`f(x) && </span>`", "`&lt;`", "*word*", "**two $y<z$**", "[words](a.md?b=1&c)"),
    "[*w* `<c>`](b.md)",
]  # fmt: skip
TEXTS = (
    "The kettle sings.",
    "The tea in `pot` costs $x < y$.",
    "A cat *sleeps* on [the mat](mat.md).",
    "Warm rain fell.",
)


def requests(*texts: str) -> list[Request]:
    marks = {"`pot`", "$x < y$"}
    return [Request(text, Kind.PARAGRAPH, tuple(mark for mark in marks if mark in text)) for text in texts]


@pytest.fixture
def server() -> Iterator[LibreTranslate]:
    with LibreTranslate() as double:
        yield double


def engine(url: str, key: str = "", **settings: Any) -> LibreTranslateEngine:
    options = EngineOptions(lambda _: "", "es", environment={"LIBRETRANSLATE_API_KEY": key}, network=QUICK)
    return LibreTranslateEngine(options, LibreTranslateSettings(kind="libretranslate", url=url, **settings))


def ask(engine: LibreTranslateEngine, *texts: str, direction: Direction = DIRECTION) -> list[Translation]:
    return list(engine.translate(requests(*texts), direction, TranslationMemory()))


def refusal(call: Callable[[], object]) -> str:
    """The sentence of the engine's error."""
    with pytest.raises(EngineError) as raised:
        call()
    said = str(raised.value)
    assert "\n" not in said
    return said


class TestContract(EngineContract):
    @pytest.fixture(autouse=True)
    def _server_that_loses_every_formula(self) -> Iterator[None]:
        with LibreTranslate(translate=lambda text: machine(text.replace("$x$", "x"))) as self.double:
            yield

    @property
    def settings(self) -> LibreTranslateSettings:
        return LibreTranslateSettings(kind="libretranslate", url=self.double.url)


def test_markup_and_formulas_come_back_though_the_server_writes_entities_as_letters(server: LibreTranslate) -> None:
    assert [answer.text for answer in ask(engine(server.url), *TEXTS)] == [
        "Theado kettleado singsado.",
        "Theado teaado inado `pot` costsado $x < y$.",
        "Aado catado *sleepsado* onado [theado matado](mat.md).",
        "Warmado rainado fellado.",
    ]


def test_words_that_look_like_markup_stay_words(server: LibreTranslate) -> None:
    (answer,) = ask(engine(server.url), "Here 3 < 5 & 7 \\<b\\> stays.")
    assert answer.text == "Hereado 3 < 5 & 7 \\<b\\> staysado."


def test_each_text_is_sent_once_in_requests_of_the_size_that_is_set(server: LibreTranslate) -> None:
    ask(engine(server.url, sentences_per_request=3), *TEXTS, *TEXTS, "$x < y$", "Tea.")
    sent = [call.json()["q"] for call in server.calls if call.path == "/translate"]
    assert [len(texts) for texts in sent] == [3, 2]
    assert sent[0][0] == "The kettle sings."
    assert {call.json()["format"] for call in server.calls if call.path == "/translate"} == {"html"}


def test_the_key_goes_only_into_the_request() -> None:
    with LibreTranslate(keys=(KEY,)) as server:
        assert ask(engine(server.url, KEY), TEXTS[0])[0].text == "Theado kettleado singsado."
        assert server.calls[-1].json()["api_key"] == KEY
        assert all(KEY not in f"{call.path}{call.query}{call.headers}" for call in server.calls)


@pytest.mark.parametrize("key", ["", "wrong-key-0123456789"])
def test_without_the_right_key_the_variable_is_named(key: str) -> None:
    with LibreTranslate(keys=(KEY,)) as server:
        said = refusal(lambda: ask(engine(server.url, key), *TEXTS))
    assert "LIBRETRANSLATE_API_KEY" in said
    assert not key or key not in said


def test_a_key_that_a_server_repeats_is_not_shown() -> None:
    with LibreTranslate() as server:
        always(server, Reply(403, {"error": f"Invalid API key {KEY} ({KEY.upper()})"}))
        assert KEY[:8] not in refusal(lambda: ask(engine(server.url, KEY), *TEXTS)).lower()
    with LibreTranslate() as server:
        server.misbehave(Reply(200, {"translatedText": [f"Su clave es {KEY}"]}))
        (answer,) = ask(engine(server.url, KEY), TEXTS[0])
        assert answer.left == "the answer holds the key"
        assert KEY not in f"{answer}"


@pytest.mark.parametrize("code", ["zh", "zh-Hans"])
def test_chinese_has_two_names(code: str) -> None:
    chinese = Language(code, "Chinese", engine_codes={"libretranslate": "zh-Hans"})
    with LibreTranslate(translate=lambda _: "茶壶在唱歌。") as server:
        (answer,) = ask(engine(server.url), TEXTS[0], direction=Direction(ENGLISH, chinese))
        assert answer.text == "茶壶在唱歌。"


def test_a_language_that_the_server_lacks_is_named_with_what_to_do(server: LibreTranslate) -> None:
    said = refusal(lambda: ask(engine(server.url), TEXTS[0], direction=Direction(ENGLISH, Language("fi", "Finnish"))))
    assert said == (
        f"{server.url} does not offer Finnish (fi), only es, zh-Hans; install its model there, add its code under"
        " engine_codes in languages.yaml, or choose another engine for it"
    )
    assert [call.path for call in server.calls] == ["/languages"]


def test_a_text_beyond_the_server_s_limit_is_left_and_the_others_are_translated() -> None:
    with LibreTranslate(char_limit=40) as server:
        answers = ask(engine(server.url), *TEXTS)
    assert [bool(answer.left) for answer in answers] == [False, True, True, False]
    assert "exceeds text limit (40); translate the sentence by hand" in answers[1].left


def test_a_server_that_takes_fewer_texts_at_once_gets_fewer() -> None:
    with LibreTranslate(batch_limit=1) as server:
        assert not any(answer.left for answer in ask(engine(server.url), *TEXTS))


def test_a_sentence_at_which_the_server_fails_does_not_stop_the_others() -> None:
    with LibreTranslate() as server:
        poison = TEXTS[3]
        answer = server.answer
        server.answer = lambda call: (  # type: ignore[method-assign]
            Reply(500, {"error": "Cannot translate text"}) if poison.encode() in call.body else answer(call)
        )
        answers = ask(engine(server.url), *TEXTS)
    assert [bool(answer.left) for answer in answers] == [False, False, False, True]
    assert "answered 500: Cannot translate text" in answers[3].left


@pytest.mark.parametrize("header", [{}, {"Retry-After": "0"}, {"Retry-After": "soon"}])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: LibreTranslate, status: int, header: dict[str, str]) -> None:
    server.misbehave(*[Reply(status, {"error": "Slowdown: 80 per 1 minute"}, header)] * 2)
    assert not any(answer.left for answer in ask(engine(server.url), *TEXTS))
    assert len(server.calls) == 4


def test_a_server_that_asks_for_hours_is_asked_by_a_later_run(server: LibreTranslate) -> None:
    server.misbehave(Reply(429, {"error": "Slowdown"}, {"Retry-After": "7200"}))
    assert "it asks to wait 120 minutes" in refusal(lambda: ask(engine(server.url), *TEXTS))
    assert len(server.calls) == 2


def test_where_nothing_answers_the_setting_is_named() -> None:
    said = refusal(lambda: ask(engine(f"http://127.0.0.1:{free_port()}"), *TEXTS))
    assert "connection refused); check `url` in amts.yaml, and that the server runs" in said


def test_a_redirection_is_not_followed(server: LibreTranslate) -> None:
    server.misbehave(Reply(307, b"", {"Location": "https://elsewhere.invalid/translate"}))
    assert "it leads elsewhere; set `url`" in refusal(lambda: ask(engine(server.url), *TEXTS))


def changed_texts(reply: Reply, change: Callable[[list[str]], object]) -> Reply:
    assert isinstance(reply.content, dict)
    return replace(reply, content={"translatedText": change(reply.content["translatedText"])})


WRONG: dict[str, Callable[[list[str]], object]] = {
    "fewer": lambda texts: texts[1:],
    "more": lambda texts: [*texts, "Y otra cosa más."],
    "none": lambda _: [],
    "one text": lambda texts: texts[0],
    "null": lambda _: None,
    "numbers": lambda texts: [1] * len(texts),
    "objects": lambda texts: [{"text": text} for text in texts],
}


@pytest.mark.parametrize("fault", WRONG)
def test_answers_that_fit_no_question_are_asked_for_one_by_one(server: LibreTranslate, fault: str) -> None:
    def changed(reply: Reply) -> Reply:
        return changed_texts(reply, WRONG[fault])

    server.misbehave(changed)
    right = ask(engine(server.url), *TEXTS)
    assert not any(answer.left for answer in right)
    assert right[0].text == "Theado kettleado singsado."
    always(server, changed)
    said = refusal(lambda: ask(engine(server.url), *TEXTS))
    assert "check that it is a LibreTranslate server" in said


def test_an_answer_in_the_source_language_is_left(server: LibreTranslate) -> None:
    def changed(reply: Reply) -> Reply:
        return changed_texts(reply, lambda _: ['A cat <em id="t0">sleeps</em> on the warm old mat.'])

    text = "A cat *sleeps* on the warm old mat."
    server.misbehave(changed)
    (answer,) = ask(engine(server.url), text)
    assert (answer.text, answer.left) == (text, "the machine left it in English")


def test_an_answer_in_another_script_is_left() -> None:
    chinese = Language("zh", "Chinese", engine_codes={"libretranslate": "zh-Hans"})
    with LibreTranslate() as server:
        (answer,) = ask(engine(server.url), "A cat sleeps on the mat.", direction=Direction(ENGLISH, chinese))
    assert answer.left == "the machine's answer is not in Chinese"


def test_check_says_what_the_server_offers(server: LibreTranslate) -> None:
    (fact,) = engine(server.url).findings()
    assert (fact.severity, fact.text) == (Severity.FACT, f"{server.url} offers 3 languages")
    server.misbehave(Reply(200, {"error": "?"}), at="/languages")
    (problem,) = engine(server.url).findings()
    assert problem.severity is Severity.PROBLEM
    assert "holds no list of languages" in problem.text


@pytest.mark.parametrize("url", ["localhost:5000", "ftp://x/", "http://a:b@host", "http://host/?key=1", "http://"])
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        LibreTranslateSettings(kind="libretranslate", url=url)


def test_errors_are_the_bot_s_own(server: LibreTranslate) -> None:
    always(server, Reply(404, b"<html><h1>Not Found</h1></html>", {"Content-Type": "text/html"}))
    with pytest.raises(EngineError) as raised:
        ask(engine(server.url), *TEXTS)
    assert str(raised.value) == (
        f"{server.url} answered 404: a web page (HTML); check that `url` in amts.yaml is the address of a"
        " LibreTranslate server, and no proxy stands between"
    )


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(" ".join))
def test_any_sentence_survives_a_server_that_copies_and_writes_entities_as_letters(text: str) -> None:
    text = fold(text)
    encoded = encode(text, ENGLISH)
    assume(encoded.has_words)
    decoded = decode(encoded, escaped(encoded, html.unescape(encoded.html)), SPANISH)
    assert (decoded.problem, decoded.text) == ("", text)


@pytest.mark.parametrize(
    "answer",
    [
        "<b>El gato</b> <script>alert(1)</script>",
        '<em id="t7">El</em> gato',
        "</em> El gato <a href=//x.invalid>x</a>",
        "El gato <!-- --> ]]> <?php ?>",
    ],
)
def test_markup_that_was_not_sent_never_becomes_markup(answer: str) -> None:
    encoded = encode("The cat sleeps.", ENGLISH)
    decoded = decode(encoded, escaped(encoded, answer), SPANISH)
    assert decoded.problem or not check_translation("The cat sleeps.", decoded.text, Kind.PARAGRAPH, DIRECTION)
