"""Batch jobs of the emulator: states, folders, details, filters, quotas."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bot.emulator import Quotas
from tests.support.emulator_fixture import BUCKET, PAGE, ROLE, Clock, Cloud, StartCloud, error_of
from tests.support.waiting import eventually


def test_a_job_writes_where_amazon_writes(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    cloud.put("in/sub/cup.html", PAGE)
    cloud.put("in/sub/", "")
    job = cloud.job(cloud.start_job(TargetLanguageCodes=["zh", "tr"]))
    folder = f"out/123456789012-TranslateText-{job['JobId']}/"
    assert job["OutputDataConfig"]["S3Uri"] == f"s3://{BUCKET}/{folder}"
    assert cloud.keys("out/") == sorted(
        [
            "out/.write_access_check_file.temp",
            f"{folder}details/tr.auxiliary-translation-details.json",
            f"{folder}details/zh.auxiliary-translation-details.json",
            f"{folder}sub/tr.cup.html",
            f"{folder}sub/zh.cup.html",
            f"{folder}tr.tea.html",
            f"{folder}zh.tea.html",
        ]
    )
    details = json.loads(cloud.get(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert details == {
        "sourceLanguageCode": "en",
        "targetLanguageCode": "zh",
        "charactersTranslated": "22",
        "documentCountWithCustomerError": "0",
        "documentCountWithServerError": "0",
        "inputDataPrefix": f"s3://{BUCKET}/in/",
        "outputDataPrefix": f"s3://{BUCKET}/{folder}",
        "details": [
            {"sourceFile": "sub/cup.html", "targetFile": "sub/zh.cup.html", "auxiliaryData": {}},
            {"sourceFile": "tea.html", "targetFile": "zh.tea.html", "auxiliaryData": {}},
        ],
    }
    assert cloud.get(f"{folder}zh.tea.html") == '<html><body><p id="1">⟦Ťéà îš ĥöť. ~~~~⟧</p></body></html>'
    assert job["JobDetails"] == {
        "TranslatedDocumentsCount": 2,
        "DocumentsWithErrorsCount": 0,
        "InputDocumentsCount": 2,
    }
    assert job["Message"].startswith("emulator: ")
    (record,) = cloud.emulator.state().jobs
    assert record.billed == {"zh": 22, "tr": 22}


def test_the_output_folder_gets_its_slash_and_the_input_is_a_folder(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    cloud.put("inner/stray.html", PAGE)
    job = cloud.job(
        cloud.start_job(
            InputDataConfig={"S3Uri": f"s3://{BUCKET}/in", "ContentType": "text/html"},
            OutputDataConfig={"S3Uri": f"s3://{BUCKET}/out"},
        )
    )
    assert job["OutputDataConfig"]["S3Uri"].startswith(f"s3://{BUCKET}/out/123456789012-TranslateText-")
    assert job["JobDetails"]["InputDocumentsCount"] == 1


def test_a_job_goes_through_its_states_by_the_clock(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=100, clock=clock)
    cloud.put("in/tea.html", PAGE)
    job_id = cloud.start_job()
    folder = f"out/123456789012-TranslateText-{job_id}/"
    details = f"{folder}details/zh.auxiliary-translation-details.json"
    assert cloud.job(job_id)["JobStatus"] == "SUBMITTED"
    clock.now += 30
    assert cloud.job(job_id)["JobStatus"] == "IN_PROGRESS"
    assert "EndTime" not in cloud.job(job_id)
    assert cloud.keys(folder) == [details]
    assert cloud.get(details) == ""
    clock.now += 69
    assert cloud.job(job_id)["JobStatus"] == "IN_PROGRESS"
    clock.now += 1
    job = cloud.job(job_id)
    assert job["JobStatus"] == "COMPLETED"
    assert job["EndTime"] - job["SubmittedTime"] == timedelta(seconds=100)
    assert json.loads(cloud.get(details))["charactersTranslated"] == "11"


def test_a_job_is_done_without_being_looked_at(start_cloud: StartCloud) -> None:
    cloud = start_cloud(job_seconds=0.02)
    cloud.put("in/tea.html", PAGE)
    job_id = cloud.start_job()
    output = f"out/123456789012-TranslateText-{job_id}/zh.tea.html"
    eventually(lambda: output in cloud.keys("out/"))


def test_a_job_that_is_stopped_writes_and_bills_nothing(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=100, clock=clock)
    cloud.put("in/tea.html", PAGE)
    job_id = cloud.start_job()
    clock.now += 50
    assert cloud.translate.stop_text_translation_job(JobId=job_id)["JobStatus"] == "STOP_REQUESTED"
    assert cloud.job(job_id)["JobStatus"] == "STOP_REQUESTED"
    clock.now += 50
    assert cloud.job(job_id)["JobStatus"] == "STOPPED"
    assert not any(key.endswith(".html") for key in cloud.keys("out/"))
    assert cloud.emulator.state().billed_characters == 0


def test_stopping_a_job_that_is_done_changes_nothing(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    job_id = cloud.start_job()
    assert cloud.job(job_id)["JobStatus"] == "COMPLETED"
    assert cloud.translate.stop_text_translation_job(JobId=job_id)["JobStatus"] == "COMPLETED"


def test_only_so_many_jobs_run_at_a_time(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(job_seconds=100, clock=clock, quotas=Quotas(running_jobs=1, queued_jobs=2))
    cloud.put("in/tea.html", PAGE)
    first, second = cloud.start_job(JobName="first"), cloud.start_job(JobName="second")
    assert error_of(cloud.start_job, JobName="third") == "TooManyRequestsException"
    clock.now += 99
    assert [cloud.job(first)["JobStatus"], cloud.job(second)["JobStatus"]] == ["IN_PROGRESS", "SUBMITTED"]
    clock.now += 1
    assert cloud.job(first)["JobStatus"] == "COMPLETED"
    eventually(lambda: cloud.job(second)["JobStatus"] != "SUBMITTED")


def test_the_same_token_and_body_are_one_job_and_another_body_is_another(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    first = cloud.start_job(ClientToken="same")
    assert cloud.start_job(ClientToken="same") == first
    assert cloud.start_job(ClientToken="same", JobName="other") != first
    assert cloud.start_job(ClientToken="other") != first
    assert len(cloud.emulator.state().jobs) == 3


def test_jobs_are_listed_by_filter_and_page(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock)
    cloud.put("in/tea.html", PAGE)
    ids = []
    for number in range(5):
        ids.append(cloud.start_job(JobName=f"job-{number % 2}"))
        clock.now += 10

    def listed(**members: object) -> list[str]:
        answer = cloud.translate.list_text_translation_jobs(**members)  # type: ignore[arg-type]
        return [job["JobId"] for job in answer["TextTranslationJobPropertiesList"]]

    middle = datetime.fromtimestamp(clock.now - 30, UTC)
    assert listed() == ids[::-1]
    assert listed(Filter={"JobName": "job-1"}) == [ids[3], ids[1]]
    assert listed(Filter={"JobStatus": "FAILED"}) == []
    assert listed(Filter={"JobStatus": "COMPLETED"}) == ids[::-1]
    assert listed(Filter={"SubmittedBeforeTime": middle}) == ids[:2]
    assert listed(Filter={"SubmittedAfterTime": middle}) == ids[:2:-1]
    both = {"JobName": "job-1", "JobStatus": "COMPLETED"}
    assert error_of(cloud.translate.list_text_translation_jobs, Filter=both) == "InvalidFilterException"
    page = cloud.translate.list_text_translation_jobs(MaxResults=3)
    assert listed(MaxResults=3) + listed(MaxResults=3, NextToken=page["NextToken"]) == ids[::-1]
    assert error_of(cloud.translate.list_text_translation_jobs, NextToken="mine") == "InvalidRequestException"


def test_text_between_equal_languages_is_free(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    job = cloud.job(cloud.start_job(TargetLanguageCodes=["en"]))
    assert job["JobStatus"] == "COMPLETED"
    assert cloud.emulator.state().jobs[0].billed == {"en": 0}


def test_plain_text_is_translated_line_by_line_and_billed_whole(cloud: Cloud) -> None:
    cloud.put("in/tea.txt", "One\n\n  Two\r\n")
    config = {"S3Uri": f"s3://{BUCKET}/in/", "ContentType": "text/plain"}
    job = cloud.job(cloud.start_job(InputDataConfig=config))
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    assert cloud.get(f"{folder}zh.tea.txt") == "⟦Öńé ~⟧\n\n  ⟦Ťŵö ~⟧\r\n"
    assert cloud.emulator.state().jobs[0].billed == {"zh": 12}


def test_many_threads_may_call_at_once(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)

    def start(number: int) -> str:
        job_id = cloud.start_job(JobName=f"job-{number}", ClientToken=f"t{number % 4}")
        assert cloud.job(job_id)["JobStatus"] in ("SUBMITTED", "IN_PROGRESS", "COMPLETED")
        return cloud.start_job(JobName="one", ClientToken="one")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(24)))) == 1
    jobs = cloud.translate.list_text_translation_jobs()["TextTranslationJobPropertiesList"]
    assert len(jobs) == 25
    assert {job["JobStatus"] for job in jobs} == {"COMPLETED"}
    assert {tuple(job.billed.items()) for job in cloud.emulator.state().jobs} == {(("zh", 11),)}


def test_what_a_job_was_asked_is_told_again(cloud: Cloud) -> None:
    cloud.put("in/tea.html", PAGE)
    job = cloud.job(cloud.start_job(Settings={"Formality": "FORMAL"}))
    assert job["DataAccessRoleArn"] == ROLE
    assert job["Settings"] == {"Formality": "FORMAL"}
    assert job["JobName"] == "book"
    assert "ParallelDataNames" not in job
