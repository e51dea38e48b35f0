"""The one port: git's smart HTTP, the REST API at `/` and `/api/v3`, GraphQL; every message validated."""

from __future__ import annotations

import hashlib
import json
import socket
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from tests.github_double import access, rest
from tests.github_double.errors import ApiError
from tests.github_double.faults import Answer
from tests.github_double.git_http import answer_git, is_git
from tests.github_double.graphql import answer_graphql
from tests.github_double.routing import Call, Operation, Page, Reply, url_map
from tests.github_double.state import Credential
from tests.github_double.views import View

if TYPE_CHECKING:
    from tests.github_double.double import GitHubDouble

_ROUTES = url_map(rest.OPERATIONS)


@dataclass(frozen=True)
class Exchange:
    """One request and what became of it. `template` is the description's path; for git `git`. `fault` is the name of
    the failure that was injected."""

    method: str
    path: str
    template: str
    query: Mapping[str, str]
    body: Any
    login: str | None
    status: int
    fault: str | None = None


class Application:
    """The WSGI application of a double."""

    def __init__(self, double: GitHubDouble) -> None:
        self._double = double
        self._world = double.world

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        path = request.path
        root = "/api/v3" if path == "/api/v3" or path.startswith("/api/v3/") else ""
        below = path.removeprefix(root) or "/"
        request.get_data()  # read to its end, or the connection can't be used again
        effect = self._double.faults.next(request.method, below)
        if effect is None:
            exchange, response = self._answer(request, root, below)
        else:
            exchange = self._answer(request, root, below)[0] if effect.after else self._unread(request, below)
            answer = effect.answer(int(self._world.clock.now().timestamp()))
            exchange = replace(exchange, status=answer.status, fault=effect.name)
            response = self._as_response(answer)
            if answer.manner is not None:
                answer.manner(environ["werkzeug.socket"], f"{request.method} {request.full_path}")
            if answer.drop or answer.manner is not None:
                self._hang_up(environ)
        self._double.exchanges.append(exchange)
        return response(environ, start_response)

    def _unread(self, request: Request, below: str) -> Exchange:
        return Exchange(request.method, below, "git" if is_git(below) else "", request.args, None, None, 0)

    def _as_response(self, answer: Answer) -> Response:
        headers = self._limits(None) | dict(answer.headers)
        kind = "text/plain; charset=utf-8" if answer.text else "application/json; charset=utf-8"
        return Response(answer.data(), answer.status, headers, content_type=kind)

    def _hang_up(self, environ: dict[str, Any]) -> None:
        connection: socket.socket = environ["werkzeug.socket"]
        with suppress(OSError):  # the client may have gone
            connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, request: Request, root: str, below: str) -> tuple[Exchange, Response]:
        """A mistake of the double's own is a violation, too, so that the test that met it fails."""
        try:
            return self._honest_answer(request, root, below)
        except Exception:
            self._double.violations.append(f"{request.method} {below}: {traceback.format_exc()}")
            return replace(self._unread(request, below), status=500), Response(b"{}", 500)

    def _honest_answer(self, request: Request, root: str, below: str) -> tuple[Exchange, Response]:
        if is_git(below):
            response, login = answer_git(self._world, request)
            self._world.announce()
            exchange = Exchange(request.method, below, "git", request.args, None, login, response.status_code)
            return exchange, response
        try:
            body = json.loads(request.get_data() or b"null")
        except ValueError:
            refusal = ApiError(400, "Problems parsing JSON")
            return self._unread(request, below), self._json(Reply(refusal.body(), 400), None)
        return self._api(request, root, below, body)

    def _api(self, request: Request, root: str, below: str, body: Any) -> tuple[Exchange, Response]:
        world, credential, operation, call = self._world, None, None, None
        web = request.host_url.rstrip("/")
        with world.lock:
            try:
                credential = world.keyring.identify(request.headers.get("Authorization"), world.token_clock.now())
                if request.path in ("/graphql", "/api/graphql"):
                    view = View(world, f"{web}{root}", web)
                    reply = answer_graphql(Call(world, view, credential, {}, request.args, body))
                else:
                    operation, parameters = self._operation(request, below)
                    view = View(world, f"{web}{root}", web)
                    call = Call(world, view, credential, parameters, request.args.to_dict(), body)
                    reply = self._run(operation, call, request)
            except ApiError as refusal:
                reply = Reply(refusal.body(), refusal.status, refusal.headers)
        if operation is not None and call is not None:
            self._double.check_request(operation, call)
            self._double.check_response(operation, reply)
        self._world.announce()
        template = operation.template if operation is not None else below
        login = credential.account.login if credential is not None else None
        exchange = Exchange(request.method, below, template, request.args.to_dict(), body, login, reply.status)
        return exchange, self._json(reply, request)

    def _operation(self, request: Request, below: str) -> tuple[Operation, Mapping[str, str]]:
        adapter = _ROUTES.bind("")
        try:
            operation, parameters = adapter.match(below, request.method)
        except HTTPException:
            self._double.violations.append(f"{request.method} {below}: the double does not know this operation")
            raise ApiError(404, "Not Found") from None
        assert isinstance(operation, Operation)
        return operation, parameters

    def _run(self, operation: Operation, call: Call, request: Request) -> Reply:
        if "repo" in call.path and operation.needs:
            access.require(call.credential, call.repo, operation.needs, operation.role)
        outcome = operation.handler(call)
        if isinstance(outcome, Page):
            return _cut(outcome, call, request)
        if isinstance(outcome, Reply):
            return outcome
        return Reply(outcome, operation.status)

    def _limits(self, credential: Credential | None) -> dict[str, str]:
        used, reset = self._double.faults.calls, int(self._world.clock.now().timestamp()) + 3600
        limit = self._world.limits.rate if credential is not None else 60
        return {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(limit - used, 1)),
            "x-ratelimit-reset": str(reset),
            "x-ratelimit-used": str(used),
            "x-ratelimit-resource": "core",
        }

    def _json(self, reply: Reply, request: Request | None) -> Response:
        data = json.dumps(reply.body, ensure_ascii=False).encode() if reply.body is not None else b""
        headers = self._limits(None) | dict(reply.headers)
        if request is not None and request.method == "GET" and reply.status == 200:
            headers["ETag"] = f'W/"{hashlib.sha256(data).hexdigest()}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return Response(b"", 304, headers)
        kind = "application/json; charset=utf-8" if data else None
        return Response(data, reply.status, headers, content_type=kind)


def _cut(page: Page, call: Call, request: Request) -> Reply:
    """The page that was asked for, with the links to the others."""
    size = _whole(call.query.get("per_page"), 30, 100)
    number = _whole(call.query.get("page"), 1, 10**9)
    last = max(1, -(-len(page.items) // size))
    links = {"first": 1, "prev": number - 1} if number > 1 else {}
    links |= {"next": number + 1, "last": last} if number < last else {}
    base = f"{call.view.api}{request.path.removeprefix('/api/v3')}"
    shown = ", ".join(
        f'<{base}?{urlencode({**call.query, "page": target})}>; rel="{name}"' for name, target in links.items()
    )
    items = [page.show(item) for item in page.items[(number - 1) * size : number * size]]
    body = {"total_count": len(page.items), page.key: items} if page.key else items
    return Reply(body, 200, {"Link": shown} if shown else {})


def _whole(text: str | None, default: int, most: int) -> int:
    return min(max(int(text), 1), most) if text is not None and text.isdecimal() else default
