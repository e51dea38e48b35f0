"""The endpoint: Translate, moto's S3, STS and IAM, and the emulator's own pages on one loopback port."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from bot.emulator.backend import Backend
from bot.emulator.faults import CALL_FAULTS, Fault, FaultKind, Faults, read_fault
from bot.emulator.machine import Machine
from bot.emulator.protocol import service_model
from bot.emulator.service import CallRecord, DroppedConnectionError, EmulatorState, TranslateService
from bot.emulator.settings import EmulatorSettings
from bot.emulator.storage import FILES_PATH, MotoServices, service_of
from bot.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Emulator:
    """A running endpoint between `start` and `stop`, or inside `with`.

    Raises InputError for a memory file that can't be read, UsageError for a port that is not available.
    """

    def __init__(self, settings: EmulatorSettings | None = None) -> None:
        self.settings = settings or EmulatorSettings()
        self._faults = Faults()
        self._machine = Machine(self.settings.memory, self.settings.fallback)
        self._moto = MotoServices()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoint_url(self) -> str:
        return f"http://{self.settings.host}:{self._port}"

    def start(self) -> None:
        service_model()
        host, port = self.settings.host, self.settings.port
        try:
            # werkzeug itself would end the program if the port is taken.
            listener = socket.create_server((host, port), backlog=128)
        except OSError as error:
            message = f"{host}:{port} is not available ({error.strerror}); choose another --port, or 0 for a free one"
            raise UsageError(message) from None
        with listener:
            self._port = listener.getsockname()[1]
            self._server = make_server(
                host, self._port, self._application, threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
            )
        self._start_service()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="emulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._backend.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def state(self) -> EmulatorState:
        return self._service.state()

    def add_fault(self, fault: Fault) -> None:
        self._faults.add(fault)

    def clear_faults(self) -> None:
        self._faults.clear()

    def reset(self) -> None:
        """As after the start: no jobs, no parallel data, no faults, no buckets but the settings'."""
        self._backend.stop()
        self._faults.clear()
        self._moto.clear()
        self._start_service()

    def _start_service(self) -> None:
        self._backend = Backend(self.settings, self.endpoint_url, self._machine, self._faults)
        self._service = TranslateService(self._backend)
        self._backend.start()
        for bucket in self.settings.buckets:
            self._backend.storage.create(bucket)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        prefix, _, operation = request.headers.get("X-Amz-Target", "").partition(".")
        application: WSGIApplication
        try:
            if prefix == service_model().metadata["targetPrefix"]:
                authorization = request.headers.get("Authorization", "")
                status, body = self._service.answer(operation, authorization, request.get_data())
                application = Response(body, status, content_type="application/x-amz-json-1.1")
            elif request.path.startswith("/_emulator/"):
                application = self._own_page(request)
            else:
                application = self._faulty_moto(request)
        except DroppedConnectionError:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
        return application(environ, start_response)

    def _faulty_moto(self, request: Request) -> WSGIApplication:
        name = f"{service_of(request.environ)}:{request.method}"
        fault = self._faults.take(CALL_FAULTS, name)
        self._service.record(CallRecord(name, "", fault.kind if fault else ""))
        if fault is None:
            return self._moto
        if fault.kind is FaultKind.DROP:
            run_wsgi_app(self._moto, request.environ)
        if fault.kind in (FaultKind.DROP, FaultKind.DROP_BEFORE):
            raise DroppedConnectionError
        code, status = ("SlowDown", 503) if fault.kind is FaultKind.THROTTLE else ("InternalError", 500)
        return _xml_error(status, code, "emulator: failed on request")

    def _own_page(self, request: Request) -> Response:
        if request.path.startswith(FILES_PATH):
            data = self._backend.files.read(request.path)
            if data is None:
                return _xml_error(403, "AccessDenied", "Request has expired")
            return Response(data, content_type="application/octet-stream")
        match f"{request.method} {request.path}":
            case "GET /_emulator/state":
                return _json(200, self.state().to_json())
            case "POST /_emulator/reset":
                self.reset()
                return _json(200, {})
            case "POST /_emulator/faults":
                try:
                    data = json.loads(request.get_data())
                    faults = [read_fault(item) for item in (data if isinstance(data, list) else [data])]
                except (ValueError, TypeError, AttributeError) as error:
                    return _json(400, {"error": str(error)})
                for fault in faults:
                    self.add_fault(fault)
                return _json(200, {"faults": self._faults.pending()})
            case "DELETE /_emulator/faults":
                self.clear_faults()
                return _json(200, {"faults": []})
            case _:
                pages = "GET /_emulator/state, POST or DELETE /_emulator/faults, POST /_emulator/reset"
                return _json(404, {"error": f"the emulator's own pages are {pages}"})


class _QuietHandler(WSGIRequestHandler):
    """Logs neither requests nor clients that disconnect."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _json(status: int, value: Mapping[str, Any]) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, content_type="application/json")


def _xml_error(status: int, code: str, message: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(body, status, content_type="application/xml")
