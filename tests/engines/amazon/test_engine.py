"""The Amazon engine against the emulator: what it answers, what it asks, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.engines.amazon.settings import AmazonSettings, Prices
from bot.engines.base import EngineOptions, Quote
from bot.engines.teaching import ParallelDataContent
from bot.errors import EngineError, InputError
from bot.model import Kind, Language, Request
from tests.support.amazon_pushing import service
from tests.support.amazon_run import (
    BOOK,
    CHINESE,
    GERMAN,
    SENTENCES,
    SETTINGS,
    World,
    ask,
    changed,
    price,
    requests,
    wrapped,
)
from tests.support.emulator_fixture import BUCKET, ROLE

# What is translated: every distinct text once.
CHARACTERS = sum(
    map(len, ("The stone is grey.", "The sum is $x + y$ in `code`.", "See the picture and the text.", SENTENCES[3]))
)
PAIRS = ParallelDataContent("en,zh\r\nThe tree is old.,树很老。\r\n".encode(), "csv", "sentence", 1)


SECTION = AmazonSettings(kind="amazon", region="us-east-1", bucket=BUCKET, role=ROLE)


def test_every_request_is_answered_in_its_place_with_its_markup(world: World) -> None:
    answers = world.translate()
    assert not any(answer.left for answer in answers)
    assert answers[1] == answers[2]
    assert "$x + y$ " in answers[1].text
    assert "`code`" in answers[1].text
    assert "](https://example.org/a)" in answers[3].text
    assert all(answer.text != request.text for answer, request in zip(answers, BOOK, strict=True))


def test_no_requests_need_no_service(world: World) -> None:
    calls = len(world.state.calls)
    assert ask(world.engine(), []) == []
    assert price(world.engine(), []) == Quote(0, Decimal(0))
    assert len(world.state.calls) == calls


def test_an_endpoint_that_is_not_amazon_s_is_named_as_such(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.cloud.emulator.endpoint_url.removeprefix("http://")
    assert world.engine().label == f"amazon (emulator at {place})"
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert SECTION.create(EngineOptions(lambda _: "", "zh")).label == "amazon"


def test_the_quote_is_what_is_billed(world: World) -> None:
    quote = price(world.engine())
    assert world.billed == 0
    world.translate()
    assert quote.characters == world.billed == CHARACTERS
    assert quote.dollars == Decimal(15 * CHARACTERS) / 1_000_000


def test_a_quote_leaves_no_trace(world: World) -> None:
    price(world.engine())
    assert world.stored() == []
    assert world.state.jobs == ()


def test_what_was_answered_is_never_asked_again(world: World) -> None:
    first = world.translate()
    assert price(world.engine()).characters == 0
    assert world.translate() == first
    assert len(world.state.jobs) == 1


def test_only_what_is_new_is_asked(world: World) -> None:
    world.translate(BOOK)
    more = [*BOOK, *requests("A new one.")]
    assert price(world.engine(), more).characters == len("A new one.")
    world.translate(more)
    assert [job.documents for job in world.state.jobs] == [2, 1]
    assert world.billed == CHARACTERS + len("A new one.")


def test_one_document_for_each_file_and_one_block_for_each_sentence(world: World) -> None:
    documents = {}

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name == "put_object" and arguments["Key"].endswith(".html"):
            documents[arguments["Key"].rpartition("/")[2]] = arguments["Body"].decode()
        return call(**arguments)

    world.translate(wrap=wrapped(around))
    assert [(name.partition("-")[0], text.count("<p id=")) for name, text in sorted(documents.items())] == [
        ("a", 2),
        ("b", 2),
    ]


def test_the_bucket_keeps_the_answers_and_the_ledger_alone(world: World) -> None:
    world.translate()
    folders = [key.split("/")[:2] for key in world.stored()]
    assert folders == [["answers", "amts-zh"], ["ledger", "amts-zh"]]


def test_what_is_stored_is_encrypted_and_tagged(world: World) -> None:
    world.translate(settings=changed(tags={"book": "d2l and co"}))
    s3 = world.clients().s3
    assert [key.split("/")[0] for key in world.stored()] == ["answers", "ledger"]
    for key in world.stored():
        assert s3.head_object(Bucket=BUCKET, Key=f"amts/{key}")["ServerSideEncryption"] == "AES256"
        assert s3.get_object_tagging(Bucket=BUCKET, Key=f"amts/{key}")["TagSet"] == [
            {"Key": "book", "Value": "d2l and co"}
        ]


def test_a_key_of_ones_own_encrypts_what_the_engine_and_the_job_write(world: World) -> None:
    starts: list[dict[str, Any]] = []

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name == "start_text_translation_job":
            starts.append(arguments)
        return call(**arguments)

    world.translate(settings=changed(encryption_key="alias/amts"), wrap=wrapped(around))
    assert starts[0]["OutputDataConfig"]["EncryptionKey"] == {"Type": "KMS", "Id": "alias/amts"}
    stored = world.clients().s3.head_object(Bucket=BUCKET, Key=f"amts/{world.stored()[0]}")
    assert (stored["ServerSideEncryption"], stored["SSEKMSKeyId"]) == ("aws:kms", "alias/amts")


def test_a_sentence_without_words_is_not_sent(world: World) -> None:
    answers = world.translate(requests("$x$ ", "12"))
    assert [answer.left for answer in answers] == ["", ""]
    assert world.billed == 0


def test_parallel_data_that_is_active_steers_the_job_and_sets_the_price(world: World) -> None:
    service(world).push(PAIRS)
    quote = price(world.engine())
    world.translate()
    assert quote.dollars == Decimal(60 * CHARACTERS) / 1_000_000
    assert world.state.jobs[0].parallel_data == "amts-zh"
    assert "with the parallel data amts-zh" in world.told[0]


def test_parallel_data_of_few_pairs_is_not_worth_its_price(world: World) -> None:
    """As an earlier run may have left it."""
    service(world).push(PAIRS)
    settings = changed(parallel_data_from=PAIRS.pairs + 1)
    assert price(world.engine(settings)).dollars == Decimal(15 * CHARACTERS) / 1_000_000
    world.translate(settings=settings)
    assert world.state.jobs[0].parallel_data == ""
    assert price(world.engine(changed(parallel_data_from=PAIRS.pairs)), requests("New.")).basis.startswith("$60 ")


@pytest.mark.parametrize(("settings", "target"), [(changed(parallel_data="none"), CHINESE), (SETTINGS, GERMAN)])
def test_parallel_data_of_another_pair_or_unwanted_is_not_used(world: World, settings: Any, target: Language) -> None:
    service(world).push(PAIRS)
    ask(world.engine(settings), BOOK, target)
    assert world.state.jobs[0].parallel_data == ""
    assert "without parallel data" in world.told[0]


def test_new_content_of_the_parallel_data_does_not_pay_for_the_same_sentences_again(world: World) -> None:
    service(world).push(PAIRS)
    world.translate()
    service(world).push(replace(PAIRS, data=PAIRS.data + "One.,一。\r\n".encode()))
    assert price(world.engine()).characters == 0


def test_the_glossary_reaches_the_job_and_a_translation_that_does_not_follow_it_is_doubted(world: World) -> None:
    glossary = "en,zh\nstone,石头\n"
    assert not any(answer.warnings for answer in world.translate(glossary=glossary))
    assert world.state.jobs[0].terminology == "amts-zh"

    def around(_: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        arguments.pop("TerminologyNames", None)
        return call(**arguments)

    unheeded = world.translate(requests("Two stones.", "Two trees."), glossary=glossary, wrap=wrapped(around))
    assert [answer.warnings for answer in unheeded] == [("the glossary has “石头” for “stone”",), ()]


def test_a_glossary_that_can_not_be_read_is_an_error_before_anything_is_sent(world: World) -> None:
    with pytest.raises(InputError, match=r"glossary\.csv: has no"):
        world.translate(glossary="nothing of use")
    assert world.stored() == []


def test_what_is_a_placeable_in_one_place_only_is_asked_for_both(world: World) -> None:
    text = "See [the label] here."
    book = [Request(text, Kind.PARAGRAPH), Request(text, Kind.PARAGRAPH, ("[the label]",))]
    words, reference = world.translate(book)
    assert "[the label]" in reference.text
    assert "label" not in words.text
    assert world.translate(book) == [words, reference]


def test_the_formality_is_asked_for_and_belongs_to_the_answer(world: World) -> None:
    settings = changed(formality="formal")
    seen: list[Any] = []

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name in ("start_text_translation_job", "translate_text"):
            seen.append(arguments.get("Settings"))
        return call(**arguments)

    wrap = wrapped(around)
    ask(world.engine(settings, wrap=wrap), BOOK, GERMAN)
    ask(world.engine(SETTINGS, wrap=wrap), BOOK, GERMAN)
    ask(world.engine(changed(settings, mode="real-time"), wrap=wrap), requests("Another one."), GERMAN)
    assert seen == [{"Formality": "FORMAL"}, None, {"Formality": "FORMAL"}]


def test_a_language_that_is_not_offered_is_an_error_that_names_it(world: World) -> None:
    with pytest.raises(EngineError, match="does not offer Klingon"):
        ask(world.engine(), BOOK, Language("tlh", "Klingon"))


def test_a_pair_that_the_service_refuses_is_an_error_that_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(EngineError, match="does not translate this pair; choose another engine"):
        ask(world.engine(), BOOK, Language("xx", "Other", engine_codes={"amazon": "xx"}))
    assert world.stored() == []


def test_two_books_in_one_bucket_do_not_meet(world: World) -> None:
    world.translate()
    other = changed(name="other")
    assert price(world.engine(other)).characters == CHARACTERS


class TestCaps:
    def test_a_run_that_would_cost_more_is_stopped_before_anything_is_sent(self, world: World) -> None:
        with pytest.raises(EngineError, match=r"1\d\d characters.*cap of \$0\.0010.*`max_dollars_per_run`"):
            world.translate(settings=changed(max_dollars_per_run=0.001))
        assert world.stored() == []
        assert world.state.jobs == ()

    def test_what_the_same_run_has_spent_counts(self, world: World) -> None:
        engine = world.engine(changed(max_dollars_per_run=0.0016))
        ask(engine, BOOK)
        with pytest.raises(EngineError, match="max_dollars_per_run"):
            ask(engine, requests("Seven and more sentences of the book."))

    def test_what_former_runs_spent_this_month_counts_and_last_month_does_not(self, world: World) -> None:
        settings = changed(max_dollars_per_month=0.0016)
        world.translate(settings=settings)
        with pytest.raises(EngineError, match=r"\$0\.0015 spent this month.*`max_dollars_per_month`"):
            world.translate(requests("Seven and more sentences of the book."), settings)
        world.time.seconds += 31 * 86400
        world.translate(requests("Seven and more sentences of the book."), settings)
        assert len(world.state.jobs) == 2

    def test_the_price_of_the_configuration_is_used(self, world: World) -> None:
        prices = Prices(standard=1_000_000)
        assert price(world.engine(changed(prices=prices))).dollars == CHARACTERS
