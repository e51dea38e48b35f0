"""Data for a later run, in an invisible HTML comment of a body."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from bot.config.records import read_json
from bot.markup.notes import note, read_note

_MAX_BYTES = 1_000_000


def hide(name: str, data: object, room: int) -> str:
    """Plain data as an HTML comment; "" if that would be longer than `room` characters."""
    packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
    text = note(name, urlsafe_b64encode(packed).decode())
    return text if len(text) <= room else ""


def reveal(name: str, body: str) -> object:
    """The data that `hide` put at the end of a body; None if there is none, or people damaged it."""
    packed = read_note(name, body)
    if packed is None:
        return None
    try:
        return read_json(zlib.decompressobj().decompress(urlsafe_b64decode(packed), _MAX_BYTES))
    except (NotBase64, zlib.error, ValueError):
        return None
