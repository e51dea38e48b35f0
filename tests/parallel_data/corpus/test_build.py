"""`amts corpus build`: what is read, what becomes of each pair, and that memory and bytes don't depend on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.languages import known_language
from bot.errors import InputError
from bot.memory.filters import Rules, decide
from bot.memory.formats import to_csv, to_tmx
from bot.memory.pairs import Pair, PairStatus
from bot.memory.reading import MemoryFormat, read_memory
from bot.model import Direction, TranslationUnit
from bot.parallel_data.corpus.deduplication import Deduplication
from bot.parallel_data.corpus.inputs import DocumentPair, MemoryPiece, listed_pairs, matching_pairs, memory_pieces
from bot.parallel_data.corpus.workers import Workers, batches, stream
from bot.parallel_data.files import UnitWriter
from bot.parallel_data.options import Format, Level
from tests.support.cli_run import Cli, Ran

LANGUAGES = Direction(known_language("en"), known_language("es"))
TEA = (
    ("Tea is a hot drink from China.", "El té es una bebida caliente de China."),
    ("Pour 2 cups of water over the leaves.", "Vierta 2 tazas de agua sobre las hojas."),
    ("Machine learning will not help you.", "El aprendizaje automático no le ayudará."),
)


@pytest.fixture
def amts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def page(*paragraphs: str) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><body><nav><a href='/'>Home page</a></nav><article>{body}</article></body></html>"


def build(amts: Cli, folder: Path, *arguments: str | Path) -> Ran:
    output = folder / "out"
    given: list[str | Path] = ["-l", "es", "--output", output, "--min-score", "0", "--jobs", "1"]
    return amts("corpus", "build", *given, *arguments)


def records(folder: Path, name: str = "pairs") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / f"es.{name}.jsonl").read_text("utf-8").splitlines()]


def kept(folder: Path) -> list[tuple[str, str]]:
    return [(one["source"], one["target"]) for one in records(folder) if one["fate"] == "kept"]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """The same three sentences as a page and as plain text, and one of them in Markdown."""
    for side, top in enumerate(("en", "es")):
        texts = [pair[side] for pair in TEA]
        write(
            tmp_path / top,
            {"a/tea.html": page(*texts), "b.md": f"{texts[0]}\n", "c.txt": "  " + "\n\n    ".join(texts) + "\n"},
        )
    return tmp_path


def test_pages_markdown_and_text_give_the_pairs_of_their_sentences(amts: Cli, documents: Path) -> None:
    pytest.importorskip("trafilatura")
    ran = build(amts, documents, "--folders", documents / "en", documents / "es")
    assert (ran.code, ran.err) == (0, "")
    assert kept(documents) == [TEA[0], TEA[1], TEA[2]]
    assert [one["fate"] for one in records(documents)].count("duplicate") == 4
    first = records(documents)[0]
    assert first["source_path"] == str(documents / "en" / "b.md")
    assert first["path"] == str(documents / "es" / "b.md")
    assert "3 documents read" in ran.out


def test_the_same_documents_give_the_same_bytes_on_any_number_of_processors(amts: Cli, documents: Path) -> None:
    pytest.importorskip("trafilatura")
    found = []
    for jobs in ("1", "3"):
        build(amts, documents, "--folders", documents / "en", documents / "es", "--jobs", jobs)
        found.append({path.name: path.read_bytes() for path in (documents / "out").iterdir()})
    assert found[0] == found[1]
    assert set(found[0]) == {"es.csv", "es.pairs.jsonl", "es.documents.jsonl", "es.report.json"}


def test_a_list_names_documents_relative_to_itself(amts: Cli, documents: Path) -> None:
    write(documents, {"list.tsv": "en/b.md\tes/b.md\nen/none.md\tes/b.md\n"})
    ran = build(amts, documents, "--list", documents / "list.tsv", "--json")
    assert kept(documents) == [TEA[0]]
    assert ran.json()["documents_with_pairs"] == 1
    assert "can't be read" in records(documents, "documents")[1]["problem"]


def test_a_keyword_chooses_documents_or_pairs(amts: Cli, documents: Path) -> None:
    folders: list[str | Path] = ["--folders", documents / "en", documents / "es"]
    build(amts, documents, *folders, "--keyword", "machine  Learning")
    assert TEA[0] in kept(documents)
    assert "off the subject" in [one["problem"] for one in records(documents, "documents")]
    ran = build(amts, documents, *folders, "--keyword", "aprendizaje", "--keyword-in-pair", "--json")
    assert kept(documents) == [TEA[2]]
    assert ran.json()["off_subject"] == 5
    build(amts, documents, *folders, "--keyword", "chin", "--keyword", "ea")
    assert [one["source"] for one in records(documents)] == [TEA[0][0], *[pair[0] for pair in TEA] * 2]


def test_memories_go_through_the_same_filters(amts: Cli, tmp_path: Path) -> None:
    rows = [
        *TEA,
        TEA[0],
        ("One thing.", "Una cosa que es mucho más larga de lo que debería ser nunca jamás, por cierto."),
    ]
    units = [TranslationUnit(*row, "") for row in rows]
    write(tmp_path, {"m.csv": to_csv(units, "en", "es"), "m.tmx": to_tmx(units[:1], "en", "es", version="1")})
    ran = build(amts, tmp_path, "--memory", tmp_path / "m.csv", "--memory", tmp_path / "m.tmx", "--json")
    fates: Any = ran.json()["fates"]
    assert (fates["kept"], fates["duplicate"], fates["length ratio"]) == (3, 2, 1)
    assert sum(fates.values()) == ran.json()["pairs"] == 6


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "--list or --folders"),
        (["--folders", "none", "none"], 4, "none: is no folder"),
        (["--list", "none.tsv"], 4, "can't be read"),
        (["--memory", "m.docx"], 2, "of no known format"),
        (["--memory", "none.csv"], 4, "can't be read"),
    ],
)
def test_what_cannot_be_read_ends_in_one_sentence_and_leaves_nothing(
    amts: Cli, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    ran = build(amts, tmp_path, *arguments)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_failed_build_leaves_the_one_before(amts: Cli, documents: Path) -> None:
    build(amts, documents, "--folders", documents / "en", documents / "es")
    before = (documents / "out" / "es.csv").read_bytes()
    write(documents, {"list.tsv": "en/b.md\tes/b.md\nno tab\n"})
    assert build(amts, documents, "--list", documents / "list.tsv").code == 4
    assert (documents / "out" / "es.csv").read_bytes() == before
    assert not list((documents / "out").glob(".new-*"))


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


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_repetitions_are_settled_as_in_the_parallel_data_of_a_book(texts: list[tuple[str, str]]) -> None:
    texts = [(f"the word {source}", f"la palabra {target}") for source, target in texts]
    repeated = Deduplication(Path(":memory:"))
    for number, (source, target) in enumerate(texts):
        repeated.add(number, source, target)
    fates = [repeated.status(number, *pair) for number, pair in enumerate(texts)]
    repeated.close()
    assert fates == decide([Pair(TranslationUnit(*pair, "")) for pair in texts], Rules(0.0, 1.0, 0))
    assert fates.count(PairStatus.KEPT) == len({source for source, _ in texts})


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("count", [0, 1, 2001])
def test_what_is_written_in_batches_is_what_is_written_at_once(tmp_path: Path, form: Format, count: int) -> None:
    units = [TranslationUnit(f"<body> {n}", f'"{n}"', "") for n in range(count)]
    with (tmp_path / "file").open("wb") as file, UnitWriter(file, form, Level.SENTENCE, LANGUAGES) as writer:
        for unit in units:
            writer.add(unit)
    data = (tmp_path / "file").read_bytes()
    if form is Format.TMX:
        assert len(list(ElementTree.fromstring(data).iter("tu"))) == count
    else:
        assert data.decode() == to_csv(units, "en", "es", delimiter="," if form is Format.CSV else "\t")
    found = read_memory(data, MemoryFormat(form.value), lambda code: ["en", "es"].index(code), "file")
    assert [(unit.source, unit.target) for unit in found] == [(unit.source, unit.target) for unit in units]


class Counting(Executor):
    """Does the work of another executor, and counts how much of it is not collected yet."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.given = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        return self.executor.submit(fn, *args, **kwargs)


def test_a_stream_is_read_no_further_ahead_than_the_work_needs() -> None:
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    with ThreadPoolExecutor(2) as threads:
        results = stream(Workers(Counting(threads), 2), str, numbers())
        for expected in range(1000):
            assert next(results) == str(expected)
            assert len(read) <= expected + 8
        assert next(results, None) is None


def test_batches_hold_all_in_order() -> None:
    assert list(batches(range(5), 2)) == [(0, 1), (2, 3), (4,)]
    assert list(batches([], 2)) == []
