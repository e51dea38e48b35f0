"""The one stand-in for Amazon Translate and S3 that tests share: a running emulator, with boto3 clients of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import create_loader

from bot.emulator import EmulatorSettings
from bot.emulator.server import Emulator

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_translate.client import TranslateClient

BUCKET = "books"
SIGNATURE = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/translate/aws4_request, SignedHeaders=host, Signature=0"
ROLE = "arn:aws:iam::123456789012:role/translator"
PAGE = '<html><body><p id="1">Tea is hot.</p></body></html>'


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Cloud:
    """An emulator with a bucket, and clients that never retry by themselves."""

    def __init__(self, emulator: Emulator, region: str = "us-east-1") -> None:
        self.emulator = emulator
        self.region = region
        session = _session(region)
        config = Config(retries={"total_max_attempts": 1})
        self.s3: S3Client = session.client("s3", endpoint_url=emulator.endpoint_url, config=config)
        self.translate: TranslateClient = session.client("translate", endpoint_url=emulator.endpoint_url, config=config)

    @property
    def environment(self) -> Mapping[str, str]:
        """For a process that is to use this emulator through boto3's own variables."""
        return {
            "AWS_ENDPOINT_URL": self.emulator.endpoint_url,
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def reset(self) -> None:
        self.emulator.reset()
        self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, content: str | bytes) -> str:
        """Writes an object; its address."""
        data = content.encode() if isinstance(content, str) else content
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data)
        return f"s3://{BUCKET}/{key}"

    def get(self, key: str) -> str:
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()

    def keys(self, prefix: str = "") -> list[str]:
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]

    def translated(self, text: str, **changes: Any) -> str:
        """The text from English into Chinese, unless `changes` say otherwise."""
        request = {"SourceLanguageCode": "en", "TargetLanguageCode": "zh", "Text": text, **changes}
        return self.translate.translate_text(**request)["TranslatedText"]

    def job_request(self, **changes: Any) -> Any:
        """The members of a request for a job, English to Chinese, from `in/` to `out/`; None leaves a member out."""
        members = {
            "JobName": "book",
            "InputDataConfig": {"S3Uri": f"s3://{BUCKET}/in/", "ContentType": "text/html"},
            "OutputDataConfig": {"S3Uri": f"s3://{BUCKET}/out/"},
            "DataAccessRoleArn": ROLE,
            "SourceLanguageCode": "en",
            "TargetLanguageCodes": ["zh"],
        }
        return {name: value for name, value in {**members, **changes}.items() if value is not None}

    def start_job(self, **changes: Any) -> str:
        return self.translate.start_text_translation_job(**self.job_request(**changes))["JobId"]

    def job(self, job_id: str) -> Any:
        return self.translate.describe_text_translation_job(JobId=job_id)["TextTranslationJobProperties"]

    def parallel_data(self, name: str = "pairs") -> Any:
        return self.translate.get_parallel_data(Name=name)["ParallelDataProperties"]

    def create_parallel_data(self, content: str, name: str = "pairs", form: str = "CSV", **changes: Any) -> Any:
        """Uploads a file and creates a resource from it; what Create answers."""
        config: Any = {"S3Uri": self.put(f"pd/{name}", content), "Format": form}
        return self.translate.create_parallel_data(Name=name, ParallelDataConfig=config, **changes)

    def update_parallel_data(self, content: str, name: str = "pairs", form: str = "CSV", **changes: Any) -> Any:
        config: Any = {"S3Uri": self.put(f"pd/{name}", content), "Format": form}
        return self.translate.update_parallel_data(Name=name, ParallelDataConfig=config, **changes)


@cache
def _session(region: str) -> boto3.Session:
    """Reads each service model once, which takes longer than most tests."""
    return boto3.Session("tests", "tests", region_name=region)


StartCloud = Callable[..., Cloud]
"""What the fixture `start_cloud` is."""


def error_of(action: Callable[..., object], **members: Any) -> str:
    """The code of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        action(**members)
    return caught.value.response["Error"]["Code"]


def fetch(request: Request | str) -> tuple[int, Any]:
    """The status and the answer, over HTTP, as another process gets them."""
    try:
        with urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.fixture(scope="session", autouse=True)
def _service_models_are_read_once() -> Iterator[None]:
    """Each session reads them anew, which takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", cache(create_loader))
        yield


@pytest.fixture(scope="session")
def _running_cloud() -> Iterator[Cloud]:
    with Emulator(EmulatorSettings()) as emulator:
        yield Cloud(emulator)


@pytest.fixture
def cloud(_running_cloud: Cloud) -> Cloud:
    """The session's emulator, empty but for the bucket: no delays, no quotas below Amazon's, pseudo-translations."""
    _running_cloud.reset()
    return _running_cloud


@pytest.fixture
def start_cloud() -> Iterator[StartCloud]:
    """`start_cloud(job_seconds=60, clock=Clock())` is an emulator of its own, for settings that differ. Its buckets are
    those of all emulators of the process, and empty at its start."""
    with ExitStack() as stack:

        def start(**settings: Any) -> Cloud:
            cloud = Cloud(stack.enter_context(Emulator(replace(EmulatorSettings(), **settings))))
            cloud.reset()
            return cloud

        yield start
