"""Requests for jobs that the emulator refuses, as Amazon Translate does, and jobs that fail."""

from __future__ import annotations

import json

import pytest

from bot.emulator import Quotas
from tests.support.emulator_fixture import BUCKET, PAGE, Cloud, StartCloud, error_of


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        (f"s3://{BUCKET}", "must be a folder"),
        (f"s3://{BUCKET}/", "must be a folder"),
        (f"s3://{BUCKET}/nothing/", "no documents"),
        (f"s3://{BUCKET}/bad/", "details"),
        ("s3://no-such-bucket/in/", "does not exist"),
        ("s3://far-away/in/", "us-west-2"),
    ],
)
def test_an_input_that_is_no_folder_of_documents_is_refused(cloud: Cloud, uri: str, message: str) -> None:
    cloud.put("tea.html", PAGE)
    cloud.put("bad/details/tea.html", PAGE)
    cloud.s3.create_bucket(Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    cloud.s3.put_object(Bucket="far-away", Key="in/tea.html", Body=b"")
    with pytest.raises(cloud.translate.exceptions.InvalidRequestException, match=message):
        cloud.start_job(InputDataConfig={"S3Uri": uri, "ContentType": "text/html"})
    assert not cloud.emulator.state().jobs


def test_an_output_bucket_that_is_missing_is_refused(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    with pytest.raises(cloud.translate.exceptions.InvalidRequestException, match="no-such-bucket"):
        cloud.start_job(OutputDataConfig={"S3Uri": "s3://no-such-bucket/out/"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TargetLanguageCodes": ["ef"]}, "UnsupportedLanguagePairException"),
        ({"SourceLanguageCode": "xx"}, "UnsupportedLanguagePairException"),
        ({"SourceLanguageCode": "auto"}, "ValidationException"),
        ({"TargetLanguageCodes": ["zh-Hans"]}, "ValidationException"),
        (
            {"TargetLanguageCodes": ["zh", "tr", "vi", "ja", "ko", "pt", "es", "fr", "de", "it", "nl"]},
            "InvalidParameterValueException",
        ),
        ({"TargetLanguageCodes": ["zh", "zh"]}, "InvalidParameterValueException"),
        ({"ParallelDataNames": ["one", "two"]}, "InvalidParameterValueException"),
        ({"ParallelDataNames": ["missing"]}, "ResourceNotFoundException"),
        ({"TerminologyNames": ["missing"]}, "ResourceNotFoundException"),
        ({"DataAccessRoleArn": "translator-role-without-arn"}, "ValidationException"),
        ({"JobName": "a*b"}, "ValidationException"),
        ({"ClientToken": "not_a_token"}, "ValidationException"),
        (
            {"InputDataConfig": {"S3Uri": f"s3://{BUCKET}/in/", "ContentType": "application/x-xliff+xml"}},
            "InvalidParameterValueException",
        ),
        ({"InputDataConfig": {"S3Uri": "https://books/in/", "ContentType": "text/html"}}, "ValidationException"),
    ],
)
def test_a_wrong_request_has_its_own_error(cloud: Cloud, changes: dict[str, object], code: str) -> None:
    cloud.put("in/tea.html", PAGE)
    assert error_of(cloud.start_job, **changes) == code
    assert not cloud.emulator.state().jobs


def test_the_message_for_an_unknown_language_is_amazons(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    with pytest.raises(cloud.translate.exceptions.UnsupportedLanguagePairException) as caught:
        cloud.start_job(TargetLanguageCodes=["ef"])
    response = caught.value.response
    assert response["Error"]["Message"] == "Unsupported language pair: en to ef. Target language 'ef' is not supported"
    assert response["TargetLanguageCode"] == "ef"  # type: ignore[typeddict-item]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_batch_jobs_are_not_in_every_region(cloud: Cloud) -> None:
    far = Cloud(cloud.emulator, "ap-east-1")
    assert error_of(far.start_job) == "AccessDeniedException"


def test_a_job_is_known_in_its_region_only(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    job_id = cloud.start_job()
    other = Cloud(cloud.emulator, "us-west-2")
    assert error_of(other.job, job_id=job_id) == "ResourceNotFoundException"
    assert other.translate.list_text_translation_jobs()["TextTranslationJobPropertiesList"] == []


def test_documents_that_break_a_rule_are_errors_of_their_own(start_cloud: StartCloud) -> None:
    cloud = start_cloud(quotas=Quotas(document_bytes=200, document_characters=60, document_text_bytes=80))
    cloud.put("in/a-good.html", PAGE)
    cloud.put("in/b-large.html", "<html>" + " " * 200 + "</html>")
    cloud.put("in/c-long.html", "<html>" + "x" * 61 + "</html>")
    cloud.put("in/d-heavy.html", "<html>" + "茶" * 30 + "</html>")
    cloud.put("in/e-latin.html", b"<html>\xe9</html>")
    job = cloud.job(cloud.start_job())
    assert job["JobStatus"] == "COMPLETED_WITH_ERROR"
    assert job["JobDetails"] == {
        "TranslatedDocumentsCount": 1,
        "DocumentsWithErrorsCount": 4,
        "InputDocumentsCount": 5,
    }
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    details = json.loads(cloud.get(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert details["documentCountWithCustomerError"] == "4"
    assert details["charactersTranslated"] == "11"
    messages = [item["auxiliaryData"]["error"]["errorMessage"] for item in details["details"][1:]]
    for message, part in zip(messages, ["213 bytes", "61 characters", "90 bytes", "not UTF-8"], strict=True):
        assert part in message
    assert not any("targetFile" in item for item in details["details"][1:])
    assert [key for key in cloud.keys(folder) if key.endswith(".html")] == [f"{folder}zh.a-good.html"]


@pytest.mark.parametrize("quotas", [Quotas(documents_per_job=1), Quotas(job_bytes=90)])
def test_a_job_that_is_too_large_fails(start_cloud: StartCloud, quotas: Quotas) -> None:
    cloud = start_cloud(quotas=quotas)
    cloud.put("in/1.html", PAGE)
    cloud.put("in/2.html", PAGE)
    job = cloud.job(cloud.start_job())
    assert job["JobStatus"] == "FAILED"
    assert "emulator: The job has" in job["Message"]
