"""Parallel data of the emulator: states, one import at a time, replacement, use by jobs."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.emulator import Quotas
from tests.support.emulator_fixture import BUCKET, Clock, Cloud, StartCloud, error_of

PAIRS = "en,zh\nTea,茶\nCup,杯\n"


def test_creating_goes_through_its_states(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=60, clock=clock)
    answer = cloud.create_parallel_data(PAIRS, Description="pairs of the book")
    assert (answer["Name"], answer["Status"]) == ("pairs", "CREATING")
    clock.now += 59
    assert cloud.parallel_data()["Status"] == "CREATING"
    assert "DataLocation" not in cloud.translate.get_parallel_data(Name="pairs")
    clock.now += 1
    found = cloud.parallel_data()
    assert found["Status"] == "ACTIVE"
    assert found["Arn"] == "arn:aws:translate:us-east-1:123456789012:parallel-data/pairs"
    assert found["Description"] == "pairs of the book"
    assert (found["SourceLanguageCode"], found["TargetLanguageCodes"]) == ("en", ["zh"])
    assert (found["ImportedRecordCount"], found["SkippedRecordCount"], found["FailedRecordCount"]) == (2, 0, 0)
    assert found["ImportedDataSize"] == len("Tea茶Cup杯")
    assert "LatestUpdateAttemptStatus" not in found
    cloud.translate.delete_parallel_data(Name="pairs")
    assert cloud.parallel_data()["Status"] == "DELETING"
    assert error_of(cloud.translate.delete_parallel_data, Name="pairs") == "ConcurrentModificationException"
    clock.now += 60
    assert error_of(cloud.parallel_data) == "ResourceNotFoundException"


def test_an_update_replaces_everything_and_has_a_status_of_its_own(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=60, clock=clock)
    cloud.create_parallel_data(PAIRS)
    assert error_of(cloud.update_parallel_data, content=PAIRS) == "ConcurrentModificationException"
    clock.now += 60
    assert cloud.parallel_data()["Status"] == "ACTIVE"
    answer = cloud.update_parallel_data("en,tr\nTea,Çay\n", Description="Turkish")
    assert (answer["Status"], answer["LatestUpdateAttemptStatus"]) == ("ACTIVE", "UPDATING")
    during = cloud.parallel_data()
    assert (during["Status"], during["LatestUpdateAttemptStatus"]) == ("ACTIVE", "UPDATING")
    assert during["ImportedRecordCount"] == 2
    assert error_of(cloud.translate.delete_parallel_data, Name="pairs") == "ConcurrentModificationException"
    clock.now += 60
    after = cloud.parallel_data()
    assert (after["Status"], after["LatestUpdateAttemptStatus"]) == ("ACTIVE", "ACTIVE")
    assert (after["ImportedRecordCount"], after["TargetLanguageCodes"]) == (1, ["tr"])
    assert after["Description"] == "Turkish"
    assert after["LastUpdatedAt"] > after["CreatedAt"]


def test_a_failed_update_leaves_what_is_in_force(cloud: Cloud) -> None:
    cloud.create_parallel_data(PAIRS, Description="first")
    assert cloud.parallel_data()["Status"] == "ACTIVE"
    cloud.update_parallel_data("no header\n", Description="second")
    found = cloud.parallel_data()
    assert (found["Status"], found["LatestUpdateAttemptStatus"]) == ("ACTIVE", "FAILED")
    assert (found["ImportedRecordCount"], found["Description"]) == (2, "first")
    assert found["Message"].startswith("emulator: The header must hold language codes")
    answer = cloud.translate.get_parallel_data(Name="pairs")
    report = read(answer["LatestUpdateAttemptAuxiliaryDataLocation"])
    assert json.loads(report)["summary"]["record_error_count"] == 1
    assert read(answer["DataLocation"]) == PAIRS
    cloud.put("in/tea.html", "<html><p>Tea</p></html>")
    assert cloud.job(cloud.start_job(ParallelDataNames=["pairs"]))["JobStatus"] == "COMPLETED"


@pytest.mark.parametrize("content", ["", "en\nTea\n", "en,xx\nTea,t\n", "en,zh\n,\n", "zh,zh\na,b\n"])
def test_a_file_that_can_not_be_imported_fails_and_can_be_replaced(cloud: Cloud, content: str) -> None:
    cloud.create_parallel_data(content)
    found = cloud.parallel_data()
    assert found["Status"] == "FAILED"
    assert found["Message"].startswith("emulator: The")
    cloud.put("in/tea.html", "<html><p>Tea</p></html>")
    assert error_of(cloud.start_job, ParallelDataNames=["pairs"]) == "InvalidRequestException"
    cloud.update_parallel_data(PAIRS)
    assert cloud.parallel_data()["Status"] == "ACTIVE"


def test_a_missing_file_fails(cloud: Cloud) -> None:
    config: Any = {"S3Uri": f"s3://{BUCKET}/none.csv", "Format": "CSV"}
    cloud.translate.create_parallel_data(Name="pairs", ParallelDataConfig=config, ClientToken="t")
    assert "There is no file" in cloud.parallel_data()["Message"]


def test_one_file_is_imported_at_a_time_and_names_are_unique(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=60, clock=clock)
    cloud.create_parallel_data(PAIRS)
    assert error_of(cloud.create_parallel_data, content=PAIRS, name="other") == "LimitExceededException"
    clock.now += 60
    cloud.create_parallel_data(PAIRS, name="other")
    assert error_of(cloud.update_parallel_data, content=PAIRS) == "LimitExceededException"
    clock.now += 60
    assert error_of(cloud.create_parallel_data, content=PAIRS) == "ConflictException"
    assert error_of(cloud.update_parallel_data, content=PAIRS, name="third") == "ResourceNotFoundException"


def test_an_account_has_so_many(start_cloud: StartCloud) -> None:
    cloud = start_cloud(quotas=Quotas(parallel_data=1))
    cloud.create_parallel_data(PAIRS)
    assert error_of(cloud.create_parallel_data, content=PAIRS, name="other") == "LimitExceededException"


def test_the_same_token_creates_once(cloud: Cloud) -> None:
    for _ in range(2):
        assert cloud.create_parallel_data(PAIRS, ClientToken="t")["Status"] == "CREATING"
    assert error_of(cloud.create_parallel_data, content=PAIRS, ClientToken="u") == "ConflictException"


def test_parallel_data_is_listed_by_page_and_region(cloud: Cloud) -> None:
    for name in ("one", "two", "three"):
        cloud.create_parallel_data(PAIRS, name=name)
    page = cloud.translate.list_parallel_data(MaxResults=2)
    rest = cloud.translate.list_parallel_data(MaxResults=2, NextToken=page["NextToken"])
    names = [item["Name"] for item in page["ParallelDataPropertiesList"] + rest["ParallelDataPropertiesList"]]
    assert names == ["one", "three", "two"]
    assert "NextToken" not in rest
    west = Cloud(cloud.emulator, "us-west-2")
    assert west.translate.list_parallel_data()["ParallelDataPropertiesList"] == []
    assert error_of(Cloud(cloud.emulator, "eu-central-1").translate.list_parallel_data) == "AccessDeniedException"


def test_locations_hold_for_half_an_hour(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock)
    cloud.create_parallel_data("en,zh\nTea,茶\nCup,\n")
    answer = cloud.translate.get_parallel_data(Name="pairs")
    assert read(answer["DataLocation"]) == "en,zh\nTea,茶\nCup,\n"
    assert json.loads(read(answer["AuxiliaryDataLocation"])) == {
        "summary": {"record_error_count": 0, "record_skipped_count": 1},
        "messages": [{"content": "Line 3", "message": "The target zh text is empty."}],
    }
    clock.now += 30 * 60
    with pytest.raises(HTTPError) as caught:
        read(answer["DataLocation"])
    caught.value.close()
    assert caught.value.code == 403


def test_a_job_needs_all_its_languages_in_the_parallel_data(cloud: Cloud) -> None:
    cloud.put("in/tea.html", "<html><p>Tea</p></html>")
    cloud.create_parallel_data("en,zh,tr\nTea,茶,Çay\n")
    job = cloud.job(cloud.start_job(ParallelDataNames=["pairs"], TargetLanguageCodes=["zh", "tr"]))
    assert job["ParallelDataNames"] == ["pairs"]
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    assert cloud.get(f"{folder}tr.tea.html") == "<html><p>Çay</p></html>"
    wanted = {"ParallelDataNames": ["pairs"]}
    assert error_of(cloud.start_job, TargetLanguageCodes=["zh", "zh-TW"], **wanted) == "InvalidRequestException"
    assert error_of(cloud.start_job, SourceLanguageCode="de", **wanted) == "InvalidRequestException"


def test_parallel_data_has_tags(cloud: Cloud) -> None:
    translate = cloud.translate
    cloud.create_parallel_data(PAIRS, Tags=[{"Key": "book", "Value": "d2l"}])
    arn = cloud.parallel_data()["Arn"]
    translate.tag_resource(ResourceArn=arn, Tags=[{"Key": "hash", "Value": "1"}, {"Key": "book", "Value": "tea"}])
    translate.untag_resource(ResourceArn=arn, TagKeys=["hash", "none"])
    assert translate.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "book", "Value": "tea"}]
    many: Any = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    with pytest.raises(translate.exceptions.TooManyTagsException, match="at most 50"):
        translate.tag_resource(ResourceArn=arn, Tags=many)
    unknown = arn.replace("pairs", "other")
    assert error_of(translate.list_tags_for_resource, ResourceArn=unknown) == "ResourceNotFoundException"


def read(location: Any) -> str:
    assert location["RepositoryType"] == "S3"
    with urlopen(location["Location"]) as answer:
        data: bytes = answer.read()
    return data.decode()
