"""`amts check --aws`: what is right, what is wrong with what to do, and what can't be verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bot.emulator import FaultKind
from bot.engines.amazon.checking import check
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.base import Finding, Severity
from tests.support.amazon_run import SETTINGS, TRUST, World, changed, create_role, wrapped
from tests.support.emulator_fixture import BUCKET


def problems(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.PROBLEM]


def of(subject: str, found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.subject == subject]


def denied(operation: str) -> ClientError:
    answer: Any = {"Error": {"Code": "AccessDenied", "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return ClientError(answer, operation)


def test_everything_in_place_has_no_problem_and_leaves_nothing_behind(world: World) -> None:
    create_role()
    found = check(world.session())
    assert [finding.subject for finding in found] == [
        "identity",
        "region",
        "bucket",
        "bucket",
        "role",
        "service",
        "service",
        "prices",
    ]
    assert {finding.severity for finding in found[:-1]} == {Severity.FACT}
    assert found[-1].severity is Severity.NOTE
    assert "as of 2026-11, from third parties that quote aws.amazon.com/translate/pricing" in found[-1].text
    assert "123456789012" in found[0].text
    assert world.stored() == []


def test_credentials_that_do_not_work_end_the_check_with_what_to_do(world: World) -> None:
    class Refusing:
        def get_caller_identity(self) -> Any:
            raise ClientError({"Error": {"Code": "ExpiredToken", "Message": "Expired"}}, "GetCallerIdentity")

    found = check(world.session(clients=replace(world.clients(), make=lambda _: Refusing())))
    assert [finding.subject for finding in found] == ["identity", "region"]
    assert "ExpiredToken: Expired; sign in again" in problems(found)[0].text


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        (changed(region="eu-central-1"), "parallel data; use one of us-east-1, us-west-2, eu-west-1, or set"),
        (changed(region="sa-east-1"), "batch jobs; use one of us-east-1"),
        (changed(region="eu-central-1", parallel_data="none"), ""),
        (changed(region="sa-east-1", mode="real-time"), ""),
        (changed(region="eu-west-1"), ""),
        (changed(region="ap-northeast-1", parallel_data="none"), ""),
        (changed(region="ap-northeast-1"), "parallel data; use one of us-east-1, us-west-2, eu-west-1, or set"),
        (changed(region="ap-east-1", parallel_data="none"), "batch jobs; use one of us-east-1"),
    ],
)
def test_the_region_must_offer_what_is_asked_for(world: World, settings: AmazonSettings, advice: str) -> None:
    (region,) = of("region", check(world.session(settings)))
    assert advice in region.text
    assert (region.severity is Severity.PROBLEM) is bool(advice)


def test_a_bucket_that_does_not_exist_is_a_problem(world: World) -> None:
    (bucket,) = of("bucket", check(world.session(changed(bucket="nowhere"))))
    assert bucket.severity is Severity.PROBLEM
    assert "there is no bucket nowhere; create it in us-east-1" in bucket.text


def test_a_bucket_in_another_region_is_a_problem(world: World) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    (bucket,) = of("bucket", check(world.session(changed(bucket="elsewhere"))))
    assert bucket.severity is Severity.PROBLEM
    assert "elsewhere is in eu-west-1, but the engine works in us-east-1" in bucket.text


@pytest.mark.parametrize("operation", ["head_bucket", "put_object", "get_object", "delete_objects"])
def test_a_right_that_is_missing_on_the_bucket_is_a_problem(world: World, operation: str) -> None:
    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name == operation:
            raise denied(operation)
        return call(**arguments)

    (problem,) = problems(of("bucket", check(world.session(clients=wrapped(around)(world.clients())))))
    assert "docs/reference/aws.md" in problem.text


def test_a_role_that_does_not_exist_is_a_problem(world: World) -> None:
    (role,) = of("role", check(world.session()))
    assert role.severity is Severity.PROBLEM
    assert f"there is no {SETTINGS.role}; create it" in role.text


def test_a_role_in_a_folder_is_found_by_its_name(world: World) -> None:
    create_role(name="deep")
    settings = changed(role="arn:aws:iam::123456789012:role/teams/book/deep")
    assert of("role", check(world.session(settings)))[0].severity is Severity.FACT


def test_a_role_of_another_account_is_a_problem(world: World) -> None:
    settings = changed(role="arn:aws:iam::999999999999:role/translator")
    (role,) = of("role", check(world.session(settings)))
    assert role.severity is Severity.PROBLEM
    assert "use a role of 123456789012" in role.text


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Principal": {"AWS": "123456789012"}},
        {"Action": "sts:TagSession"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
    ],
)
def test_a_role_that_the_service_may_not_assume_is_a_problem(world: World, change: dict[str, Any]) -> None:
    create_role([{**TRUST, **change}])
    (role,) = of("role", check(world.session()))
    assert role.severity is Severity.PROBLEM
    assert "correct its trust policy" in role.text


@pytest.mark.parametrize(
    "trust",
    [
        [TRUST],
        [{**TRUST, "Effect": "Deny", "Action": "sts:TagSession"}, TRUST],
        {**TRUST, "Principal": {"Service": ["lambda.amazonaws.com", "translate.amazonaws.com"]}},
        {**TRUST, "Condition": {}},
    ],
)
def test_every_way_to_write_the_trust_is_understood(world: World, trust: Any) -> None:
    create_role(trust)
    assert of("role", check(world.session()))[0].severity is Severity.FACT


def test_a_role_that_may_not_be_looked_at_is_a_note_that_says_why(world: World) -> None:
    made = world.clients().make

    class Refusing:
        def get_role(self, **_: Any) -> Any:
            raise denied("GetRole")

    def make(service: str) -> Any:
        return Refusing() if service == "iam" else made(service)

    (role,) = of("role", check(world.session(clients=replace(world.clients(), make=make))))
    assert role.severity is Severity.NOTE
    assert "can't be verified, because looking at" in role.text
    assert "AccessDenied" in role.text


@pytest.mark.parametrize("operation", ["ListTextTranslationJobs", "ListParallelData"])
def test_a_service_that_does_not_answer_is_a_problem(world: World, operation: str) -> None:
    create_role()
    world.fail(FaultKind.ERROR, operation, times=None)
    (problem,) = problems(check(world.session()))
    assert problem.subject == "service"
    assert "run again later" in problem.text


def test_nothing_but_the_probe_is_written(world: World) -> None:
    written: list[str] = []

    def around(name: str, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if name == "put_object":
            written.append(f"{arguments['Bucket']}/{arguments['Key']}")
        return call(**arguments)

    check(world.session(clients=wrapped(around)(world.clients())))
    assert written == [f"{BUCKET}/amts/check/amts-zh/probe.txt"]
    assert {job.status for job in world.state.jobs} == set()
