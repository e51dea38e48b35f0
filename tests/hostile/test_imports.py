"""Files of other tools that nest, repeat or go on without end: each is read, or refused in a sentence, in seconds."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.glossary.reading import read_glossary
from bot.memory.formats import FORMATS, MemoryFormat, read_memory
from bot.model import Direction, Language
from bot.parallel_data.corpus.inputs import listed_pairs, memory_pieces

LANGUAGES = Direction(Language("en", "English"), Language("tr", "Turkish"))
SECONDS = 20.0
"""Of processor time for one file; the slowest takes one or two on an idle machine."""

_PAIR = '<tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="tr"><seg>y</seg></tuv>'


def side_of(code: str) -> int | None:
    return {"en": 0, "tr": 1}.get(code)


def tmx(body: str, head: str = "") -> str:
    return f'{head}<tmx version="1.4"><body>{body}</body></tmx>'


def unit(text: str) -> str:
    return f"<tu>{_PAIR.format(text)}</tu>"


def xliff(body: str) -> str:
    return f'<xliff version="1.2">{body}</xliff>'


_FILE = '<file source-language="en" target-language="tr">'
_UNIT = "<trans-unit><source>x</source><target>y</target></trans-unit>"


def memories(count: int) -> Iterator[tuple[str, MemoryFormat, str]]:
    """The name, the format and the text of damaged or absurd memories; `count` is how absurd."""
    yield "marks in marks", MemoryFormat.TMX, tmx(unit("<hi>" * count + "x" + "</hi>" * count))
    yield "marks without an end", MemoryFormat.TMX, tmx("<tu><tuv><seg>" + "<hi>" * count)
    yield "units in units", MemoryFormat.TMX, tmx("<tu>" * count + "</tu>" * count)
    yield "notes in notes", MemoryFormat.TMX, tmx("<note>" * count + "</note>" * count + unit("x"))
    yield "thousands of variants", MemoryFormat.TMX, tmx(f"<tu>{_PAIR.format('x') * count}</tu>")
    yield "thousands of segments", MemoryFormat.TMX, tmx(f"<tu>{_PAIR.format('x' + '</seg><seg>x' * count)}</tu>")
    yield "thousands of units", MemoryFormat.TMX, tmx(unit("x") * count)
    yield "a long text", MemoryFormat.TMX, tmx(unit("word " * 20 * count))
    yield "a long attribute", MemoryFormat.TMX, tmx(f'<tu note="{"x" * 100 * count}">{_PAIR.format("x")}</tu>')
    attributes = " ".join(f"a{k}='x'" for k in range(count))
    yield "many attributes", MemoryFormat.TMX, tmx(f"<tu {attributes}></tu>")
    yield "many comments", MemoryFormat.TMX, tmx("<!-- x -->" * count + unit("x"))
    yield "an entity", MemoryFormat.TMX, tmx(unit("&e;"), '<!DOCTYPE tmx [<!ENTITY e "x">]>')
    yield (
        "many entities",
        MemoryFormat.TMX,
        tmx(unit("&e9;"), "<!DOCTYPE tmx [" + "".join(f'<!ENTITY e{k} "x">' for k in range(count)) + "]>"),
    )
    yield "many references", MemoryFormat.TMX, tmx(unit("&#120;" * count))
    yield "many name spaces", MemoryFormat.TMX, tmx("".join(f'<a xmlns="u{k}"/>' for k in range(count)) + unit("x"))
    yield "files in files", MemoryFormat.XLIFF, xliff(_FILE * count + "</file>" * count)
    yield "thousands of files", MemoryFormat.XLIFF, xliff(f"{_FILE}{_UNIT}</file>" * count)
    yield "thousands of trans-units", MemoryFormat.XLIFF, xliff(f"{_FILE}{_UNIT * count}</file>")
    yield "groups in groups", MemoryFormat.XLIFF, xliff(f"{_FILE}{'<group>' * count}{'</group>' * count}</file>")
    marked = '<mrk mtype="seg" mid="1">' * count + "x" + "</mrk>" * count
    yield (
        "sentences in sentences",
        MemoryFormat.XLIFF,
        xliff(f"{_FILE}<trans-unit><source>{marked}</source><target>{marked}</target></trans-unit></file>"),
    )
    yield "a long field", MemoryFormat.CSV, f"en,tr\n{'x' * 100 * count},y\n"
    yield "a quote without an end", MemoryFormat.CSV, 'en,tr\n"' + "x,y\n" * count
    yield "many columns", MemoryFormat.TSV, "\t".join(["en", "tr", *["de"] * count]) + "\nx\ty\n"
    yield "many rows", MemoryFormat.TSV, "en\ttr\n" + "x\ty\n" * count


def glossaries(count: int) -> Iterator[tuple[str, str]]:
    entry = "<conceptEntry>{}</conceptEntry>"
    section = '<langSec xml:lang="{}">{}</langSec>'
    term = "<termSec><term>{}</term></termSec>"
    terms = "".join(term.format(f"x{k}") for k in range(count))
    yield "thousands of terms in an entry", entry.format(section.format("en", terms) + section.format("tr", terms))
    yield "entries in entries", "<conceptEntry>" * count + "</conceptEntry>" * count
    yield "languages in languages", entry.format('<langSec xml:lang="en">' * count + "</langSec>" * count)
    yield "terms in terms", entry.format(section.format("en", "<termSec>" * count + "</termSec>" * count))
    pair = section.format("en", term.format("x")) + section.format("tr", term.format("y"))
    yield "thousands of entries", entry.format(pair) * count


def lists(count: int) -> Iterator[tuple[str, str]]:
    yield "separators", "x; y\n" + ";" * count
    yield "parentheses", "x; y\n" + "(" * count + "; y"
    yield "slashes", "x; " + "y/" * count
    yield "alternatives", "x; " + "y or " * count
    yield "spaces", "x; y\n" + " " * count + ";"
    yield "dashes", "x - y\n" + "- " * count
    yield "colons", "x: y\n" + "a:" * count
    yield "marks", "x; y\n" + "*" * count + ";" + "_" * count
    yield "rows", "".join(f"word {k}; kelime {k}\n" for k in range(count // 10))
    yield "columns", "|".join(["x"] * count)


def in_time(kind: str, read: Callable[[], object]) -> None:
    """Reads; an InputError is one line. Nothing else may be raised, and it may not take long."""
    start, said = time.process_time(), ""
    try:
        read()
    except InputError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1, kind
    assert len(said) < 2_000, kind
    assert time.process_time() - start < SECONDS, kind


def read_all(count: int) -> int:
    tried = 0
    for kind, form, text in memories(count):
        in_time(kind, partial(read_memory, text.encode(), form, side_of, "memory"))
        tried += 1
    for kind, body in glossaries(count):
        in_time(kind, partial(read_glossary, f"<tbx>{body}</tbx>".encode(), LANGUAGES, "terms.tbx"))
        tried += 1
    for kind, text in lists(count):
        in_time(kind, partial(read_glossary, text.encode(), LANGUAGES, "terms.md"))
        tried += 1
    return tried


def test_absurd_imports_are_read_or_refused_in_seconds(attacked: Callable[[str, int], None]) -> None:
    attacked("absurd imports", read_all(2_000))


@pytest.mark.sweep
def test_very_absurd_imports_are_read_or_refused_in_seconds(attacked: Callable[[str, int], None]) -> None:
    attacked("absurd imports", read_all(50_000))


@pytest.mark.parametrize("nested", ["hi", "tu", "note"])
def test_elements_in_each_other_without_end_are_refused_with_the_file(nested: str, tmp_path: Path) -> None:
    text = tmx(f"<{nested}>" * 5_000 + f"</{nested}>" * 5_000)
    with pytest.raises(InputError, match=r"^old\.tmx: has more than 64 elements in each other"):
        read_memory(text.encode(), MemoryFormat.TMX, side_of, "old.tmx")
    file = tmp_path / "old.tmx"
    file.write_text(text)
    with pytest.raises(InputError, match="has more than 64 elements in each other"):
        list(memory_pieces(file))


def test_an_entry_with_thousands_of_terms_is_named_and_the_others_are_read() -> None:
    term, section = "<termSec><term>{}</term></termSec>", '<langSec xml:lang="{}">{}</langSec>'
    many = "".join(term.format(f"x{k}") for k in range(3_000))
    entries = (
        section.format("en", many) + section.format("tr", many),
        section.format("en", term.format("tree")) + section.format("tr", term.format("ağaç")),
    )
    text = "<tbx>" + "".join(f"<conceptEntry>{entry}</conceptEntry>" for entry in entries) + "</tbx>"
    glossary = read_glossary(text.encode(), LANGUAGES, "terms.tbx")
    assert [term.source for term in glossary.terms] == ["tree"]
    assert [(part.place, part.reason) for part in glossary.unread] == [
        ("entry 1", "has 3,000 terms in one language, more than the 200 of an entry")
    ]


def test_a_quote_without_an_end_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.parallel_data.corpus.inputs._MAX_PIECE_BYTES", 10_000)
    file = tmp_path / "old.csv"
    file.write_text("en,tr\na,b\n" + '"' + "x,y\n" * 5_000)
    with pytest.raises(InputError, match=r"old\.csv:2: a field in quotes or a line has no end"):
        list(memory_pieces(file))


def test_a_list_of_pairs_with_a_line_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pairs.txt"
    file.write_text("x" * 1_000_000)
    with pytest.raises(InputError, match="a line can't be read"):
        list(listed_pairs(file))


def test_an_ordinary_memory_goes_through_in_pieces_of_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.parallel_data.corpus.inputs._MAX_PIECE_BYTES", 100_000)
    file = tmp_path / "large.tmx"
    file.write_text(tmx(unit("The weights of the model are learned. " * 200) * 500))
    tracemalloc.start()
    units = sum(len(read_memory(piece.data, FORMATS[".tmx"], side_of, "m")) for piece in memory_pieces(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert units == 500
    assert peak < file.stat().st_size / 2
