"""The service's pages: the webhook, which trusts nobody, and health and metrics for monitoring."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.config.service import Web
from bot.service.base import Seen
from bot.service.metrics import CONTENT_TYPE
from bot.service.service import Service
from bot.service.webhooks import ACTED_ON, MalformedError, is_signed, read_event, read_payload

_LOG = logging.getLogger(__name__)
_RETRY_AFTER = "60"
_MAX_BODIES = 16
"""So many bodies of the largest size may be in memory at a time."""
_MAX_ID_CHARACTERS = 100
_MAX_LENGTH_DIGITS = 20
_WARNING_SECONDS = 60.0


class _RefusedError(Exception):
    def __init__(self, status: int, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.outcome, self.reason = status, outcome, reason


class WebhookEndpoint:
    """Receives GitHub's posts. Nothing of a body is parsed before its signature is verified."""

    def __init__(self, service: Service, secrets: Sequence[bytes], web: Web) -> None:
        self._service = service
        self._secrets = secrets
        self._web = web
        self._seen = Seen(web.deliveries)
        self._in_memory = 0
        self._warned = -_WARNING_SECONDS

    async def receive(self, request: Request) -> Response:
        name = request.headers.get("X-GitHub-Event", "")
        event = name if name in ACTED_ON else "other"
        try:
            delivery, body = await self._verify(request)
            outcome, reason = self._act(name, delivery, body)
        except _RefusedError as refusal:
            return self._refuse(event, refusal)
        self._service.metrics.count_webhook(event, outcome)
        answer = {"outcome": outcome, **({"reason": reason} if reason else {})}
        _LOG.info("webhook", extra={"event": event, "delivery": delivery, **answer})
        return JSONResponse(answer, 200 if outcome == "pong" else 202)

    async def _verify(self, request: Request) -> tuple[str, bytes]:
        """The id of the delivery and the raw body, once they are trusted."""
        headers = request.headers
        if not self._secrets:
            raise _RefusedError(403, "no_secret", "this service has no AMTS_WEBHOOK_SECRET, so it takes no webhooks")
        signature = headers.get("X-Hub-Signature-256", "")
        if not signature:
            raise _RefusedError(401, "bad_signature", "X-Hub-Signature-256 is missing; set a secret for the webhook")
        delivery = headers.get("X-GitHub-Delivery", "")
        if not (delivery.isascii() and delivery.isprintable() and 0 < len(delivery) <= _MAX_ID_CHARACTERS):
            raise _RefusedError(400, "malformed", "X-GitHub-Delivery is missing or no id")
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise _RefusedError(415, "malformed", "set the webhook's content type to application/json")
        body = await self._read(request)
        if not is_signed(body, signature, self._secrets):
            raise _RefusedError(401, "bad_signature", "X-Hub-Signature-256 does not fit the body and the secret")
        return delivery, body

    async def _read(self, request: Request) -> bytes:
        limit = self._web.max_body
        length = request.headers.get("Content-Length", "0")
        if length.isdecimal() and (len(length) > _MAX_LENGTH_DIGITS or int(length) > limit):
            raise _RefusedError(413, "too_large", f"a webhook may have {limit} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(self._web.receive_seconds):
                async for chunk in request.stream():
                    if len(body) + len(chunk) > limit:
                        raise _RefusedError(413, "too_large", f"a webhook may have {limit} bytes")
                    if self._in_memory + len(chunk) > limit * _MAX_BODIES:
                        raise _RefusedError(503, "full", "too many webhooks at a time")
                    body += chunk
                    self._in_memory += len(chunk)
        except TimeoutError:
            raise _RefusedError(408, "too_slow", "the webhook did not arrive in time") from None
        except ClientDisconnect:
            raise _RefusedError(400, "cut_off", "the client went away") from None
        finally:
            self._in_memory -= len(body)
        return bytes(body)

    def _act(self, name: str, delivery: str, body: bytes) -> tuple[str, str]:
        """Synchronous: the first of two equal deliveries is complete before the second begins."""
        if delivery in self._seen:
            return "duplicate", "this delivery was seen before"
        try:
            event = read_event(name, read_payload(body))
        except MalformedError as error:
            raise _RefusedError(400, "malformed", str(error)) from None
        receipt = self._service.receive(event)
        if receipt.refused:
            # Not remembered, since it is to be delivered again.
            raise _RefusedError(503, receipt.outcome, receipt.reason)
        self._seen.add(delivery)
        return receipt.outcome, receipt.reason

    def _refuse(self, event: str, refusal: _RefusedError) -> Response:
        self._service.metrics.count_webhook(event, refusal.outcome)
        now = time.monotonic()
        if now - self._warned >= _WARNING_SECONDS:
            # A flood must not fill the disk; the metrics count every refusal.
            self._warned = now
            facts = {"event": event, "outcome": refusal.outcome, "status": refusal.status}
            _LOG.warning("webhook refused: %s", refusal.reason, extra=facts)
        headers = {"Connection": "close"}
        if refusal.status == 503:
            headers["Retry-After"] = _RETRY_AFTER
        return JSONResponse({"outcome": refusal.outcome, "reason": refusal.reason}, refusal.status, headers)


def create_app(service: Service, secrets: Sequence[bytes], web: Web) -> Starlette:
    """The ASGI application."""
    endpoint = WebhookEndpoint(service, secrets, web)

    async def healthz(_: Request) -> Response:
        problems = service.problems()
        return JSONResponse({"healthy": not problems, "problems": problems}, 503 if problems else 200)

    async def readyz(_: Request) -> Response:
        return JSONResponse({"ready": service.is_ready}, 200 if service.is_ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(service.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    return Starlette(
        routes=[
            Route("/webhook", endpoint.receive, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
