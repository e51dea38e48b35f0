"""Uvicorn in its own thread, protected from clients that send slowly or never."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.config.service import Web
from bot.errors import UsageError

_START_SECONDS = 30.0
_STOP_SECONDS = 5
_MARGIN_SECONDS = 0.5


class Server:
    """Serves an application at `url` inside `with`. Raises UsageError for a port that is not available."""

    def __init__(self, app: Starlette, web: Web) -> None:
        family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
        try:
            self._listener = socket.create_server((web.host, web.port), backlog=1024, family=family)
        except OSError as error:
            # Without the address, which Python appends in its own format.
            reason = str(error.strerror).partition(" (")[0]
            message = f"{web.host}:{web.port} can't be had ({reason}); choose another --port, or 0 for a free one"
            raise UsageError(message) from None
        host = f"[{web.host}]" if ":" in web.host else web.host
        self.url = f"http://{host}:{self._listener.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            http=_protocol(web),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._running = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._running.wait(_START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _serve(self) -> None:
        async def main() -> None:
            self._running.set()
            await self._server.serve(sockets=[self._listener])

        asyncio.run(main())


def _protocol(web: Web) -> type[asyncio.Protocol]:
    """Uvicorn's HTTP/1.1, which itself would wait for a request for ever. A connection whose request is not complete in
    time is closed; if there are too many connections, the connection that has waited longest is closed."""
    waiting: dict[H11Protocol, None] = {}
    # The application answers slow bodies itself; this is for slow headers and for bodies that it does not read.
    seconds = web.receive_seconds + _MARGIN_SECONDS

    class ImpatientProtocol(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            # asyncio sets this only on its own sockets; an answer is two writes, of head and body.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._begin()
            if len(self.connections) > web.max_connections:
                oldest = next(iter(waiting))
                oldest._end()  # type: ignore[attr-defined]
                oldest.transport.abort()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
                self._begin()
            else:
                self._end()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            # A connection that is kept alive counts as waiting, too.
            self._begin()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            super().connection_lost(exc)

        def _begin(self) -> None:
            if self._deadline is None:
                waiting[self] = None
                self._deadline = self.loop.call_later(seconds, self.transport.abort)

        def _end(self) -> None:
            waiting.pop(self, None)
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return ImpatientProtocol
