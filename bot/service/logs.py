"""Logs as JSON, one object per line, with the run that each record belongs to and without secrets."""

from __future__ import annotations

import json
import logging
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from bot.forge.failures import redacted
from bot.markup.visible import visible_json
from bot.service.base import LanguageId

_RUN: ContextVar[Mapping[str, str]] = ContextVar("run", default={})  # noqa: B039 (never changed in place)
EXTRA_FIELDS = ("outcome", "seconds", "event", "delivery", "status", "reason", "url", "job")
"""Fields that a record may carry besides its message."""


@contextmanager
def run_context(language: LanguageId) -> Iterator[None]:
    """Records that this thread logs in the block carry the language and an id of the run."""
    fields = {"run": uuid.uuid4().hex[:12], "config": language.config, "language": language.language}
    token = _RUN.set(fields)
    try:
        yield
    finally:
        _RUN.reset(token)


class JsonFormatter(logging.Formatter):
    """One line per record. A stranger's line break can't forge a record, since JSON escapes it."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **_RUN.get(),
        }
        for name in EXTRA_FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                fields[name] = redacted(value) if isinstance(value, str) else value
        if record.exc_info:
            fields["exception"] = redacted(self.formatException(record.exc_info))
        return visible_json(json.dumps(fields, ensure_ascii=False))


def log_to(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Sends all records of the process to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Our own records say it better, and the debug messages of HTTP clients may contain a token.
    for name in ("apscheduler", "uvicorn", "httpx", "urllib3", "botocore", "boto3", "github", "git"):
        logging.getLogger(name).setLevel(logging.WARNING)
