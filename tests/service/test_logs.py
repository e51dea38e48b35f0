"""Logs as JSON."""

from __future__ import annotations

import json
import logging

from bot.service.logs import JsonFormatter, run_context
from tests.support.service_run import ZH


def test_a_log_line_is_json_with_the_run_and_without_secrets() -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 0, "at https://x:ghp_abcdefghij@host\nforged", None, None)
    with run_context(ZH):
        first = json.loads(JsonFormatter().format(record))
    with run_context(ZH):
        second = json.loads(JsonFormatter().format(record))
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "ghp_" not in line
    assert (first["config"], first["language"]) == ("a.yaml", "zh")
    assert first["run"] != second["run"]
    assert "run" not in json.loads(line)
