"""Writes amts.schema.json, which editors check amts.yaml by: `python config/generate_schema.py`."""

from __future__ import annotations

import json
from pathlib import Path

from bot.config.schema import Adapters, json_schema
from bot.engines import BUILT_IN, ENGINES
from bot.forge.registry import FORGES

SCHEMA = Path(__file__).with_name("amts.schema.json")


def schema_text() -> str:
    built_in = {kind: ENGINES[kind] for kind in BUILT_IN}
    return json.dumps(json_schema(Adapters(built_in, FORGES)), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
