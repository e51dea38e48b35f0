"""Pairs as files: a batch at a time is the same as all at once."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bot.book.package_data import known_language
from bot.memory.formats import MemoryFormat, read_memory, to_csv
from bot.model import Direction, TranslationUnit
from bot.parallel_data.files import written_units
from bot.parallel_data.options import Format, Level

LANGUAGES = Direction(known_language("en"), known_language("es"))


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("count", [0, 1, 2001])
def test_what_is_written_in_batches_is_what_is_written_at_once(form: Format, count: int) -> None:
    units = [TranslationUnit(f"<body> {n}", f'"{n}"', "") for n in range(count)]
    data = b"".join(written_units(iter(units), form, Level.SENTENCE, LANGUAGES))
    if form is Format.TMX:
        assert len(list(ElementTree.fromstring(data).iter("tu"))) == count
    else:
        assert data.decode() == to_csv(units, "en", "es", delimiter="," if form is Format.CSV else "\t")
    found = read_memory(data, MemoryFormat(form.value), lambda code: ["en", "es"].index(code), "file")
    assert [(unit.source, unit.target) for unit in found] == [(unit.source, unit.target) for unit in units]
