"""A program for the engine `command`: it "translates" by an o at the end of each word, and misbehaves as it is told.

python -I translating_program.py [FAULT [NUMBER]]
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Line = dict[str, object]
Damage = Callable[[list[Line], int], list[object]]

KNOWN = {"The stone is grey.": "La piedra es gris.", "The stone is gray.": "La piedra es gris clara."}
_TOKEN = re.compile(r"<[^>]*>[^<>]*</span>|<[^>]*>|&\w+;|`[^`]*`|\$[^$]*\$|[^\W\d_]+")


def translated(text: str) -> str:
    return _TOKEN.sub(lambda found: found[0] + "o" if found[0].isalpha() else found[0], text)


def say(*lines: object) -> None:
    sys.stdout.write("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    sys.stdout.flush()


def sleep_for_ever() -> None:
    while True:
        time.sleep(60)


def main(fault: str = "", number: str = "3") -> None:
    at = int(number)
    if fault == "reads nothing, writes nothing":
        sleep_for_ever()
    if fault == "ignores the signal":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sleep_for_ever()
    if fault == "fails at once":
        sys.exit("no model \x1b[31m" + 10_000 * "." + os.environ.get("KEY", "") + " ends here")
    if fault == "writes for ever":
        while True:
            say("x" * 60_000)
    if fault == "drips":
        while True:
            sys.stdout.write(" ")
            sys.stdout.flush()
            time.sleep(0.02)
    if fault == "leaves a child":
        child = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)"])
        Path(os.environ["CHILD"]).write_text(str(child.pid), "ascii")
    requests = [json.loads(line) for line in sys.stdin]
    answers: list[Line] = [{"id": one["id"], "text": translated(one["text"])} for one in requests]
    if fault == "knows a few":
        answers = [
            {"id": one["id"], "text": KNOWN[one["text"]]}
            if one["text"] in KNOWN
            else {"id": one["id"], "error": "not in the dictionary"}
            for one in requests
        ]
    elif fault == "revises":
        for one, answer in zip(requests, answers, strict=True):
            if "revised" in one:
                answer["text"] = one["revised"]["target"].replace("está", "estaba")
    elif fault == "repeats what it was given":
        for one, answer in zip(requests, answers, strict=True):
            answer["text"] = json.dumps({key: one[key] for key in sorted(one) if key not in ("id", "text")})
    elif fault == "floods the standard error":
        sys.stderr.write("warning\n" * 200_000)
    elif fault == "dies after some":
        say(*answers[:at])
        sys.exit(7)
    elif fault == "dies at a word":
        for one, answer in zip(requests, answers, strict=True):
            if "poison" in one["text"]:
                os.kill(os.getpid(), signal.SIGSEGV)
            say(answer)
        return
    elif fault == "dies in a line":
        whole = "".join(json.dumps(answer) + "\n" for answer in answers)
        sys.stdout.write(whole[: len(whole) // 2])
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "stops after some":
        say(*answers[:at])
        sleep_for_ever()
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]  # a text stream
    damage = HARMLESS.get(fault) or DAMAGES.get(fault)
    say(*(damage(answers, at % len(answers)) if damage else answers))


def _replaced(answers: list[Line], at: int, *lines: object) -> list[object]:
    return [*answers[:at], *lines, *answers[at + 1 :]]


def _with(key: str, value: object) -> Damage:
    """The answer at the place has this for its id or its text (`{}` stands for the text that it had)."""

    def damage(answers: list[Line], at: int) -> list[object]:
        given = value.replace("{}", str(answers[at]["text"])) if isinstance(value, str) else value
        return _replaced(answers, at, {**answers[at], key: given})

    return damage


HARMLESS: dict[str, Damage] = {
    "another order": lambda answers, _: [*reversed(answers)],
    "other line ends": lambda answers, _: ["\ufeff" + "\r\n".join(map(json.dumps, answers))],
    "numbers for ids": lambda answers, _: [{**one, "id": int(str(one["id"]))} for one in answers],
    "the same answer twice": lambda answers, at: [*answers, answers[at]],
    "more keys": lambda answers, _: [{**one, "model": None, "error": None} for one in answers],
    "talks between": lambda answers, at: [
        "Loading…",
        *answers[:at],
        "",
        "[1]",
        "null",
        "50 % {",
        *answers[at:],
        "Done.",
    ],
    "a deep line": lambda answers, at: [*answers[:at], "[" * 100_000, *answers[at:]],
    "a long number": lambda answers, at: [*answers[:at], '{"id": ' + "9" * 5_000 + "}", *answers[at:]],
}
DAMAGES: dict[str, Damage] = {
    "leaves one out": lambda answers, at: _replaced(answers, at),
    "an unknown id": _with("id", "99"),
    "no id": _with("id", None),
    "an id that is a list": _with("id", ["1"]),
    "an id that is true": _with("id", True),
    "two answers": lambda answers, at: [*answers, {**answers[at], "text": "Otra cosa."}],
    "an answer and an error": lambda answers, at: [*answers, {"id": answers[at]["id"], "error": "no"}],
    "no text": lambda answers, at: _replaced(answers, at, {"id": answers[at]["id"]}),
    "a text that is a list": _with("text", ["a"]),
    "an empty text": _with("text", " \n "),
    "an error": _with("error", "\x1b[2Jtoo hard\u202e"),
    "an error that is a number": _with("error", 12),
    "half a character": _with("text", "{}\ud83d"),
    "turned text": _with("text", "\u202e{}"),
    "a terminal's command": _with("text", "{}\x1b[2J"),
    "an endless text": _with("text", "{}" * 500),
    "a doubled text": _with("text", "{} {}"),
    "an added element": _with("text", "<i>{}</i>"),
    "an added link": _with("text", "<a href='x'>{}</a>"),
    "an open element": _with("text", "{}<span id='p0'>"),
    "the source": lambda answers, at: _replaced(
        answers, at, {**answers[at], "text": re.sub(r"o\b", "", str(answers[at]["text"]))}
    ),
    "lost elements": lambda answers, at: _replaced(
        answers, at, {**answers[at], "text": re.sub("<.*>", "", str(answers[at]["text"]))}
    ),
    "bytes that are not UTF-8": lambda answers, at: _replaced(
        answers, at, f'{{"id": "{at + 1}", "text": "\udce9\udcff"}}'
    ),
}
"""What becomes of the answers, one of which is then of no use."""

if __name__ == "__main__":
    main(*sys.argv[1:])
