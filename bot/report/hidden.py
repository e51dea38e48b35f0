"""Data for a later run, in an invisible HTML comment of a body."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

_MAX_BYTES = 1_000_000


def hide(name: str, data: object, room: int) -> str:
    """Plain data as an HTML comment; "" if that would be longer than `room` characters."""
    packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
    text = f"<!-- amts:{name} {urlsafe_b64encode(packed).decode()} -->"
    return text if len(text) <= room else ""


def reveal(name: str, body: str) -> object:
    """The data that `hide` put into a body; None if there is none, or people damaged it."""
    # The last one at the beginning of a line: text of the book is indented in a body, or stands within a line.
    markers = re.findall(rf"^<!-- amts:{name} ([\w=-]+) -->", body, re.MULTILINE)
    if not markers:
        return None
    try:
        data: object = json.loads(zlib.decompressobj().decompress(urlsafe_b64decode(markers[-1]), _MAX_BYTES))
    except (NotBase64, zlib.error, ValueError, RecursionError):
        return None
    return data
