"""moto's S3, STS and IAM in this process, the emulator's own access to the buckets, and files offered for download."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from mypy_boto3_s3.client import S3Client

AGENT = "amts-emulator"
"""Marks the emulator's own requests, which faults and the list of calls leave out."""
FILES_PATH = "/_emulator/files/"

_SERVICES = frozenset({"s3", "sts", "iam"})
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request")
# moto treats an unsigned request as anonymous, and does not verify signatures.
_SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=emulator/20200101/us-east-1/s3/aws4_request"}
_URI = re.compile(r"s3://([^/]+)/?(.*)", re.DOTALL)
_OFFER_SECONDS = 30 * 60


def service_of(environ: WSGIEnvironment) -> str:
    """The service that a request is signed for; `s3` where the signature is in the address, or missing."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return scope[1] if scope else "s3"


class MotoServices:
    """moto's services as one WSGI application; each is loaded at its first request.

    moto keeps its state in module globals: two emulators in one process share their buckets. moto's own dispatcher
    searches its folders at each request, which takes longer than the request itself.
    """

    def __init__(self) -> None:
        if find_spec("moto") is None:
            raise ModuleNotFoundError("No module named 'moto'", name="moto")
        self._lock = threading.Lock()
        self._apps: dict[str, WSGIApplication] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        service = service_of(environ)
        if service not in _SERVICES:
            start_response("501 Not Implemented", [("Content-Type", "text/plain")])
            return [f"emulator: has translate, {', '.join(sorted(_SERVICES))}, not {service}\n".encode()]
        return self.app(service)(environ, start_response)

    def clear(self) -> None:
        """Deletes all buckets, roles and users."""
        answer = Client(self.app("moto_api")).post("/moto-api/reset")
        if answer.status_code != 200:
            raise RuntimeError(f"moto did not reset: {answer.text}")

    def app(self, service: str) -> WSGIApplication:
        """The application of one of moto's services."""
        with self._lock:
            if service not in self._apps:
                from moto.moto_server.werkzeug_app import create_backend_app

                self._apps[service] = create_backend_app(service)  # type: ignore[arg-type]
            return self._apps[service]


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int


def split_uri(uri: str) -> tuple[str, str]:
    """The bucket and the key (or prefix)."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise ValueError(f"no S3 address: {uri}")
    return match[1], match[2]


class EmulatedStorage:
    """The emulator's own access to the buckets.

    It reads and writes objects in moto directly, since a job may have thousands, and asks the endpoint for the rest, as
    any client does.
    """

    def __init__(self, endpoint_url: str, moto: MotoServices) -> None:
        self.endpoint_url = endpoint_url
        self._moto = moto
        self._client: S3Client = _session().client(
            "s3",
            endpoint_url=endpoint_url,
            config=Config(user_agent_extra=AGENT, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def create(self, bucket: str) -> None:
        self._client.create_bucket(Bucket=bucket)

    def region(self, bucket: str) -> str | None:
        """The region of a bucket; None where there is no such bucket."""
        try:
            location: str | None = self._client.get_bucket_location(Bucket=bucket)["LocationConstraint"]
        except ClientError as error:
            _raise_unless_absent(error)
            return None
        return location or "us-east-1"

    def objects(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """In the order of their keys, without folder markers."""
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
        return Client(self._moto.app("s3"), use_cookies=False)


class OfferedFiles:
    """Files behind addresses that hold for half an hour, as the service's presigned addresses do."""

    def __init__(self, endpoint_url: str, clock: Callable[[], float]) -> None:
        self._endpoint_url = endpoint_url
        self._clock = clock
        self._lock = threading.Lock()
        self._files: dict[str, tuple[float, bytes]] = {}

    def offer(self, data: bytes, name: str) -> dict[str, str]:
        """The location of the file in an answer of the service. Its address ends in `name`."""
        now = self._clock()
        token = hashlib.sha256(f"{now}\0{len(data)}\0{name}".encode() + data).hexdigest()[:32]
        with self._lock:
            self._files = {key: file for key, file in self._files.items() if file[0] > now}
            self._files[token] = now + _OFFER_SECONDS, data
        return {"RepositoryType": "S3", "Location": f"{self._endpoint_url}{FILES_PATH}{token}/{name}"}

    def read(self, path: str) -> bytes | None:
        """The file at a path below `FILES_PATH`; None where there is none, or its address has expired."""
        token = path.removeprefix(FILES_PATH).partition("/")[0]
        with self._lock:
            expires, data = self._files.get(token, (0.0, b""))
        return data if expires > self._clock() else None

    def clear(self) -> None:
        with self._lock:
            self._files.clear()


@cache
def _session() -> boto3.Session:
    """Cached, since it holds the model of S3, which is slow to read."""
    return boto3.Session("emulator", "emulator", region_name="us-east-1")


def _raise_unless_absent(error: ClientError) -> None:
    if error.response["Error"]["Code"] not in ("404", "NoSuchBucket", "NoSuchKey"):
        raise error
