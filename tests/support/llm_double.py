"""A language model behind OpenAI's protocol, on the loopback: it refuses what the real service refuses, as OpenAI's
published description has it, translates from a table, and fails as it is told to."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self

from tests.support.llm_batches import Batches
from tests.support.llm_requests import Refusal, check_request

KEY = "sk-double-0123456789abcdef"
MODEL = "double-1"

Item = Mapping[str, Any]
"""A sentence as it was sent, one of `sentences` of the user message."""
Answering = Callable[["Ask"], Any]
"""What becomes of a request: `Reply` or bytes of a whole HTTP answer, or None for the answer from the table."""


@dataclass
class Reply:
    """An answer of the service. `text` is what the model says; a `body` takes the place of the whole object."""

    text: str = ""
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Ask:
    """One request, read: its sentences by id, whether it is a second one, and its whole body."""

    items: Mapping[str, Item]
    again: bool
    body: Mapping[str, Any]


class LLMDouble:
    """Serves while it is a context. `answer` gives the translation of an item; `faults` are taken by the next requests,
    one each, and `always` by every one. `paid` counts how often each text was answered, and
    `billed` is what that costs at 1 and 4 dollars per million tokens. Without `usage`, no answer says so."""

    def __init__(self, answer: Callable[[Item], str], *, key: str = KEY) -> None:
        self.answer = answer
        self.key = key
        self.faults: list[Answering] = []
        self.always: Answering | None = None
        self.asks: list[Ask] = []
        self.paid: Counter[str] = Counter()
        self.billed = Decimal(0)
        self.usage = True
        self.refused: list[str] = []
        self.numbers = count(1)
        self.lock = threading.Lock()
        self.batches = Batches(self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def complete(self, body: Mapping[str, Any]) -> Reply | bytes:
        """Answers the body of a request. Raises Refusal."""
        check_request(body, MODEL)
        ask = read_ask(body)
        with self.lock:
            self.asks.append(ask)
            fault = self.faults.pop(0) if self.faults else self.always
        found = fault(ask) if fault else None
        if found is None:
            found = Reply(json.dumps({key: self.answer(item) for key, item in ask.items.items()}, ensure_ascii=False))
        if isinstance(found, Reply) and found.status == 200:
            with self.lock:
                self.paid.update(item["text"] for item in ask.items.values())
        return found

    def completion(self, reply: Reply, body: Mapping[str, Any]) -> Any:
        """The object `chat.completion` of a reply."""
        if reply.body is not None:
            return reply.body
        sent = sum(len(str(message["content"])) for message in body["messages"]) // 4
        answered = len(reply.text) // 3
        with self.lock:
            self.billed += Decimal(sent + 4 * answered) / 1_000_000
        message: dict[str, Any] = {
            "role": "assistant",
            "content": reply.text,
            "refusal": reply.refusal,
            "annotations": [],
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}
        usage = {"prompt_tokens": sent, "completion_tokens": answered, "total_tokens": sent + answered}
        return {
            "id": f"chatcmpl-{next(self.numbers)}", "object": "chat.completion", "created": 1_796_000_000,
            "model": body["model"], "choices": [choice], **({"usage": usage} if self.usage else {}),
        }  # fmt: skip


def read_ask(body: Mapping[str, Any]) -> Ask:
    users = [message["content"] for message in body["messages"] if message["role"] == "user"]
    return Ask(json.loads(users[0])["sentences"], len(users) > 1, body)


def error_body(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def _handler(double: LLMDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                self._authorize()
                path = self.path.partition("?")[0].removeprefix("/v1")
                if (method, path) == ("POST", "/chat/completions"):
                    self._complete(data)
                else:
                    found = double.batches.handle(method, path, data, self.headers.get("Content-Type") or "")
                    self._send(200, found if isinstance(found, bytes) else json.dumps(found).encode())
            except Refusal as refusal:
                double.refused.append(str(refusal))
                body = error_body(str(refusal), refusal.code, refusal.param)
                self._send(refusal.status, json.dumps(body).encode())

        def _authorize(self) -> None:
            if double.key and self.headers.get("Authorization") != f"Bearer {double.key}":
                given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
                raise Refusal(f"Incorrect API key provided: {given}.", status=401, code="invalid_api_key")

        def _complete(self, data: bytes) -> None:
            if not (self.headers.get("Content-Type") or "").startswith("application/json"):
                raise Refusal("you must send JSON", status=415)
            try:
                body = json.loads(data)
            except ValueError:
                raise Refusal("We could not parse the JSON body of your request.") from None
            found = double.complete(body)
            if isinstance(found, bytes):
                self.wfile.write(found)
                self.close_connection = True
                return
            self._send(found.status, json.dumps(double.completion(found, body)).encode(), found.headers)

        def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def refuses(status: int, message: str = "busy", code: str | None = None, **headers: str) -> Answering:
    """A refusal; headers as keywords: `retry_after="0"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(status=status, headers=named, body=error_body(message, code))


def says(text: Callable[[Ask], str] | str, **more: Any) -> Answering:
    """The model says this in the place of its answer."""
    return lambda ask: Reply(text if isinstance(text, str) else text(ask), **more)


def each(text: Callable[[Item], str]) -> Answering:
    """A well-formed answer with this in the place of each translation."""
    return lambda ask: Reply(json.dumps({key: text(item) for key, item in ask.items.items()}, ensure_ascii=False))


def tags(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"</?[a-z]+\d+>", text))
