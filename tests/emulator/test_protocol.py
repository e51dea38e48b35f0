"""The emulator's protocol: requests and answers validated by the service model, signatures, errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request

import pytest
from botocore.exceptions import ClientError

from bot.emulator import AMAZON_RATES, Quotas
from bot.emulator.protocol import (
    EmulatorServiceError,
    read_request,
    service_model,
    violations,
    write_answer,
    write_error,
)
from bot.emulator.service import TranslateService
from tests.support.emulator_fixture import SIGNATURE, Clock, Cloud, fetch


def post(cloud: Cloud, operation: str, body: bytes = b"{}", authorization: str = SIGNATURE) -> tuple[int, Any]:
    """A request as another program may send it: status and body of the answer."""
    headers = {
        "X-Amz-Target": f"AWSShineFrontendService_20170701.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
    }
    if authorization:
        headers["Authorization"] = authorization
    return fetch(Request(cloud.emulator.endpoint_url, body, headers))


def test_every_operation_of_the_service_is_there(cloud: Cloud) -> None:
    for operation in service_model().operation_names:
        status, answer = post(cloud, operation)
        assert (status, answer.get("__type")) in ((200, None), (400, "ValidationException")), operation


def test_a_request_must_be_signed_for_translate(cloud: Cloud) -> None:
    assert post(cloud, "ListParallelData") == (200, {"ParallelDataPropertiesList": []})
    assert post(cloud, "ListParallelData", authorization="")[0] == 403
    status, answer = post(cloud, "ListParallelData", authorization=SIGNATURE.replace("/translate/", "/s3/"))
    assert (status, answer["__type"]) == (403, "InvalidSignatureException")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"Name": "\xff"}', b'{"Filter": {"SubmittedAfterTime": 1e300}}'])
def test_a_body_that_is_no_request_is_refused(cloud: Cloud, body: bytes) -> None:
    status, answer = post(cloud, "ListTextTranslationJobs", body)
    assert (status, answer["__type"]) == (400, "SerializationException")


def test_an_unknown_operation_is_refused(cloud: Cloud) -> None:
    status, answer = post(cloud, "TranslateBook")
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(
    ("operation", "members", "problem"),
    [
        ("GetParallelData", {}, 'Missing required parameter in input: "Name"'),
        ("GetParallelData", {"Name": "a", "Nmae": "b"}, 'Unknown parameter in input: "Nmae"'),
        ("GetParallelData", {"Name": 5}, "Invalid type for parameter Name"),
        ("GetParallelData", {"Name": ""}, "valid min length: 1"),
        ("GetParallelData", {"Name": "a" * 257}, "less than or equal to 256"),
        ("GetParallelData", {"Name": "_a"}, "regular expression pattern: ^([A-Za-z0-9-]_?)+$"),
        ("GetParallelData", {"Name": "a__b"}, "regular expression pattern"),
        ("GetParallelData", {"Name": "a.b"}, "regular expression pattern"),
        ("GetParallelData", {"Name": "a\n"}, "regular expression pattern"),
        ("DescribeTextTranslationJob", {"JobId": "a*"}, r"\p{L}"),
        ("ListParallelData", {"MaxResults": 501}, "value less than or equal to 500"),
        ("ListParallelData", {"MaxResults": 0}, "valid min value: 1"),
        ("ListLanguages", {"DisplayLanguageCode": "tr"}, "enum value set: [de, en"),
        ("ListTextTranslationJobs", {"Filter": {"JobStatus": "DONE"}}, "at 'filter.JobStatus'"),
        (
            "CreateParallelData",
            {"Name": "a", "ClientToken": "t", "ParallelDataConfig": {"S3Uri": "s3://books/a", "Format": "csv"}},
            "enum value set: [TSV, CSV, TMX]",
        ),
        ("CreateParallelData", {"Name": "a", "ParallelDataConfig": {}}, '"ClientToken"'),
        (
            "TranslateText",
            {"Text": "a", "SourceLanguageCode": "en", "TargetLanguageCode": "zh-Hans"},
            "less than or equal to 5",
        ),
    ],
)
def test_the_model_refuses_a_request(cloud: Cloud, operation: str, members: dict[str, object], problem: str) -> None:
    status, answer = post(cloud, operation, json.dumps(members).encode())
    assert (status, answer["__type"]) == (400, "ValidationException")
    assert problem in answer["Message"]


def test_a_name_may_be_in_any_script(cloud: Cloud) -> None:
    name = "茶の本 ünï 1.2:/=+-%@"
    answer = cloud.translate.list_text_translation_jobs(Filter={"JobName": name})
    assert answer["TextTranslationJobPropertiesList"] == []


def test_a_null_member_is_an_absent_one(cloud: Cloud) -> None:
    assert post(cloud, "ListParallelData", b'{"NextToken": null}')[0] == 200


def test_blobs_and_timestamps_are_read_as_boto3_shows_them() -> None:
    members = read_request("ListTextTranslationJobs", b'{"Filter": {"SubmittedAfterTime": 1.5}}')
    assert members == {"Filter": {"SubmittedAfterTime": datetime.fromtimestamp(1.5, UTC)}}
    document = {"Content": "5Lit", "ContentType": "text/plain"}
    body = {"Document": document, "SourceLanguageCode": "zh", "TargetLanguageCode": "en"}
    assert read_request("TranslateDocument", json.dumps(body).encode())["Document"]["Content"] == "中".encode()
    with pytest.raises(EmulatorServiceError, match="SerializationException"):
        read_request("TranslateDocument", json.dumps({**body, "Document": {"Content": "5Li"}}).encode())


@pytest.mark.parametrize(
    "answer",
    [
        {"JobId": "a" * 33, "JobStatus": "SUBMITTED"},
        {"JobId": "a*", "JobStatus": "SUBMITTED"},
        {"JobId": "a", "JobStatus": "DONE"},
        {"JobId": "a", "Status": "SUBMITTED"},
        {"JobId": 5, "JobStatus": "SUBMITTED"},
    ],
)
def test_an_answer_that_breaks_the_model_is_found(answer: Mapping[str, object]) -> None:
    assert json.loads(write_answer("StartTextTranslationJob", {"JobId": "a", "JobStatus": "SUBMITTED"}))
    with pytest.raises(ValueError, match="breaks the service model"):
        write_answer("StartTextTranslationJob", answer)


def test_an_answer_that_breaks_the_model_reaches_no_client(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service: TranslateService = cloud.emulator._service
    handlers: dict[str, Callable[..., object]] = {"ListParallelData": lambda _: {"NextToken": "ü"}}
    monkeypatch.setattr(service, "_handlers", handlers)
    with pytest.raises(ClientError, match="breaks the service model") as caught:
        cloud.translate.list_parallel_data()
    assert caught.value.response["Error"]["Code"] == "InternalServerException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "ValueError" in capsys.readouterr().err


def test_an_error_that_an_operation_does_not_have_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not answer with ConflictException"):
        write_error("GetParallelData", EmulatorServiceError("ConflictException", ""))
    with pytest.raises(ValueError, match="breaks the service model"):
        write_error("TranslateText", EmulatorServiceError("UnsupportedLanguagePairException", "", {"Language": "ef"}))


def test_the_validator_knows_what_botocore_lets_through() -> None:
    shape = service_model().shape_for("CreateParallelDataRequest")
    config = {"S3Uri": "https://books/a", "Format": "csv"}
    problems = list(violations(shape, {"Name": "a b", "ClientToken": "_", "ParallelDataConfig": config}))
    assert len(problems) == 4


def test_each_error_has_the_status_that_the_service_model_gives_it() -> None:
    errors = {
        name: service_model().shape_for(name).metadata
        for name in service_model().shape_names
        if name.endswith("Exception")
    }
    assert {EmulatorServiceError(name, "").status for name in errors} == {400, 404, 409, 429, 500, 503}
    for name, metadata in errors.items():
        assert EmulatorServiceError(name, "").status == metadata["error"]["httpStatusCode"], name
    # What the model lacks.
    statuses = {"ValidationException": 400, "MissingAuthenticationTokenException": 403, "AccessDeniedException": 400}
    assert {name: EmulatorServiceError(name, "").status for name in statuses} == statuses


def test_what_is_missing_is_not_found(cloud: Cloud) -> None:
    status, answer = post(cloud, "GetParallelData", b'{"Name": "none"}')
    assert (status, answer["__type"]) == (404, "ResourceNotFoundException")
    with pytest.raises(cloud.translate.exceptions.ResourceNotFoundException):
        cloud.translate.get_parallel_data(Name="none")


def test_requests_are_throttled_at_the_rate_that_is_set(start_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock, quotas=Quotas(rates={**AMAZON_RATES, "ListParallelData": 2}))
    for _ in range(2):
        cloud.translate.list_parallel_data()
    with pytest.raises(ClientError) as caught:
        cloud.translate.list_parallel_data()
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    cloud.translate.list_terminologies()
    clock.now += 1
    cloud.translate.list_parallel_data()
