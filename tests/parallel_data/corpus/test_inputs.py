"""The inputs of a corpus: which documents belong together, and memories in pieces that lose nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.memory.formats import read_memory, to_csv, to_tmx
from bot.model import TranslationUnit
from bot.parallel_data.corpus.inputs import DocumentPair, MemoryPiece, listed_pairs, matching_pairs, memory_pieces
from tests.support.written import write


def test_matching_files_differ_in_the_extension_at_most(tmp_path: Path) -> None:
    write(tmp_path, {"en/a.md": "", "en/b.txt": "", "en/x/a.html": "", "es/a.txt": "", "es/x/a.htm": "", "es/c.md": ""})
    hidden = (".git/HEAD", "x/.hidden/b.md", ".c.md")
    write(tmp_path, {f"{side}/{path}": "" for side in ("en", "es") for path in hidden})
    found = list(matching_pairs(tmp_path / "en", tmp_path / "es"))
    assert found == [
        DocumentPair(tmp_path / "en/a.md", tmp_path / "es/a.txt"),
        DocumentPair(tmp_path / "en/x/a.html", tmp_path / "es/x/a.htm"),
    ]


def test_a_list_with_a_line_that_is_no_pair_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"list.tsv": "a\tb\tc\n"})
    with pytest.raises(InputError, match="two paths"):
        list(listed_pairs(tmp_path / "list.tsv"))


def read_pieces(pieces: Iterable[MemoryPiece]) -> list[tuple[str, str]]:
    def speaks(code: str) -> int | None:
        return {"en": 0, "es": 1}.get(code)

    return [(u.source, u.target) for piece in pieces for u in read_memory(piece.data, piece.form, speaks, "m")]


@pytest.mark.parametrize("form", ["csv", "tsv", "tmx"])
def test_a_large_memory_is_read_in_pieces_that_lose_nothing(tmp_path: Path, form: str) -> None:
    units = [TranslationUnit(f'Say "{n}", please', f"Diga «{n}»", "") for n in range(1200)]
    text = (
        to_tmx(units, "en", "es", version="1")
        if form == "tmx"
        else to_csv(units, "en", "es", delimiter="," if form == "csv" else "\t")
    )
    write(tmp_path, {f"m.{form}": text})
    pieces = list(memory_pieces(tmp_path / f"m.{form}"))
    assert len(pieces) == 3
    assert read_pieces(pieces) == [(unit.source, unit.target) for unit in units]


def test_a_quoted_field_with_line_ends_is_not_cut(tmp_path: Path) -> None:
    rows = "".join(f'"one\n\n{n}","uno\n{n}"\n' for n in range(400))
    write(tmp_path, {"m.csv": f"en,es\n{rows}"})
    pieces = list(memory_pieces(tmp_path / "m.csv"))
    assert len(pieces) > 1
    assert read_pieces(pieces) == [(f"one {n}", f"uno {n}") for n in range(400)]


def test_a_memory_with_entities_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"m.tmx": '<!DOCTYPE tmx [<!ENTITY a "b">]><tmx><body/></tmx>'})
    with pytest.raises(InputError, match="entities"):
        list(memory_pieces(tmp_path / "m.tmx"))
