"""Batches of the service: what is asked for goes up as one file, and comes back within a day.

The service itself is the record: a batch is found again by its metadata, and its input file says which sentences it
answers. So a bot that is killed at any moment, and started again anywhere, waits for the same batch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from bot.engines.base import FREE, EngineOptions, Quote
from bot.engines.openai.prompt import body_keys
from bot.engines.openai.reading import Read, read_answer
from bot.engines.openai.requests import Group, Requests
from bot.engines.openai.service import ModelService, read_completion
from bot.engines.openai.settings import OpenAISettings
from bot.engines.paid.calls import CallError, persistently
from bot.engines.paid.spending import Spending
from bot.errors import PendingError
from bot.network.deadline import uncounted

ENDPOINT: Final = "/v1/chat/completions"
# The service takes 50,000 requests and 200 MB.
_MAX_LINES, _MAX_BYTES = 20_000, 100_000_000
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 10.0, 300.0
_KEPT_HOURS = 48
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


class BatchRun:
    """The batches of one language."""

    def __init__(
        self,
        settings: OpenAISettings,
        options: EngineOptions,
        spending: Spending,
        service: ModelService,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._options = options
        self._spending = spending
        self._service = service
        self._sleep = sleep
        self._name = sha256(spending.ledger.scope.encode()).hexdigest()[:32]

    def collect(self, work: Requests) -> list[str]:
        """Keeps the answers of batches that ended; returns the ids of those that go on. Raises CallError."""
        running = []
        for batch in self._listed():
            if self._spending.answers.read([_collected(batch["id"])]):
                continue
            if batch["status"] in _ENDED:
                self._keep(batch, work)
            else:
                running.append(batch["id"])
        return running

    def start(self, groups: Sequence[Group], work: Requests) -> list[str]:
        """Starts batches for these; returns their ids. The caller checked the caps."""
        started = []
        for lines, cost in self._files(groups, work):
            data = "".join(lines).encode()
            digest = sha256(data).hexdigest()
            file = self._call(
                "sending a batch",
                lambda data=data: self._service.client.files.with_raw_response.create(  # type: ignore[misc]
                    file=("amts.jsonl", data, "application/jsonl"), purpose="batch"
                ),
            )
            self._spending.settle(_entry(digest), cost)
            # Not tried again: it may have begun in spite of an error, and the next run finds it.
            with self._service.errors("starting a batch"):
                made = self._service.client.batches.with_raw_response.create(
                    input_file_id=file["id"],
                    endpoint=ENDPOINT,
                    completion_window="24h",
                    metadata={"amts": self._name, "content": digest},
                )
                started.append(str(self._service.json(made.http_response)["id"]))
        return started

    def wait(self, work: Requests) -> None:
        """Waits until no batch goes on. Raises PendingError if the options or `batch_hours` end the wait."""
        ends, pause, told = time.monotonic() + self._settings.batch_hours * 3600, _PAUSE_SECONDS, 0
        while running := self.collect(work):
            if not self._options.wait or time.monotonic() >= ends:
                names = ", ".join(running)
                raise PendingError(
                    f"{self._options.language}: the model is not done with the batch {names}; run again later"
                )
            if len(running) != told:
                told = len(running)
                self._options.tell(f"{self._options.language}: waiting for the batch {', '.join(running)}")
            with uncounted():
                self._sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)

    def _files(self, groups: Sequence[Group], work: Requests) -> Iterator[tuple[list[str], Quote]]:
        """The lines of each file, and what its requests may cost."""
        lines, taken, size = list[str](), list[Group](), 0
        for group in groups:
            body = work.body(group)
            custom = sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:40]
            asked = {"custom_id": custom, "method": "POST", "url": ENDPOINT, "body": body}
            line = json.dumps(asked, ensure_ascii=False) + "\n"
            if lines and (len(lines) == _MAX_LINES or size + len(line.encode()) > _MAX_BYTES):
                yield lines, work.quote(taken)
                lines, taken, size = [], [], 0
            lines.append(line)
            taken.append(group)
            size += len(line.encode())
        if lines:
            yield lines, work.quote(taken)

    def _listed(self) -> Iterator[dict[str, Any]]:
        """This language's batches of the last days, the newest first."""
        oldest = time.time() - (self._settings.batch_hours + _KEPT_HOURS) * 3600
        after: dict[str, str] = {}
        for _ in range(self._options.network.list_pages):
            page = self._call(
                "looking for batches",
                lambda after=after: self._service.client.batches.with_raw_response.list(limit=100, **after),  # type: ignore[misc]
            )
            found = page.get("data")
            if not isinstance(found, list):
                raise CallError("looking for batches: the answer has no list; does the service offer batches? Else set"
                                " `mode` of the engine to real-time")  # fmt: skip
            batches = [one for one in found if isinstance(one, dict) and isinstance(one.get("id"), str)]
            for batch in batches:
                if (batch.get("metadata") or {}).get("amts") == self._name and _made(batch) > oldest:
                    yield batch
            if not page.get("has_more") or not batches or _made(batches[-1]) < oldest:
                return
            after = {"after": batches[-1]["id"]}
        raise CallError("looking for batches: the list has no end (more than network.list_pages pages)")

    def _keep(self, batch: Mapping[str, Any], work: Requests) -> None:
        """Keeps what a batch answered. A request that it did not come to is asked for anew."""
        lines, reads = self._keys(batch), list[tuple[Mapping[str, str], Read]]()
        cost, failed = FREE, _objects(self._content(batch.get("error_file_id")))
        for result in (*_objects(self._content(batch.get("output_file_id"))), *failed):
            keys, response = lines.get(str(result.get("custom_id"))), result.get("response")
            if keys is None or not isinstance(response, dict) or response.get("status_code") != 200:
                continue
            body = response.get("body")
            try:
                completion = read_completion(body if isinstance(body, dict) else {})
            except CallError as error:
                reads.append((keys, Read(problem=str(error))))
                continue
            reads.append((keys, read_answer(completion, list(keys))))
            if completion.sent is not None and completion.answered is not None:
                some = self._settings.prices_in_force.quote(0, completion.sent, completion.answered, 0)
                cost = replace(cost, dollars=cost.dollars + some.dollars)
        # The ledger first: what is kept is never looked at again.
        if cost.dollars or batch["status"] == "failed":
            self._spending.correct(_entry(str((batch.get("metadata") or {}).get("content"))), cost)
        for asked, read in reads:
            work.keep_all(asked, read)
        self._spending.answers.keep({_collected(batch["id"]): json.dumps(batch["status"])})

    def _keys(self, batch: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """The keys of the sentences of each request, from the file that went up."""
        lines = {}
        for line in _objects(self._content(batch.get("input_file_id"))):
            try:
                lines[str(line["custom_id"])] = body_keys(line["body"], self._settings.base_url)
            except (LookupError, TypeError, ValueError, AttributeError):
                continue  # of another version
        return lines

    def _content(self, name: object) -> bytes:
        if not isinstance(name, str) or not name:
            return b""

        def call() -> bytes:
            with self._service.errors("fetching a batch"):
                return self._service.client.files.content(name).content

        return persistently(call, self._settings.max_attempts, self._options.network.retry_seconds)

    def _call(self, doing: str, call: Callable[[], Any]) -> dict[str, Any]:
        def attempt() -> dict[str, Any]:
            with self._service.errors(doing):
                return self._service.json(call().http_response)

        return persistently(attempt, self._settings.max_attempts, self._options.network.retry_seconds)


def _objects(data: bytes) -> list[dict[str, Any]]:
    """The JSON objects of a file with one in each line; others are left out."""
    found = []
    for line in data.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def _made(batch: Mapping[str, Any]) -> float:
    """When it was made, in seconds since 1970."""
    value = batch.get("created_at")
    return float(value) if isinstance(value, int | float) else 0.0


def _entry(digest: str) -> str:
    return f"batch-{digest[:32]}"


def _collected(batch: str) -> str:
    return f"collected {batch}"
