"""Records as others could leave them: damaged, of another program, or made to harm. Always the same for a number."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_DEEP = 5000
_DIGITS = "9" * _DEEP

SCALARS: Sequence[str] = (
    *("2026-02-30", "2026-13-01T25:61:61Z", "1_000", "0x_", "0o8", "1e999", "-.inf", ".nan", "12:30:45", _DIGITS),
    *("!!float 1", "!!int x", "!!timestamp 2026-02-30", "!!binary x", "!!python/object/apply:os.getcwd []", "!x y"),
    *("&a x", "*a", "&a [*a]", "~", "null", "", "yes", "no", "true", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "- a"),
    *(
        '"\\ud800"',
        '"\\x00"',
        '"a\\nb"',
        "'",
        '"',
        "|\n  a",
        ">\n  a",
        "? a",
        "% a",
        "@a",
        "`a",
        "\t",
        "a: b: c",
        "<<: *a",
    ),
    *("[" * _DEEP, "{a: " * _DEEP, "- " * _DEEP, "x" * 200_000, "--help", "--output=x", "../../etc/passwd", "HEAD"),
)
"""What may stand in the place of a value."""

TEXTS: Sequence[bytes] = (
    *(b"", b"\n", b"# nothing\n", b"\x00", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"no record\n", b"- a\n", b"a\n", b"1\n"),
    *(
        b"version: 1\n",
        b"version: 2\n",
        b"version: 1\nversion: 1\n",
        b"version: 1\nfiles: a\n",
        b"version: 1\nmore: 1\n",
    ),
    *(b"version: 1\n---\nversion: 1\n", b"%YAML 9.9\n---\nversion: 1\n", b"version: 1\n...\nfiles\n", b"{" * 5000),
    *(b"<<<<<<< ours\nversion: 1\n=======\nversion: 1\n>>>>>>> theirs\n", b"[" * 5000 + b"]" * 5000, b"? " * 5000),
    "".join(f"{' ' * depth}a:\n" for depth in range(3000)).encode(),
    b"version: 1\nfiles:\n  a: &a0 [x]\n"
    + b"".join(b"  a%d: &a%d [*a%d, *a%d]\n" % (n, n + 1, n, n) for n in range(40)),
    "version: 1\nfiles: {}\n".encode("utf-16"),
    b'{"version": 1, "files": {"a.md": null}}',
    b"PK\x03\x04\x14\x00\x00\x00",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    b"<!DOCTYPE html><title>503</title>",
)
"""What may stand in the place of a whole record."""


def damaged(record: bytes, number: int) -> bytes:
    """The record with the damage of this number."""
    chance = random.Random(number)
    if number % 5 == 0:
        return TEXTS[number // 5 % len(TEXTS)]
    change: Callable[[bytes, random.Random], bytes] = (_cut, _flipped, _with_lines, _with_scalar)[number % 4]
    return change(record, chance)


def _cut(record: bytes, chance: random.Random) -> bytes:
    return record[: chance.randrange(len(record))]


def _flipped(record: bytes, chance: random.Random) -> bytes:
    data = bytearray(record)
    for _ in range(chance.choice([1, 1, 3, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _with_lines(record: bytes, chance: random.Random) -> bytes:
    """Lines that are doubled, lost, indented, or in another order."""
    lines = record.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines.insert(place, lines[place])
        case 1:
            del lines[place]
        case 2:
            lines[place] = b"  " * chance.randrange(1, 40) + lines[place]
        case _:
            chance.shuffle(lines)
    return b"".join(lines)


def _with_scalar(record: bytes, chance: random.Random) -> bytes:
    """Another value behind one of the keys."""
    lines = record.split(b"\n")
    places = [place for place, line in enumerate(lines) if b":" in line or b"," in line or line.startswith(b"-")]
    place = chance.choice(places or [0])
    separator = b": " if b":" in lines[place] else b","
    lines[place] = lines[place].split(separator)[0].rstrip(b":") + separator + chance.choice(SCALARS).encode()
    return b"\n".join(lines)
