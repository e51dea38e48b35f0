"""The endpoint: Translate, moto's S3, STS and IAM, and the emulator's own pages on one loopback port."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from bot.emulator.backend import Backend
from bot.emulator.faults import ON_CALLS, Fault, FaultKind, Faults, read_fault
from bot.emulator.files import PATH as FILES
from bot.emulator.machine import Machine
from bot.emulator.neighbours import Neighbours, service_of
from bot.emulator.protocol import service_model, target_prefix
from bot.emulator.service import DroppedConnectionError, Service
from bot.emulator.settings import EmulatorSettings
from bot.emulator.state import CallRecord, State
from bot.emulator.storage import AGENT, Storage
from bot.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_JSON = "application/x-amz-json-1.1"
_STATE, _FAULTS, _RESET = "/_emulator/state", "/_emulator/faults", "/_emulator/reset"


class Emulator:
    """A running endpoint between `start` and `stop`, or inside `with`.

    Raises InputError for a memory file that can't be read, UsageError for a port that can't be had.
    """

    def __init__(self, settings: EmulatorSettings | None = None) -> None:
        self.settings = settings or EmulatorSettings()
        self._faults = Faults()
        self._machine = Machine(self.settings.memory, self.settings.fallback)
        self._neighbours = Neighbours()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint_url(self) -> str:
        return f"http://{self.settings.host}:{self._port}"

    def start(self) -> None:
        service_model()
        host, port = self.settings.host, self.settings.port
        try:
            # werkzeug itself would end the program where the port is taken.
            listener = socket.create_server((host, port), backlog=128)
        except OSError as error:
            message = f"{host}:{port} can't be had ({error.strerror}); choose another --port, or 0 for a free one"
            raise UsageError(message) from None
        with listener:
            self._port = listener.getsockname()[1]
            self._server = make_server(
                host, self._port, self._application, threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
            )
        self._backend = Backend(
            self.settings, Storage(self.endpoint_url, self._neighbours), self._machine, self._faults
        )
        self._backend.files.endpoint_url = self.endpoint_url
        self._service = Service(self._backend)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="emulator", daemon=True)
        self._thread.start()
        self._backend.start()
        self._make_buckets()

    def stop(self) -> None:
        self._backend.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def state(self) -> State:
        return self._service.state()

    def add_fault(self, fault: Fault) -> None:
        self._faults.add(fault)

    def clear_faults(self) -> None:
        self._faults.clear()

    def reset(self) -> None:
        """As after the start: no jobs, no parallel data, no faults, no buckets but those of the settings."""
        self._service.clear()
        self._neighbours.clear()
        self._make_buckets()

    def _make_buckets(self) -> None:
        for bucket in self.settings.buckets:
            self._backend.storage.create(bucket)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        prefix, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        try:
            if prefix == target_prefix():
                return self._translate(operation, environ, start_response)
            if path.startswith("/_emulator/"):
                return self._own_page(path, environ, start_response)
            return self._neighbour(environ, start_response)
        except DroppedConnectionError:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise

    def _translate(self, operation: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._service.answer(operation, environ.get("HTTP_AUTHORIZATION", ""), _body(environ))
        return _respond(start_response, answer.status, answer.body, _JSON)

    def _neighbour(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if AGENT in environ.get("HTTP_USER_AGENT", ""):
            return self._neighbours(environ, start_response)
        name = f"{service_of(environ)}:{environ['REQUEST_METHOD']}"
        fault = self._faults.take(ON_CALLS, name)
        self._service.record(CallRecord(name, "", fault.kind if fault else ""))
        if fault is None:
            return self._neighbours(environ, start_response)
        if fault.kind is FaultKind.DROP:
            b"".join(self._neighbours(environ, _ignore))
        if fault.kind in (FaultKind.DROP, FaultKind.DROP_BEFORE):
            raise DroppedConnectionError
        is_throttle = fault.kind is FaultKind.THROTTLE
        code, status = ("SlowDown", 503) if is_throttle else ("InternalError", 500)
        body = f"<Error><Code>{code}</Code><Message>emulator: failed on request</Message></Error>"
        return _respond(start_response, status, body.encode(), "application/xml")

    def _own_page(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = environ["REQUEST_METHOD"], path
        if path.startswith(FILES):
            data = self._backend.files.read(path)
            if data is None:
                expired = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
                return _respond(start_response, 403, expired, "application/xml")
            return _respond(start_response, 200, data, "application/octet-stream")
        match request:
            case "GET", p if p == _STATE:
                return _json(start_response, 200, self.state().to_json())
            case "POST", p if p == _RESET:
                self.reset()
                return _json(start_response, 200, {})
            case "POST", p if p == _FAULTS:
                try:
                    data = json.loads(_body(environ))
                    found = [read_fault(item) for item in (data if isinstance(data, list) else [data])]
                except (ValueError, TypeError, AttributeError) as error:
                    return _json(start_response, 400, {"error": str(error)})
                for fault in found:
                    self.add_fault(fault)
                return _json(start_response, 200, {"faults": self._faults.pending()})
            case "DELETE", p if p == _FAULTS:
                self.clear_faults()
                return _json(start_response, 200, {"faults": []})
            case _:
                pages = f"GET {_STATE}, POST or DELETE {_FAULTS}, POST {_RESET}"
                return _json(start_response, 404, {"error": f"the emulator's own pages are {pages}"})


class _QuietHandler(WSGIRequestHandler):
    """Says nothing of requests, and nothing on standard error of a client that goes away."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _body(environ: WSGIEnvironment) -> bytes:
    data: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return data


def _respond(start_response: StartResponse, status: int, body: bytes, content_type: str) -> Iterable[bytes]:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]


def _json(start_response: StartResponse, status: int, value: Mapping[str, Any]) -> Iterable[bytes]:
    return _respond(start_response, status, json.dumps(value, ensure_ascii=False).encode(), "application/json")


def _ignore(*_: object) -> Any:
    return io.BytesIO().write
