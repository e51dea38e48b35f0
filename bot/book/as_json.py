"""JSON as every command writes it."""

from __future__ import annotations

import json


def json_bytes(value: object, indent: int | None = None) -> bytes:
    """UTF-8; the bytes of a path that are not UTF-8 become JSON's own escapes, such as `\\udce9`."""
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode("utf-8", "backslashreplace")
