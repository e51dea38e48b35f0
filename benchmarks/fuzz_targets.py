"""What the fuzzer attacks: functions of arbitrary bytes that raise when a promise is broken. An AmtsError is an answer,
anything else is a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from bot.book.lock_file import parse_lock, serialize_lock
from bot.book.project import ADAPTERS
from bot.book.stale_record import parse_stale, serialize_stale
from bot.changes.joining import join
from bot.comments.commands import COMMANDS
from bot.comments.parsing import parse_comment
from bot.config.schema import parse_config
from bot.documents import parse, render
from bot.emulator.html import translate_html
from bot.engines.copy import CopyEngine
from bot.engines.html.markup import decode, encode
from bot.errors import AmtsError
from bot.forge.github.marker import read_memo
from bot.glossary.reading import read_glossary
from bot.memory.formats import MemoryFormat, read_memory
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, Versions
from bot.pipeline import merge_document
from bot.report.hidden import reveal

_ENGLISH = Language("en", "English")
_CHINESE = Language("zh", "Chinese", joiner="", splitter="zh", length_ratio=0.3)
LANGUAGES = Direction(_ENGLISH, _CHINESE)
_SIDES = {"en": 0, "zh": 1}
# Longer inputs find nothing that shorter ones don't, more slowly.
MAX_BYTES = 2_000
SEPARATOR = b"\xff"
"""Between the texts of a target that takes several: no byte of UTF-8."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "ignore").replace("\0", "")


def _texts(data: bytes, number: int) -> list[str]:
    parts = [_text(part) for part in data.split(SEPARATOR, number - 1)]
    return parts + [parts[-1]] * (number - len(parts))


def reading(data: bytes) -> None:
    """Reading loses nothing, and segments are in order."""
    for language in LANGUAGES:
        document = parse(_text(data), language)
        assert render(document) == document.text
        ends = [0, *(segment.end for segment in document.segments)]
        assert all(end <= segment.start < segment.end for end, segment in zip(ends, document.segments, strict=False))


def merging(data: bytes) -> None:
    """A merge is verified or refused; where the English did not change, nothing does."""
    base, new, target = _texts(data, 3)
    with suppress(AmtsError):
        merge_document(Versions(base, new, target), LANGUAGES, CopyEngine())
    unchanged = merge_document(Versions(base, base, target), LANGUAGES, CopyEngine())
    waiting = {edit.action for edit in unchanged.edits} - {"left", "translated", "reused"}
    assert unchanged.text == target or not waiting, "a merge without a change changed something"


def joining(data: bytes) -> None:
    """Where one side changed nothing, the other side's text is the result."""
    old, ours, theirs = _texts(data, 3)
    join(old, ours, theirs, _CHINESE)
    assert join(old, ours, old, _CHINESE).text == ours
    assert join(old, old, theirs, _CHINESE).text == theirs


def records(data: bytes) -> None:
    """What was read is written so that it reads the same."""
    with suppress(AmtsError):
        locked = parse_lock(data)
        assert parse_lock(serialize_lock(locked)) == locked
    with suppress(AmtsError):
        stale = parse_stale(data, ".amts/stale.zh.yaml")
        written = serialize_stale(stale)
        assert written is None or parse_stale(written, "") == {path: of for path, of in stale.items() if of}


def imports(data: bytes) -> None:
    for form in MemoryFormat:
        with suppress(AmtsError):
            read_memory(data, form, _SIDES.get, "memory")
    with suppress(AmtsError):
        read_glossary(data, LANGUAGES, "terms")


def comments(data: bytes) -> None:
    parse_comment(_text(data), COMMANDS)
    parse_comment(f"/amts {_text(data)}", COMMANDS)


def bodies(data: bytes) -> None:
    """What the bot hid in a body that people may have edited."""
    reveal("memo", _text(data))
    read_memo(_text(data))


def configuration(data: bytes) -> None:
    with suppress(AmtsError):
        parse_config(_text(data), ADAPTERS)


