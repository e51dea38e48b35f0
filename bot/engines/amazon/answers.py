"""The answers that were paid for, kept in the bucket so that no restart pays again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.engines.amazon.clients import Session
from bot.engines.amazon.storage import BucketStorage

RETRY = "retry-"
"""What the names of answers to a second, single question begin with."""

_FAILURES_HOLD = timedelta(days=1)
"""How long a failure that the service reported counts as the answer; then it is asked again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the service gave no translation."""

    reason: str


Answer = str | Failure
"""The HTML that came back, or why none did."""


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The answers by key, and those of them that were asked a second time."""

    first: Mapping[str, Answer]
    second: Mapping[str, Answer]


@dataclass(frozen=True)
class Answers:
    """Files `answers/<what>.json`: key to the block's HTML, or to `{"error": reason}`."""

    session: Session
    storage: BucketStorage

    def read(self) -> KnownAnswers:
        """All answers; of two the later one."""
        first: dict[str, Answer] = {}
        second: dict[str, Answer] = {}
        oldest_failure = self.session.clients.clock() - _FAILURES_HOLD
        for stored in sorted(self.storage.list("answers/"), key=lambda stored: (stored.modified, stored.name)):
            known = second if stored.name.startswith(f"answers/{RETRY}") else first
            for key, value in (self.storage.get_json(stored.name) or {}).items():
                if isinstance(value, str):
                    known[key] = value
                elif stored.modified > oldest_failure:
                    known.setdefault(key, Failure(value["error"]))
        return KnownAnswers(first, second)

    def write(self, what: str, answers: Mapping[str, Answer]) -> None:
        values = {
            key: answer if isinstance(answer, str) else {"error": answer.reason} for key, answer in answers.items()
        }
        self.storage.put_json(_name(what), values)

    def has(self, what: str) -> bool:
        name = _name(what)
        return any(stored.name == name for stored in self.storage.list(name))


def _name(what: str) -> str:
    return f"answers/{what}.json"
