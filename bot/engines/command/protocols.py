"""What a program reads and writes: sentences by number, and their answers, whatever it wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.network.words import plain


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence: its number in the run, its text in the markup of the program, and what else the program wants."""

    id: str
    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why the program did not translate a sentence."""

    reason: str


Answer = str | Unanswered


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers by number, and the first part of the output that was none ("" if all was), in a sentence."""

    answers: Mapping[str, Answer]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """`write` has the input for some sentences, `read` the answers in the output; it never raises."""

    write: Callable[[Sequence[Question]], bytes]
    read: Callable[[bytes, Sequence[Question]], Reading]


def _write_json(asked: Sequence[Question]) -> bytes:
    # ASCII, so that no program can take a line break of Unicode for one, or another encoding.
    return "".join(json.dumps({"id": one.id, "text": one.text, **one.more}) + "\n" for one in asked).encode()


def _read_json(output: bytes, asked: Sequence[Question]) -> Reading:
    known = {one.id for one in asked}
    answers: dict[str, Answer] = {}
    faults: list[str] = []
    for number, line in enumerate(output.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        read = _json_answer(line, known)
        if isinstance(read, str):
            faults.append(f"line {number} {read}: {plain(line.decode(errors='replace'))}")
            continue
        id, answer = read
        if answers.setdefault(id, answer) != answer:
            answers[id] = Unanswered("the program gave two different answers")
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Reading(answers, f"{faults[0]}{more}" if faults else "")


def _json_answer(line: bytes, known: set[str]) -> tuple[str, Answer] | str:
    """The number and the answer of a line, else why it is none."""
    try:
        data = json.loads(line.decode())
    except (ValueError, RecursionError):
        return "is not JSON"
    if not isinstance(data, dict):
        return "is no JSON object"
    id = data.get("id")
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    if not isinstance(id, str) or id not in known:
        return "has no id of a sentence that it was given"
    text, error = data.get("text"), data.get("error")
    if error is not None:
        return id, Unanswered(plain(error if isinstance(error, str) else json.dumps(error)) or "an error without words")
    if not isinstance(text, str):
        return id, Unanswered("the program's answer has no text")
    return id, text


def _write_lines(asked: Sequence[Question]) -> bytes:
    return "".join(f"{' '.join(one.text.split())}\n" for one in asked).encode()


def _read_lines(output: bytes, asked: Sequence[Question]) -> Reading:
    """A line belongs to the sentence at its place, so all stand or fall together."""
    lines = output.removesuffix(b"\n").split(b"\n") if output else []
    if len(lines) != len(asked):
        return Reading({}, f"it wrote {len(lines)} lines for {len(asked)}")
    return Reading({one.id: _decoded(line) for one, line in zip(asked, lines, strict=True)})


_PARAGRAPH = re.compile(rb'<p id="k(\d+)">(.*?)</p>', re.DOTALL)


def _write_paragraphs(asked: Sequence[Question]) -> bytes:
    return "".join(f'<p id="k{one.id}">{one.text}</p>\n' for one in asked).encode()


def _read_paragraphs(output: bytes, asked: Sequence[Question]) -> Reading:
    known = {one.id for one in asked}
    answers: dict[str, Answer] = {}
    fault = ""
    for match in _PARAGRAPH.finditer(output):
        id = match[1].decode()
        if id not in known:
            fault = fault or "a paragraph has no id of a sentence that it was given"
        elif answers.setdefault(id, answer := _decoded(match[2])) != answer:
            answers[id] = Unanswered("the program gave two different answers")
    return Reading(answers, fault)


def _decoded(line: bytes) -> Answer:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return Unanswered("the program's answer is not UTF-8")


PROTOCOLS: Mapping[str, Protocol] = {
    "json": Protocol(_write_json, _read_json),
    "lines": Protocol(_write_lines, _read_lines),
    "apertium": Protocol(_write_paragraphs, _read_paragraphs),
}