def answers(data: bytes) -> None:
    """An engine's answer to a sentence is Markdown with the sentence's placeables, or refused with a reason."""
    sentence, answer = _texts(data, 2)
    encoded = encode(sentence, _ENGLISH)
    for given in (answer, encoded.html + answer, encoded.html):
        decoded = decode(encoded, given, _CHINESE)
        fault = decoded.problem or check_translation(sentence, decoded.text, Kind.PARAGRAPH, LANGUAGES)
        assert fault or decoded.text.strip(), "an empty answer would be published"
    translate_html(answer, list, fragment=True)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (reading, merging, joining, records, imports, comments, bodies, configuration, answers)
}

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "reading": (
        b"# Title\n:label:`sec_a`\n\nSome *words* and `code`, $x$ [a](b).\n\n- item\n\n$$y$$\n\n"
        b"```python\nx = 1\n```\n",
        b":begin_tab:`a`\nWord.\n:end_tab:\n\n````{note}\n```{tip}\nWord.\n```\n````\n\n|a|b|\n|-|-|\n|c|d|\n\n"
        b"[^1]: Note.\n",
        b"---\ntitle: x\n---\n\n> quote\n> more  \nlast\n\n:::{note}\nWord\n:::\n\n<div>\nx\n</div>\n\n"
        b"<!-- c -->\n![A.](b)\n",
    ),
    "merging": (
        b"# A\n\nOne. Two `x`.\n\n```\nx = 1\n```\n\xff# A\n\nOne. Two `y` now.\n\n```\nx = 2\n```\n\xff"
        b"# \xe7\x94\xb2\n\n\xe4\xb8\x80\xe3\x80\x82\xe4\xba\x8c`x`\xe3\x80\x82\n\n```\nx = 1\n```\n",
        b"- a *b*\n- c\n\n|a|b|\n|-|-|\n|c|d|\n\xff- c\n- a **b**\n\n|a|b|\n|-|-|\n|d|c|\n\xff- x *y*\n- z\n",
        b":begin_tab:`a`\nW.\n:end_tab:\n\xff:begin_tab:`b`\nW. V.\n:end_tab:\n\xff:begin_tab:`a`\nU.\n:end_tab:\n",
    ),
    "joining": (b"One. Two.\n\n- three\n\xffOne. 2.\n\n- three\n\xffOne. Two.\n\n- four\n\nFive.\n",),
    "records": (
        b"version: 1\nfiles:\n  a.md:\n    source: b.md\n    commit: %b\n    blob: %b\n" % (b"a" * 40, b"b" * 40),
        b'version: 1\nfiles:\n  "a.md":\n  - translation: "x"\n    english: ["y", "z"]\n    now: "w"\n',
    ),
    "imports": (
        b'<tmx version="1.4"><body><tu><tuv xml:lang="en"><seg>x<ph>y</ph></seg></tuv>'
        b'<tuv xml:lang="zh"><seg>z</seg></tuv></tu></body></tmx>',
        b'<xliff version="1.2"><file source-language="en" target-language="zh"><body><trans-unit><source>x</source>'
        b"<target>y</target></trans-unit></body></file></xliff>",
        b'<tbx><conceptEntry><langSec xml:lang="en"><termSec><term>x</term></termSec></langSec>'
        b'<langSec xml:lang="zh"><termSec><term>y</term></termSec></langSec></conceptEntry></tbx>',
        b'en,zh\n"a ""b""",c\n',
        b"tree; \xe6\xa0\x91, \xe6\x9c\xa8 (x)\n- loss or cost: \xe6\x8d\x9f\n| a | b |\n",
    ),
    "comments": (b'/amts term "saddle point" "x"', b"/amts explain a.md:12", b"/amts retranslate a.md --below 50"),
    "bodies": (b"words\n<!-- amts:memo eJyrrgUAAXUA-Q== -->",),
    "configuration": (
        b"version: 1\nsource: {repo: en.git, branch: main, language: en}\n"
        b"languages:\n  zh: {repo: zh.git, branch: main, engine: memory}\n",
    ),
    "answers": (
        b"The *words* of `x` and [a](b).\xff<em id=t0>x</em> <span translate=no id=p0>`x`</span>",
        b"**A** b\xff<b id=t0>c",
    ),
}
