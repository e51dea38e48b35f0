"""Faults on request: calls, jobs, documents and placeables that go wrong, as often as asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from bot.emulator import Fault, FaultKind
from bot.emulator.faults import Faults, damage, read_fault
from bot.emulator.pieces import MarkupPlaceable, MarkupTag, MarkupWords, Piece
from tests.support.emulator_fixture import BUCKET, Clock, Cloud, error_of, fetch

PAGE = "<html><p>Tea</p></html>"
FORMULA = '<i translate="no">{}</i>'


def request_faults(cloud: Cloud, faults: object) -> tuple[int, Any]:
    return fetch(Request(f"{cloud.emulator.endpoint_url}/_emulator/faults", json.dumps(faults).encode()))


def test_the_next_calls_of_an_operation_are_throttled_or_fail(cloud: Cloud) -> None:
    cloud.emulator.add_fault(Fault(FaultKind.THROTTLE, "ListParallelData", times=2))
    cloud.emulator.add_fault(Fault(FaultKind.ERROR, "*Terminolog*", times=1))
    for _ in range(2):
        assert error_of(cloud.translate.list_parallel_data) == "TooManyRequestsException"
    cloud.translate.list_parallel_data()
    with pytest.raises(ClientError) as caught:
        cloud.translate.list_terminologies()
    assert caught.value.response["Error"]["Code"] == "InternalServerException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    cloud.translate.list_terminologies()
    assert cloud.emulator.state().count("ListParallelData", failed=True) == 2
    assert cloud.emulator.state().count("ListParallelData") == 1


@pytest.mark.parametrize(("kind", "jobs"), [(FaultKind.DROP, 1), (FaultKind.DROP_BEFORE, 0)])
def test_a_connection_breaks_after_or_before_the_call_took_effect(cloud: Cloud, kind: FaultKind, jobs: int) -> None:
    cloud.put("in/tea.html", PAGE)
    cloud.emulator.add_fault(Fault(kind, "StartTextTranslationJob", times=1))
    with pytest.raises(ConnectionClosedError):
        cloud.start_job(ClientToken="t")
    assert len(cloud.emulator.state().jobs) == jobs
    cloud.start_job(ClientToken="t")
    assert len(cloud.emulator.state().jobs) == 1


def test_a_client_that_retries_gets_over_it(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    config = Config(retries={"mode": "standard", "total_max_attempts": 4})
    session = boto3.Session("tests", "tests", region_name="us-east-1")
    translate = session.client("translate", endpoint_url=cloud.emulator.endpoint_url, config=config)
    for kind in (FaultKind.DROP, FaultKind.THROTTLE, FaultKind.ERROR):
        cloud.emulator.add_fault(Fault(kind, "StartTextTranslationJob", times=1))
    translate.start_text_translation_job(**cloud.job_request())
    assert len(cloud.emulator.state().jobs) == 1


def test_s3_fails_for_clients_and_not_for_the_emulator(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    cloud.emulator.add_fault(Fault(FaultKind.ERROR, "s3:PUT", times=1))
    cloud.emulator.add_fault(Fault(FaultKind.THROTTLE, "s3:GET", times=1))
    assert cloud.job(cloud.start_job())["JobStatus"] == "COMPLETED"
    assert error_of(cloud.put, key="a", content="b") == "InternalError"
    assert error_of(cloud.get, key="in/tea.html") == "SlowDown"
    cloud.emulator.add_fault(Fault(FaultKind.DROP, "s3:PUT", times=1))
    with pytest.raises(ConnectionClosedError):
        cloud.put("a", "b")
    assert cloud.get("a") == "b"


def test_a_job_fails_by_its_name(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    cloud.emulator.add_fault(Fault(FaultKind.FAIL_JOB, "amts-zh-*"))
    job = cloud.job(cloud.start_job(JobName="amts-zh-1"))
    assert (job["JobStatus"], job["Message"]) == ("FAILED", "emulator: failed on request")
    assert cloud.job(cloud.start_job(JobName="amts-tr-1"))["JobStatus"] == "COMPLETED"
    assert cloud.emulator.state().jobs[0].billed == {}


def test_a_document_fails_and_the_others_are_kept(cloud: Cloud) -> None:
    cloud.put("in/a/tea.html", PAGE)
    cloud.put("in/b/tea.html", PAGE)
    cloud.emulator.add_fault(Fault(FaultKind.FAIL_DOCUMENT, "b/*", times=1))
    job = cloud.job(cloud.start_job(TargetLanguageCodes=["zh", "tr"]))
    assert job["JobStatus"] == "COMPLETED_WITH_ERROR"
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    for language in ("zh", "tr"):
        details = json.loads(cloud.get(f"{folder}details/{language}.auxiliary-translation-details.json"))
        assert (details["documentCountWithServerError"], details["documentCountWithCustomerError"]) == ("1", "0")
        assert details["details"][1] == {
            "sourceFile": "b/tea.html",
            "auxiliaryData": {
                "error": {"errorCode": "InternalServerException", "errorMessage": "emulator: failed on request"}
            },
        }
    assert cloud.job(cloud.start_job(JobName="again"))["JobStatus"] == "COMPLETED"


def test_a_job_is_slow(start_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock, job_seconds=10)
    cloud.put("in/tea.html", PAGE)
    cloud.emulator.add_fault(Fault(FaultKind.SLOW_JOB, "book", seconds=60, times=1))
    job_id = cloud.start_job()
    clock.now += 69
    assert cloud.job(job_id)["JobStatus"] == "IN_PROGRESS"
    clock.now += 1
    assert cloud.job(job_id)["JobStatus"] == "COMPLETED"


def test_every_second_sentence_with_placeables_loses_one(cloud: Cloud) -> None:
    sentence = f"<p>{FORMULA.format('a')} and {FORMULA.format('b')}</p>"
    cloud.put("in/1.html", f"<html>{sentence}<p>none</p>{sentence}</html>")
    cloud.put("in/2.html", f"<html>{sentence}{sentence}</html>")
    cloud.emulator.add_fault(Fault(FaultKind.LOSE, every=2))
    for _ in range(2):
        job = cloud.job(cloud.start_job())
        folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
        for name in ("1", "2"):
            blocks = cloud.get(f"{folder}zh.{name}.html").replace("<p>ńöńé", "").split("</p>")
            counts = [block.count("translate=") for block in blocks if "translate=" in block]
            assert counts == [2, 1]


def test_a_sentence_is_damaged_by_its_text(cloud: Cloud) -> None:
    cloud.emulator.add_fault(Fault(FaultKind.LOSE, "The *sum of a here."))

    def translated(words: str) -> str:
        text = words.format(FORMULA.format("a"))
        members: Any = {"SourceLanguageCode": "en", "TargetLanguageCode": "zh", "Text": text}
        return str(cloud.translate.translate_text(**members)["TranslatedText"])

    assert ["translate=" in translated(words) for words in ("The\nsum of {} here.", "The sum of {} there.")] == [
        False,
        True,
    ]


def test_texts_are_damaged_too(cloud: Cloud) -> None:
    cloud.emulator.add_fault(Fault(FaultKind.DUPLICATE, every=2))
    request: Any = {"SourceLanguageCode": "en", "TargetLanguageCode": "zh", "Text": f"Let {FORMULA.format('a')} be"}
    counts = [cloud.translate.translate_text(**request)["TranslatedText"].count("translate=") for _ in range(4)]
    assert counts == [1, 2, 1, 2]


A, B = MarkupPlaceable("<i>a</i>", "a"), MarkupPlaceable("<i>b</i>", "b")
OPEN, CLOSE = MarkupTag("<b>", 0, True), MarkupTag("</b>", 0, False)


@pytest.mark.parametrize(
    ("how", "pieces", "damaged"),
    [
        (FaultKind.LOSE, [A, MarkupWords("x"), B], [A, MarkupWords("x")]),
        (FaultKind.DUPLICATE, [A, MarkupWords("x"), B], [A, MarkupWords("x"), B, A]),
        (FaultKind.REORDER, [A, MarkupWords("x"), B], [B, MarkupWords("x"), A]),
        (FaultKind.NEST, [A, MarkupWords("x"), B], [MarkupPlaceable("<i>a<i>b</i></i>", "ab"), MarkupWords("x")]),
        (FaultKind.NEST, [OPEN, MarkupWords("x"), CLOSE, A], [OPEN, MarkupWords("x"), A, CLOSE]),
        (FaultKind.REORDER, [MarkupWords("x"), B], [MarkupWords("x"), B]),
        (FaultKind.LOSE, [MarkupWords("x")], [MarkupWords("x")]),
    ],
)
def test_how_placeables_are_damaged(how: FaultKind, pieces: list[Piece], damaged: list[Piece]) -> None:
    assert damage(pieces, how) == damaged


def test_faults_are_requested_and_cleared_over_http(cloud: Cloud) -> None:
    fault = {"kind": "throttle", "match": "List*", "times": 1}
    status, answer = request_faults(cloud, [fault, {"kind": "lose", "every": 3}])
    assert status == 200
    assert [item["kind"] for item in answer["faults"]] == ["throttle", "lose"]
    assert error_of(cloud.translate.list_parallel_data) == "TooManyRequestsException"
    assert [item["kind"] for item in cloud.emulator.state().faults] == ["lose"]
    with urlopen(Request(f"{cloud.emulator.endpoint_url}/_emulator/faults", method="DELETE")) as answer:
        assert json.loads(answer.read()) == {"faults": []}
    assert cloud.emulator.state().faults == ()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"kind": "explode"}, 'unknown kind "explode"; known are throttle'),
        ({"kind": "lose", "evry": 2}, "unknown: evry; a fault has every"),
        ({"kind": "lose", "every": 0}, "start at 1"),
        ({"kind": "throttle", "times": 0}, "start at 1"),
        ({"kind": "slow-job", "seconds": "long"}, "not supported"),
        ([1], "int"),
    ],
)
def test_a_wrong_fault_is_refused(cloud: Cloud, fault: object, problem: str) -> None:
    status, answer = request_faults(cloud, fault)
    assert status == 400
    assert problem in answer["error"]
    assert cloud.emulator.state().faults == ()


def test_the_oldest_fault_that_matches_comes_first() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.ERROR, "List*", times=1))
    faults.add(Fault(FaultKind.THROTTLE))
    kinds = (FaultKind.ERROR, FaultKind.THROTTLE)
    found = [faults.take(kinds, name) for name in ("Get", "ListAll", "ListAll")]
    assert [fault.kind for fault in found if fault] == [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.THROTTLE]
    assert faults.take((FaultKind.FAIL_JOB,), "Get") is None
    assert read_fault({"kind": "nest"}) == Fault(FaultKind.NEST)
