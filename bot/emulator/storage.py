"""moto's S3, STS and IAM in this process, the emulator's own access to the buckets, and files offered for download."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from moto.s3.models import FakeKey, S3Backend

ACCOUNT = "123456789012"
"""moto's account."""
FILES_PATH = "/_emulator/files/"

_SERVICES = frozenset({"s3", "sts", "iam"})
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request")
_URI = re.compile(r"s3://([^/]+)/?(.*)", re.DOTALL)
_OFFER_SECONDS = 30 * 60


def service_of(environ: WSGIEnvironment) -> str:
    """The service that a request is signed for; `s3` if the signature is in the address, or missing."""
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


def split_uri(uri: str) -> tuple[str, str]:
    """The bucket and the key (or prefix)."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise ValueError(f"no S3 address: {uri}")
    return match[1], match[2]


class EmulatedStorage:
    """The emulator's own access to the buckets, directly in moto's state: a job may have thousands of objects."""

    def create(self, bucket: str) -> None:
        self._backend.create_bucket(bucket, "us-east-1")

    def region(self, bucket: str) -> str | None:
        """The region of a bucket; None if there is no such bucket."""
        return self._backend.get_bucket(bucket).region_name if bucket in self._backend.buckets else None

    def sizes(self, bucket: str, prefix: str) -> dict[str, int]:
        """The bytes of each object by key, in the order of the keys, without folder markers."""
        keys = sorted(self._backend.get_bucket(bucket).keys)
        names = [key for key in keys if key.startswith(prefix) and not key.endswith("/")]
        return {key: size for key in names if (size := self.size(bucket, key)) is not None}

    def size(self, bucket: str, key: str) -> int | None:
        """In bytes; None if there is no such object."""
        stored = self._find(bucket, key)
        return stored.size if stored else None

    def read(self, bucket: str, key: str) -> bytes:
        """Raises OSError if there is no such object."""
        stored = self._find(bucket, key)
        if stored is None:
            raise OSError(f"s3://{bucket}/{key} can't be read: there is no such object")
        return bytes(stored.value)

    def write(self, bucket: str, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """Raises OSError if there is no such bucket."""
        if bucket not in self._backend.buckets:
            raise OSError(f"s3://{bucket}/{key} can't be written: there is no such bucket")
        self._backend.put_object(bucket, key, data).set_metadata({"Content-Type": content_type})

    def _find(self, bucket: str, key: str) -> FakeKey | None:
        return self._backend.get_object(bucket, key) if bucket in self._backend.buckets else None

    @property
    def _backend(self) -> S3Backend:
        from moto.s3.models import s3_backends

        return s3_backends[ACCOUNT]["aws"]


class OfferedFiles:
    """Files behind addresses that hold for half an hour, as the service's presigned addresses do."""

    def __init__(self, endpoint_url: str, clock: Callable[[], float]) -> None:
        self._endpoint_url = endpoint_url
        self._clock = clock
        self._lock = threading.Lock()
        self._files: dict[str, tuple[float, bytes]] = {}

    def offer(self, data: bytes, name: str) -> dict[str, str] | None:
        """The location of the file in an answer of the service, None for an empty file. Its address ends in `name`."""
        if not data:
            return None
        now = self._clock()
        token = hashlib.sha256(f"{now}\0{len(data)}\0{name}".encode() + data).hexdigest()[:32]
        with self._lock:
            self._files = {key: file for key, file in self._files.items() if file[0] > now}
            self._files[token] = now + _OFFER_SECONDS, data
        return {"RepositoryType": "S3", "Location": f"{self._endpoint_url}{FILES_PATH}{token}/{name}"}

    def read(self, path: str) -> bytes | None:
        """The file at a path below `FILES_PATH`; None if there is none, or its address has expired."""
        token = path.removeprefix(FILES_PATH).partition("/")[0]
        with self._lock:
            expires, data = self._files.get(token, (0.0, b""))
        return data if expires > self._clock() else None
