"""What a program is given, in each protocol, and which settings fit together."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.book.project import read_config
from bot.config.network import NETWORK
from bot.engines import EngineOptions
from bot.engines.command.markups import write_tokens
from bot.engines.command.settings import CommandSettings
from bot.errors import ConfigError, EngineError
from bot.memory import TranslationMemory
from bot.model import FuzzyMatch, Kind, Request, TranslationUnit
from tests.support import translating_program
from tests.support.engine_contract import DIRECTION, REVISED

PROGRAM = (sys.executable, "-I", str(Path(translating_program.__file__)))
MEMORY = TranslationMemory(
    [TranslationUnit("The `big` stone lies in the garden.", "La piedra `big` está en el jardín.", "a.md")]
)


def ask(requests: Sequence[Request], *, glossary: str = "", folder: Path = Path(), **settings: Any) -> list[str]:
    options = EngineOptions(lambda _: glossary, "es", glossary="terms.csv" if glossary else "", folder=folder)
    engine = CommandSettings(kind="command", **settings).create(options)
    return [answer.text if not answer.left else f"LEFT {answer.left}" for answer in engine.translate(
        requests, DIRECTION, MEMORY)]  # fmt: skip


def given(request: Request, **settings: Any) -> dict[str, Any]:
    """What the program gets with a sentence beside its number and text."""
    (answer,) = ask([request], command=(*PROGRAM, "repeats what it was given"), markup="markdown", **settings)
    data: dict[str, Any] = json.loads(answer)
    return data


SENTENCE = Request("The `big` stone lay in the garden.", Kind.PARAGRAPH, ("`big`",))
# Its answer is no translation, so that the sentence must have no marks of its own.
PLAIN = Request("The big stone lies in a garden.", Kind.HEADING)


def test_a_sentence_has_its_languages_and_its_kind() -> None:
    assert given(PLAIN) == {"kind": "heading", "source": "en", "target": "es"}


def test_what_else_a_program_may_want() -> None:
    wanted = given(REVISED, revises=True, terms=True, glossary="en,es\nstone,piedra\ngarden,jardín\nhouse,casa\n")
    assert wanted["revised"] == {
        "source": "The big stone lies in the garden.",
        "target": "La piedra grande está en el jardín.",
    }
    assert wanted["terms"] == [
        {"source": "stone", "targets": ["piedra"]},
        {"source": "garden", "targets": ["jardín"]},
    ]
    assert "examples" not in wanted


def test_a_program_that_does_not_revise_gets_the_new_sentence_alone() -> None:
    assert "revised" not in given(Request(PLAIN.text, Kind.PARAGRAPH, revised=FuzzyMatch("a", "b", 0.9)))


def test_similar_sentences_are_in_the_markup_of_the_sentence(tmp_path: Path) -> None:
    script = tmp_path / "say.py"
    script.write_text(
        "import json, sys\nfor line in sys.stdin:\n one = json.loads(line)\n"
        " open('seen', 'a').write(line)\n print(json.dumps({'id': one['id'], 'error': 'no'}))\n",
        encoding="utf-8",
    )
    ask([SENTENCE], command=(sys.executable, "-I", str(script)), examples=3, folder=tmp_path)
    (seen,) = map(json.loads, (tmp_path / "seen").read_text().splitlines())
    assert seen["text"] == 'The <span translate="no" id="p0">`big`</span> stone lay in the garden.'
    assert seen["examples"] == [
        {
            "source": 'The <span translate="no" id="p0">`big`</span> stone lies in the garden.',
            "target": 'La piedra <span translate="no" id="p0">`big`</span> está en el jardín.',
        }
    ]


def test_the_same_sentence_is_asked_for_once_and_one_without_words_never() -> None:
    requests = [PLAIN, Request("`code`", Kind.PARAGRAPH, ("`code`",)), PLAIN]
    program = (
        "import sys, json\nlines = sys.stdin.readlines()\n"
        "for line in lines: print(json.dumps({'id': json.loads(line)['id'], 'text': f'{len(lines)} piedra'}))"
    )
    assert ask(requests, command=(sys.executable, "-I", "-c", program)) == ["1 piedra", "`code`", "1 piedra"]


def test_without_a_sentence_no_program_is_started() -> None:
    assert ask([], command=("no-such-program",)) == []
    assert ask([Request("$x$", Kind.PARAGRAPH, ("$x$",))], command=("no-such-program",)) == ["$x$"]


SWAPPED = "import re, sys\nfor line in sys.stdin: print(re.sub(r'(?<![{/])\\b(stone|big)\\b', 'gris', line), end='')"
ITEMS = [
    Request("The *big* stone is `grey` in $x^2$.", Kind.PARAGRAPH, ("`grey`", "$x^2$")),
    Request("The stone is {0} or {1}.", Kind.PARAGRAPH),
]


def test_a_line_filter_gets_tokens_in_place_of_marks() -> None:
    assert write_tokens(ITEMS[0], DIRECTION).text == "The {0}big{/0} stone is {1} in {2}."
    assert write_tokens(ITEMS[1], DIRECTION).text == "The stone is {0} or {1}."
    assert write_tokens(Request("The {0} *stone*.", Kind.PARAGRAPH), DIRECTION).text == "The {0} [0]stone[/0]."
    assert ask(ITEMS, command=(sys.executable, "-I", "-c", SWAPPED), protocol="lines") == [
        "The *gris* gris is `grey` in $x^2$.",
        "The gris is {0} or {1}.",
    ]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("El {0}a{/0} {1} {2}", ""),
        ("El { 0 }a{ /0 } {1} { 2 }", ""),
        ("El {0}a{/0} {1}", "the machine lost $x^2$"),
        ("El {0}a{/0} {1} {1} {2}", "the machine doubled `grey`"),
        ("El {0}a {1} {2}", "the machine broke the markup"),
        ("El a{/0} {0} {1} {2}", "the machine broke the markup"),
        ("El <b>{0}a{/0}</b> {1} {2}", ""),
    ],
)
def test_tokens_come_back_or_the_sentence_is_left(answer: str, left: str) -> None:
    decoded = write_tokens(ITEMS[0], DIRECTION).read(answer)
    assert decoded.problem == left
    assert "`grey`" in decoded.text or left


def test_lines_that_are_too_few_or_too_many_belong_to_no_sentence() -> None:
    for program in (
        "import sys; print(sys.stdin.readline(), end=str())",
        "import sys; print(sys.stdin.read())",
        "print()",
    ):
        with pytest.raises(EngineError, match=r"it wrote \d lines for 2|answered 0 of 2 sentences"):
            ask(ITEMS, command=(sys.executable, "-I", "-c", program), protocol="lines")


def test_a_program_beside_the_configuration(tmp_path: Path) -> None:
    script = tmp_path / "tools" / "translate"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\nread -r line\nprintf \'{"id": "1", "text": "%s"}\\n\' "$(basename "$PWD")"\n')
    script.chmod(0o755)
    assert ask([PLAIN], command=("./tools/translate",), folder=tmp_path) == [tmp_path.name]


def test_its_label_names_the_program() -> None:
    engine = CommandSettings(kind="command", command=("/opt/tools/argos-translate", "--fast")).create(
        EngineOptions(str, "es", network=NETWORK)
    )
    assert engine.label == "command (argos-translate)"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("command: apertium -u", "engines.mt.command must be a list"),
        ("command: []", "engines.mt.command"),
        ("command: ['']", "has no program"),
        ("command: [a], protocol: apertium, markup: html", "has its own; leave `markup` out"),
        ("command: [a], protocol: lines, terms: true", "need `protocol: json`"),
        ("command: [a], revises: true", "needs `markup: markdown`"),
        ("command: [a], environment: [A=b]", "engines.mt.environment"),
        ("command: [a], idle_seconds: 0", "engines.mt.idle_seconds"),
    ],
)
def test_settings_that_do_not_fit(settings: str, message: str) -> None:
    config = "version: 1\nsource: {repo: en}\nlanguages: {es: {repo: es}}\n"
    config += f"engines: {{mt: {{kind: command, {settings}}}}}\n"
    with pytest.raises(ConfigError) as failure:
        read_config(config)
    assert message in str(failure.value)
