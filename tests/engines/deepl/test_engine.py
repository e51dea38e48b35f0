"""Engine `deepl` on a double of its API: what it sends, what it costs, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("deepl", reason="needs the extra `deepl`")

from bot.engines.base import Engine, EngineOptions, Severity
from bot.engines.deepl.settings import DeepLSettings, language_codes
from bot.errors import ConfigError
from bot.memory import TranslationMemory
from bot.model import Direction, Language, TranslationUnit
from tests.support.deepl_double import FREE_KEY, KEY, DeepL
from tests.support.deepl_run import CHINESE, ENGLISH, TEXTS, ask, make, refusal, requests
from tests.support.engine_contract import DIRECTION, REQUESTS, EngineContract
from tests.support.service_double import machine


@pytest.fixture
def server() -> Iterator[DeepL]:
    with DeepL() as double:
        yield double


class TestContract(EngineContract):
    @pytest.fixture(autouse=True)
    def _server_that_loses_every_formula(self) -> Iterator[None]:
        with DeepL(translate=lambda text: machine(text.replace("$x$", "x"))) as self.double:
            yield

    @property
    def settings(self) -> DeepLSettings:
        return DeepLSettings(kind="deepl", server_url=self.double.url)

    def make(self) -> Engine:
        return self.settings.create(EngineOptions(lambda n: n, language="es", environment={"DEEPL_AUTH_KEY": KEY}))


def test_markup_and_formulas_come_back(server: DeepL) -> None:
    assert [answer.text for answer in ask(make(server), *TEXTS)] == [
        "Theado kettleado singsado.",
        "Theado teaado inado `pot` costsado $x < y$.",
        "Aado catado *sleepsado* onado [theado matado](mat.md).",
        "Warmado rainado fellado.",
    ]


def test_the_sentence_before_is_context_and_is_not_billed(server: DeepL) -> None:
    ask(make(server, parallel_requests=1), *TEXTS)
    sent = [call.json() for call in server.calls]
    assert [fields.get("context") for fields in sent] == [None, *TEXTS[:3]]
    assert [len(fields["text"]) for fields in sent] == [1] * 4
    assert sum(server.billed.values()) == 4


def test_without_context_many_sentences_go_at_once(server: DeepL) -> None:
    texts = [f"Cup number {word} is warm." for word in "abcdefghijklmnopqrstuvwxyz"]
    ask(make(server, context=False, texts_per_request=10), *texts, *texts)
    assert sorted(len(call.json()["text"]) for call in server.calls) == [6, 10, 10]
    assert all("context" not in call.json() for call in server.calls)


def test_a_request_stays_below_the_size_that_the_api_takes(server: DeepL) -> None:
    texts = ["A sentence of " + "very " * 6000 + f"much tea in {word}." for word in ("May", "June", "July", "August")]
    answers = ask(make(server, context=False), *texts, "Long " * 25_000 + "tea.")
    assert [bool(answer.left) for answer in answers] == [False] * 4 + [True]
    assert answers[4].left == "it is longer than DeepL takes"
    assert len(server.calls) == 2


def test_every_setting_reaches_the_api(server: DeepL) -> None:
    engine = make(
        server,
        formality="informal",
        model_type="quality_optimized",
        style_rule="9f3c",
        instructions=("Write short sentences.",),
    )
    ask(engine, TEXTS[0])
    assert server.calls[0].json() == {
        "text": [TEXTS[0]],
        "source_lang": "EN",
        "target_lang": "ES",
        "formality": "prefer_less",
        "model_type": "quality_optimized",
        "style_id": "9f3c",
        "custom_instructions": ["Write short sentences."],
        "tag_handling": "html",
        "tag_handling_version": "v2",
        "split_sentences": "0",
        "preserve_formatting": True,
        "show_billed_characters": True,
    }


@pytest.mark.parametrize(
    ("code", "known", "expected"),
    [
        ("zh", "zh-Hans", "zh-Hans"),
        ("zh", "", "zh-Hans"),
        ("zh-TW", "zh-Hant", "zh-Hant"),
        ("en", "", "en-US"),
        ("en-GB", "en-US", "en-GB"),
        ("pt", "pt-BR", "pt-BR"),
        ("pt_pt", "pt-BR", "pt-PT"),
        ("no", "nb", "nb"),
        ("fi", "", "fi"),
    ],
)
def test_languages_have_deepl_s_names(code: str, known: str, expected: str) -> None:
    language = Language(code, "-", engine_codes={"deepl": known} if known else {})
    assert language_codes(Direction(ENGLISH, language))[1] == expected
    assert "-" not in language_codes(Direction(language, ENGLISH))[0]


def test_chinese_and_english_are_asked_for_by_their_variants(server: DeepL) -> None:
    ask(make(server), TEXTS[0], direction=Direction(ENGLISH, CHINESE))
    ask(make(server), "茶壶在唱歌。", direction=Direction(CHINESE, ENGLISH))
    pairs = [(call.json()["source_lang"], call.json()["target_lang"]) for call in server.calls]
    assert pairs == [("EN", "ZH-HANS"), ("ZH", "EN-US")]


def test_the_key_chooses_the_address_and_the_price() -> None:
    paid, free = make("", key=KEY), make("", key=FREE_KEY)
    assert paid.parallel_data.region == "api.deepl.com"
    assert free.parallel_data.region == "api-free.deepl.com"
    assert paid.quote(requests(*TEXTS), DIRECTION).dollars > 0
    # A dry run asks for a quote alone: it uses up none of the free characters.
    assert free.spends
    assert free.quote(requests(*TEXTS), DIRECTION).describe() == "87 characters, $0.00 (DeepL API Free)"


def test_an_address_without_a_final_slash_keeps_its_path() -> None:
    assert make("http://proxy.invalid/deepl").parallel_data.connection.url == "http://proxy.invalid/deepl/"


def test_a_quote_is_what_is_billed_and_says_whose_price_it_is(server: DeepL) -> None:
    engine = make(server)
    quote = engine.quote(requests(*TEXTS), DIRECTION)
    assert not server.calls
    ask(engine, *TEXTS)
    assert quote.characters == 1_000_000 - server._limit + server._used
    assert quote.describe().startswith(f"{quote.characters} characters, $0.00 ($25 per million, prices of 2026")


def test_answers_are_kept_and_not_paid_for_again(server: DeepL, tmp_path: Path) -> None:
    first = ask(make(server, folder=tmp_path), *TEXTS)
    calls = len(server.calls)
    again = make(server, folder=tmp_path)
    assert again.quote(requests(*TEXTS), DIRECTION).dollars == 0
    assert again.quote(requests(*TEXTS), DIRECTION, anew=True).dollars > 0
    assert ask(again, *TEXTS) == first
    assert len(server.calls) == calls
    assert max(server.billed.values()) == 1


def test_caps_hold_before_anything_is_sent(server: DeepL) -> None:
    engine = make(server, max_dollars_per_run=0.001)
    said = refusal(lambda: ask(engine, *TEXTS))
    assert "more than the cap of $0.0010; nothing was sent. Raise `max_dollars_per_run`" in said
    assert not server.calls
    assert engine.over_cap(engine.quote(requests(*TEXTS), DIRECTION))
    assert not any(answer.left for answer in ask(make(server, key=FREE_KEY, max_dollars_per_run=0.0), *TEXTS))


def test_the_month_s_cap_counts_earlier_runs(server: DeepL, tmp_path: Path) -> None:
    ask(make(server, folder=tmp_path), *TEXTS)
    said = refusal(lambda: ask(make(server, folder=tmp_path, max_dollars_per_month=0.0025), "A new kettle sings too."))
    assert "spent this month" in said


def test_the_glossary_is_imported_once_and_used(server: DeepL) -> None:
    terms = "| English | Spanish |\n| --- | --- |\n| kettle | tetera |\n"
    told: list[str] = []
    answers = ask(make(server, glossary=terms, tell=told.append), TEXTS[0])
    assert answers[0].text == "Theado tetera singsado."
    assert "with the glossary" in told[0]
    ask(make(server, glossary=terms), TEXTS[3])
    methods = [(call.method, call.path) for call in server.calls if call.method != "GET"]
    assert methods == [("POST", "/v3/glossaries"), ("POST", "/v2/translate"), ("POST", "/v2/translate")]


def test_an_answer_that_people_wrote_for_another_sentence_is_left(server: DeepL) -> None:
    old, new = "The big old stone lies in the garden.", "The big old stone lay in the garden."
    memory = TranslationMemory([TranslationUnit(old, "La gran piedra yace en el jardín.", "a.md")])
    server.memories["00000000-0000-4000-8000-00000000aaaa"] = {
        "name": f"amts-es (sentence pairs: 1; sha256 {'0' * 64})",
        "segments": {old: "La gran piedra yace en el jardín."},
        "source": "en",
        "target": "es",
    }
    same, changed = ask(make(server, parallel_data="sentence", match_threshold=80), old, new, memory=memory)
    assert same.text == "La gran piedra yace en el jardín."
    assert changed.left == "DeepL gave people's translation of a similar sentence"
    assert changed.rejected == "La gran piedra yace en el jardín."
    with_code = "The big old stone lies in `pot`."
    ask(make(server, parallel_data="sentence"), with_code)
    assert "translation_memory_id" not in server.calls[-1].json()


def test_check_says_how_much_is_used(server: DeepL) -> None:
    ask(make(server), *TEXTS)
    (fact,) = make(server).findings()
    assert fact.severity is Severity.FACT
    assert fact.text.endswith("of 1,000,000 characters of this billing period are used")
    with DeepL(quota=0) as empty:
        (problem,) = make(empty).findings()
    assert problem.severity is Severity.PROBLEM


def test_without_a_key_the_variable_is_named(server: DeepL) -> None:
    with pytest.raises(ConfigError, match="set the environment variable DEEPL_AUTH_KEY"):
        ask(make(server, key=""), *TEXTS)


def test_sentences_that_people_left_out_cost_nothing(server: DeepL) -> None:
    (answer,) = ask(make(server), "$x < y$")
    assert (answer.text, answer.left) == ("$x < y$", "")
    assert not server.calls


def test_the_contract_s_requests_are_the_same_with_and_without_context(server: DeepL) -> None:
    engines = [make(server, context=context) for context in (True, False)]
    with_, without = (engine.translate(REQUESTS, DIRECTION, TranslationMemory()) for engine in engines)
    assert with_ == without
