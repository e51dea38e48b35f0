"""Sentences as Apertium reads them, and its answers: recorded ones, and what the program itself makes of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engines import EngineOptions
from bot.engines.command.apertium import read_apertium, write_apertium
from bot.engines.command.protocols import PROTOCOLS, Question
from bot.engines.command.settings import CommandSettings
from bot.engines.html.markup import encode
from bot.memory import TranslationMemory
from bot.model import Kind, Request
from tests.support.apertium import apertium_command
from tests.support.engine_contract import DIRECTION, ENGLISH, SPANISH

UNKNOWN = "the machine marks words that it does not know; give it the option -u"


@pytest.mark.parametrize(
    ("markdown", "sent"),
    [
        ("Open `a.py` & read.", "Open <apertium-notrans>p0</apertium-notrans> &amp; read."),
        ("A *very big* café.", 'A <em id="t0">very big</em> café.'),
        ("About ~5 of them.", "About <apertium-notrans>~</apertium-notrans>5 of them."),
        ("See [the `x`](a.md).", 'See <a id="t0">the <apertium-notrans>p1</apertium-notrans></a>.'),
    ],
)
def test_what_is_sent(markdown: str, sent: str) -> None:
    assert write_apertium(encode(markdown, ENGLISH)) == sent


@pytest.mark.parametrize(
    ("markdown", "answer", "read"),
    [
        # It closes and opens a tag around each word that it moves, and what is not translated falls out of the tag.
        (
            "The ~~values are `y` big~~ now.",
            'Los <s id="t0">valores son</s> <apertium-notrans>p1</apertium-notrans> <s id="t0">grandes</s> ahora.',
            "Los ~~valores son `y` grandes~~ ahora.",
        ),
        (
            "A *very big* house.",
            'Una casa <em id="t0">muy</em> <em id="t0">grande</em>.',
            "Una casa *muy grande*.",
        ),
        (
            "**A *big* house** fell.",
            '<strong id="t0">Una casa</strong> <strong id="t0"><em id="t1">grande</em></strong> cayó.',
            "**Una casa *grande*** cayó.",
        ),
        (
            "See the [help page](x.md).",
            'Ve la <a id="t0">página</a> de <a id="t0">ayuda</a>.',
            "Ve la [página de ayuda](x.md).",
        ),
        ("About ~5 of them.", "Sobre <apertium-notrans>~</apertium-notrans>5.", "Sobre ~5."),
        ("A & B < C.", "Una &amp; B &lt; C.", "Una & B < C."),
    ],
)
def test_what_is_read(markdown: str, answer: str, read: str) -> None:
    assert read_apertium(encode(markdown, ENGLISH), answer, SPANISH).text == read


@pytest.mark.parametrize(
    ("markdown", "answer", "problem"),
    [
        ("Open `a.py`.", "Abre.", "the machine lost `a.py`"),
        ("Open `a.py`.", "Abre <apertium-notrans>p0</apertium-notrans> <apertium-notrans>p0</apertium-notrans>.",
         "the machine doubled `a.py`"),
        ("Open `a.py`.", "Abre <apertium-notrans>p7</apertium-notrans>.", "the machine lost `a.py`"),
        ("The *big* house.", 'La <em id="t0">a</em> b b b <em id="t0">c</em>.',
         "the machine doubled the emphasis of “big”"),
        ("The *big* house.", "La <i>a</i> b.", "the machine lost the emphasis of “big”"),
        ("The big house.", "La <i>casa</i> grande.", "the machine added the HTML element <i>"),
        ("The big house.", "*frobnicator grande.", UNKNOWN),
        ("The big house.", "La @casa grande.", UNKNOWN),
    ],
)  # fmt: skip
def test_what_can_not_be_used(markdown: str, answer: str, problem: str) -> None:
    assert read_apertium(encode(markdown, ENGLISH), answer, SPANISH).problem == problem


PIECES = ("a", "b ", " ", "*", "@", "<", ">", "/", "&amp;", "&", '<em id="t0">', "</em>", "</a>", "<i>", "~")
NOTES = ("<apertium-notrans>p1</apertium-notrans>", "<apertium-notrans>", "</apertium-notrans>", "p1")


@given(st.lists(st.sampled_from(PIECES + NOTES), max_size=20))
def test_any_answer_is_read_or_refused(pieces: list[str]) -> None:
    read = read_apertium(encode("The *big* `x` house.", ENGLISH), "".join(pieces), SPANISH)
    assert bool(read.text) is not bool(read.problem)
    assert read.problem or "`x`" in read.text


def test_paragraphs_have_the_numbers_of_their_sentences() -> None:
    asked = [Question("1", "One."), Question("2", "Two."), Question("3", "Three.")]
    protocol = PROTOCOLS["apertium"]
    assert protocol.write(asked) == b'<p id="k1">One.</p>\n<p id="k2">Two.</p>\n<p id="k3">Three.</p>\n'
    read = protocol.read(b'<p id="k3">Tres.</p>\n <p id="k1">Uno.</p><p id="k9">Nueve.</p><p id="k2">Do', asked)
    assert read.answers == {"1": "Uno.", "3": "Tres."}
    assert read.fault


def test_apertium_itself_keeps_what_must_not_change() -> None:
    sentences = [
        "The **very big stone** is `grey` in *the garden*.",
        "See :numref:`fig_x` for the [small red book](https://example.org/z).",
        "The ~~values are `y` big~~ now, about ~5 of them, & a < b for $x^2$.",
        "This heading has no end",
        "The café [a] {b} ^c @ / costs 3.5 €.",
    ]
    settings = CommandSettings(kind="command", command=apertium_command("eng-spa"), protocol="apertium")
    engine = settings.create(EngineOptions(str, "es"))
    requests = [Request(sentence, Kind.PARAGRAPH) for sentence in sentences]
    answers = engine.translate(requests, DIRECTION, TranslationMemory())
    assert [answer.left for answer in answers] == [""] * len(sentences)
    # The words depend on the version of the dictionaries, what surrounds them does not.
    patterns = [
        r"El \*\*.* muy grande\*\* es `grey` en \*el jardín\*\.",
        r"\w+ :numref:`fig_x` \w+ el \[libro rojo pequeño\]\(https://example.org/z\)\.",
        r"Los ~~valores son `y` grandes~~ ahora, .* ~5 .*, & .* < b para \$x\^2\$\.",
        r".* ningún fin",
        r"La cafetería \[un\] \{b\} \^c @ / .* 3\.5 €\.",
    ]
    for pattern, answer in zip(patterns, answers, strict=True):
        assert re.fullmatch(pattern, answer.text), answer.text
