"""Writes amts.schema.json, which editors check amts.yaml by: `python config/generate_schema.py`."""

from __future__ import annotations

import json
from pathlib import Path

from bot.config.schema import json_schema

SCHEMA = Path(__file__).with_name("amts.schema.json")


def schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
