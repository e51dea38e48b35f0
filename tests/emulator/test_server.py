"""The emulator's endpoint: moto's services beside Translate, buckets, and its own pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest

from tests.support.emulator_fixture import BUCKET, SIGNATURE, Cloud, error_of, fetch


def test_sts_and_iam_answer_beside_it(cloud: Cloud) -> None:
    session = boto3.Session("tests", "tests", region_name="us-east-1")
    sts = session.client("sts", endpoint_url=cloud.emulator.endpoint_url)
    iam = session.client("iam", endpoint_url=cloud.emulator.endpoint_url)
    assert sts.get_caller_identity()["Account"] == "123456789012"
    assert error_of(iam.get_role, RoleName="translator") == "NoSuchEntity"
    iam.create_role(RoleName="translator", AssumeRolePolicyDocument="{}")
    assert iam.get_role(RoleName="translator")["Role"]["Arn"] == "arn:aws:iam::123456789012:role/translator"


def test_other_services_are_refused(cloud: Cloud) -> None:
    authorization = SIGNATURE.replace("/translate/", "/comprehend/")
    request = Request(cloud.emulator.endpoint_url, b"{}", {"Authorization": authorization})
    with pytest.raises(HTTPError) as caught:
        urlopen(request)
    with caught.value as answer:
        assert answer.code == 501
        assert b"not comprehend" in answer.read()


def test_presigned_addresses_of_s3_work(cloud: Cloud) -> None:
    cloud.put("a ü/tea.txt", "hot")
    url = cloud.s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "a ü/tea.txt"})
    with urlopen(url) as answer:
        assert answer.read() == b"hot"


def test_buckets_of_the_settings_are_there_from_the_start_and_after_a_reset(start_cloud: Callable[..., Cloud]) -> None:
    cloud = start_cloud(buckets=("one", "two"))
    for _ in range(2):
        assert {"one", "two"} <= {bucket["Name"] for bucket in cloud.s3.list_buckets()["Buckets"]}
        cloud.s3.delete_bucket(Bucket="one")
        cloud.emulator.reset()


def test_the_state_and_the_reset_are_there_over_http(cloud: Cloud) -> None:
    own = f"{cloud.emulator.endpoint_url}/_emulator"
    cloud.put("in/tea.html", "<html>Tea</html>")
    cloud.job(cloud.start_job())
    status, state = fetch(f"{own}/state")
    assert status == 200
    assert state["jobs"][0]["billed"] == {"zh": 3}
    assert state["billed_characters"] == 3
    assert state["calls_by_operation"]["StartTextTranslationJob"] == 1
    assert state["calls_by_operation"]["s3:PUT"] == 1 + 1  # the bucket and the document; not the emulator's own
    assert fetch(Request(f"{own}/reset", b"")) == (200, {})
    assert fetch(f"{own}/state")[1]["jobs"] == []
    assert error_of(cloud.get, key="in/tea.html") == "NoSuchBucket"
    assert fetch(f"{own}/nothing")[0] == 404
