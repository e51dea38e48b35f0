"""The emulator's own way to the buckets beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.test import Client

from bot.emulator.neighbours import Neighbours

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# How the emulator tells its own requests from a client's: faults and the list of calls leave them out.
AGENT = "amts-emulator"
# moto takes a request without a signature for a stranger's, and does not verify one.
_SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=emulator/20200101/us-east-1/s3/aws4_request"}
_URI = re.compile(r"s3://([^/]+)/?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key, or the prefix."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise ValueError(f"no S3 address: {uri}")
    return match[1], match[2]


class Storage:
    """Reading and writing objects, which goes to moto directly: a job may have thousands. Anything else is asked of the
    endpoint, as any client does."""

    def __init__(self, endpoint_url: str, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._client: S3Client = _session().client(
            "s3",
            endpoint_url=endpoint_url,
            config=Config(user_agent_extra=AGENT, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def create(self, bucket: str) -> None:
        self._client.create_bucket(Bucket=bucket)

    def region(self, bucket: str) -> str | None:
        """Where the bucket lies; None where there is none."""
        try:
            location: str | None = self._client.get_bucket_location(Bucket=bucket)["LocationConstraint"]
        except ClientError as error:
            _raise_unless_absent(error)
            return None
        return location or "us-east-1"

    def objects(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """In the order of their keys, folder markers left out."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                if not item["Key"].endswith("/"):
                    yield StoredObject(item["Key"], item["Size"])

    def size(self, bucket: str, key: str) -> int | None:
        """In bytes; None where there is no such object."""
        try:
            return self._client.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except ClientError as error:
            _raise_unless_absent(error)
            return None

    def read(self, bucket: str, key: str) -> bytes:
        """Raises OSError where there is no such object."""
        answer = self._objects.get(f"/{quote(bucket)}/{quote(key)}", headers=_SIGNED)
        if answer.status_code != 200:
            raise OSError(f"s3://{bucket}/{key} can't be read: {answer.text}")
        return bytes(answer.data)

    def write(self, bucket: str, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """Raises OSError where there is no such bucket."""
        answer = self._objects.put(
            f"/{quote(bucket)}/{quote(key)}", data=data, content_type=content_type, headers=_SIGNED
        )
        if answer.status_code != 200:
            raise OSError(f"s3://{bucket}/{key} can't be written: {answer.text}")

    @cached_property
    def _objects(self) -> Client:
        return Client(self._neighbours.app("s3"), use_cookies=False)


@cache
def _session() -> boto3.Session:
    """Holds the model of S3, which takes a while to read."""
    return boto3.Session("emulator", "emulator", region_name="us-east-1")


def _raise_unless_absent(error: ClientError) -> None:
    if error.response["Error"]["Code"] not in ("404", "NoSuchBucket", "NoSuchKey"):
        raise error
