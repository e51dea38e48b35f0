"""`amts corpus build`: what is read, what becomes of each pair, and that memory and bytes don't depend on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.memory.formats import to_csv, to_tmx
from bot.model import TranslationUnit
from tests.support.cli_run import Cli, Ran
from tests.support.written import write

TEA = (
    ("Tea is a hot drink from China.", "El té es una bebida caliente de China."),
    ("Pour 2 cups of water over the leaves.", "Vierta 2 tazas de agua sobre las hojas."),
    ("Machine learning will not help you.", "El aprendizaje automático no le ayudará."),
)


@pytest.fixture
def amts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


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
