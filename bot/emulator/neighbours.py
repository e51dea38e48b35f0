"""moto's S3, STS and IAM as WSGI applications, each loaded when it is first asked for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SERVICES = frozenset({"s3", "sts", "iam"})
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request")


def service_of(environ: WSGIEnvironment) -> str:
    """The service that a request is signed for; `s3` where its signature is in the address, or missing."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return scope[1] if scope else "s3"


class Neighbours:
    """moto holds its state in module globals: two emulators in one process share their buckets.

    moto's own dispatcher looks through its folders at each request, which takes longer than the request itself.
    """

    def __init__(self) -> None:
        if find_spec("moto") is None:
            raise ModuleNotFoundError("No module named 'moto'", name="moto")
        self._lock = threading.Lock()
        self._apps: dict[str, WSGIApplication] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        service = service_of(environ)
        if service not in _SERVICES:
            known = ", ".join(sorted(_SERVICES))
            start_response("501 Not Implemented", [("Content-Type", "text/plain")])
            return [f"emulator: has translate, {known}, not {service}\n".encode()]
        return self.app(service)(environ, start_response)

    def clear(self) -> None:
        """All buckets, roles and users forgotten."""
        answer = Client(self.app("moto_api")).post("/moto-api/reset")
        if answer.status_code != 200:
            raise RuntimeError(f"moto did not reset: {answer.text}")

    def app(self, service: str) -> WSGIApplication:
        """What answers for one of moto's services."""
        with self._lock:
            if service not in self._apps:
                from moto.moto_server.werkzeug_app import create_backend_app

                self._apps[service] = create_backend_app(service)  # type: ignore[arg-type]
            return self._apps[service]
