"""Signed webhooks: each event as GitHub would post it, to whoever subscribed."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from queue import Queue
from threading import Lock, Thread
from typing import Any

from tests.support.waiting import PATIENCE_SECONDS


@dataclass
class Delivery:
    """`statuses` are the answers so far, one for each time it was sent; 0 where there was none."""

    id: str
    event: str
    payload: Mapping[str, Any]
    url: str
    secret: str
    statuses: list[int] = field(default_factory=list)

    def send(self) -> int:
        """Posts it (again, with the same id, as GitHub redelivers); the answer's status, 0 where there was none."""
        data = json.dumps(self.payload).encode()
        request = urllib.request.Request(self.url, data, self.headers(data), method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                status: int = answer.status
        except urllib.error.HTTPError as refusal:
            refusal.close()
            status = refusal.code
        except OSError:
            status = 0
        self.statuses.append(status)
        return status

    def headers(self, data: bytes) -> dict[str, str]:
        digest = hmac.new(self.secret.encode(), data, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/double",
            "X-GitHub-Delivery": self.id,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": "1",
            "X-Hub-Signature-256": f"sha256={digest}",
        }


@dataclass(frozen=True)
class _Subscription:
    url: str
    secret: str
    events: frozenset[str] | None


class Webhooks:
    """The subscriptions of one double. Events are posted from a thread of their own, in order; or, with `synchronous`,
    before the request that caused them is answered."""

    def __init__(self) -> None:
        self.synchronous = False
        self.copies = 1
        """How often each delivery is posted; GitHub promises at least once only."""
        self.deliveries: list[Delivery] = []
        self._subscriptions: list[_Subscription] = []
        self._queue: Queue[Delivery | None] = Queue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def subscribe(self, url: str, secret: str, events: Collection[str] | None = None) -> None:
        """`events` None: all of them."""
        self._subscriptions.append(_Subscription(url, secret, frozenset(events) if events is not None else None))

    def wants(self, event: str) -> bool:
        return any(each.events is None or event in each.events for each in self._subscriptions)

    def deliver(self, event: str, payload: Mapping[str, Any]) -> list[Delivery]:
        """Posts an event to those that subscribed to it."""
        made = [
            Delivery(str(uuid.uuid4()), event, payload, each.url, each.secret)
            for each in self._subscriptions
            if each.events is None or event in each.events
        ]
        with self._lock:
            self.deliveries += made
            for delivery in made * self.copies:
                if self.synchronous:
                    delivery.send()
                else:
                    self._queue.put(delivery)
            if not self.synchronous and made and self._thread is None:
                self._thread = Thread(target=self._work, daemon=True)
                self._thread.start()
        return made

    def wait(self) -> None:
        """Until all that happened so far was posted."""
        self._queue.join()

    def stop(self) -> None:
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (delivery := self._queue.get()) is not None:
            delivery.send()
            self._queue.task_done()
        self._queue.task_done()
