"""`amts align`: two documents, and many at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.alignment import align
from bot.book.package_data import known_language
from bot.documents import parse
from bot.model import Direction
from bot.report.json_results import bead_records
from tests.support.cli_run import CHINESE, ENGLISH, Cli

SAMPLE = Path(__file__).parents[2] / "bot" / "cli" / "sample"


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    """The chapters of the sample book in Spanish."""
    lines = [
        f"{SAMPLE / 'en-1' / path.relative_to(SAMPLE / 'es')}\t{path}\t{tmp_path / path.stem}.jsonl"
        for path in sorted((SAMPLE / "es").rglob("*.md"))
    ]
    (tmp_path / "pairs.tsv").write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    return tmp_path / "pairs.tsv"


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Path, Path]:
    return write_documents(tmp_path, ENGLISH, CHINESE)


def write_documents(folder: Path, source: str, target: str) -> tuple[Path, Path]:
    (folder / "source.md").write_text(source, encoding="utf-8")
    (folder / "target.md").write_text(target, encoding="utf-8")
    return folder / "source.md", folder / "target.md"


def _results(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl"))}


def test_every_pair_of_the_list_is_written_whatever_the_number_of_processes(cli: Cli, listing: Path) -> None:
    assert cli("align", "--pairs", listing, "--language", "es", "--jobs", "1").code == 0
    alone = _results(listing.parent)
    assert len(alone) == 7
    assert all(set(json.loads(line)) == {"source", "target", "score"} for line in alone["abacus.jsonl"].splitlines())
    for name in alone:
        (listing.parent / name).unlink()
    assert cli("align", "--pairs", listing, "--language", "es", "--jobs", "2").code == 0
    assert _results(listing.parent) == alone


def test_what_was_written_is_counted_as_json(cli: Cli, listing: Path) -> None:
    ran = cli("align", "--pairs", listing, "--language", "es", "--jobs", "1", "--json")
    links = sum(text.count("\n") for text in _results(listing.parent).values())
    assert ran.json() == {"pairs": 7, "links": links}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.md\tb.md", "must hold a source file, a target file and an output file, with tabs between"),
        ("a.md\t\tc", "must hold a source file, a target file and an output file, with tabs between"),
        ("{0}/none.md\t{1}\t{0}/c", "none.md: does not exist"),
        ("{1}\t{1}\t{0}/nowhere/c", "create it first"),
        ("{1}\t{1}\t{0}/abacus.jsonl", "is the output of another line too; name one file a line"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_nothing_is_written(
    cli: Cli, listing: Path, line: str, message: str
) -> None:
    lines = listing.read_text(encoding="utf-8").rstrip().splitlines()
    bad = line.format(listing.parent, SAMPLE / "es" / "index.md")
    listing.write_text("\n".join([*lines, bad]), encoding="utf-8")
    ran = cli("align", "--pairs", listing, "--language", "es", "--jobs", "1")
    assert ran.code != 0
    assert f"pairs.tsv, line {len(lines) + 1}: " in ran.err
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert not _results(listing.parent)


@pytest.mark.parametrize("arguments", [[], ["one.md"], ["a.md", "b.md", "--pairs", "p.tsv"]])
def test_either_two_documents_or_a_list_are_wanted(cli: Cli, arguments: list[str]) -> None:
    ran = cli("align", *arguments, "--language", "es")
    assert ran.code == 2
    assert "name a source document and its translation, or a list" in ran.err


def test_an_empty_list_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("\n\n", encoding="utf-8")
    ran = cli("align", "--pairs", tmp_path / "pairs.tsv", "--language", "es")
    assert ran.code == 4
    assert "names no documents" in ran.err


@pytest.mark.parametrize("code", ["es", "zh"])
def test_the_links_of_short_plain_chapters_are_trusted(code: str) -> None:
    languages = Direction(known_language("en"), known_language(code))
    chapters = sorted((SAMPLE / code).rglob("*.md"))
    assert len(chapters) > 5
    for path in chapters:
        source = parse((SAMPLE / "en-1" / path.relative_to(SAMPLE / code)).read_text(encoding="utf-8"), languages[0])
        target = parse(path.read_text(encoding="utf-8"), languages[1])
        linked = [bead for bead in align(source, target, languages) if bead.source and bead.target]
        assert sum(bead.score > 0.5 for bead in linked) > 0.95 * len(linked), path
        assert bead_records(source, target, linked)


def test_sentences_are_aligned_as_json_lines_with_offsets_in_characters(cli: Cli, documents: tuple[Path, Path]) -> None:
    lines = cli("align", *documents, "--language", "zh").out.splitlines()
    pairs = {ENGLISH[slice(*link["source"][0])]: CHINESE[slice(*link["target"][0])] for link in map(json.loads, lines)}
    assert pairs == {
        "Tea": "茶",
        "Tea is a hot drink from China.": "茶是来自中国的热饮。",
        "Pour the water slowly over the leaves.": "将水慢慢倒在茶叶上。",
    }
    assert all(0 <= json.loads(line)["score"] <= 1 for line in lines)


def test_sentences_of_a_paragraph_are_joined_as_their_language_does(cli: Cli, tmp_path: Path) -> None:
    texts = "One hot tea here.\nTwo cold teas there.\n", "这里有一杯热茶。\n那里有两杯冷茶。\n"
    arguments: list[str | Path] = ["align", *write_documents(tmp_path, *texts), "-l", "zh", "--level", "paragraph"]
    (link,) = map(json.loads, cli(*arguments).out.splitlines())
    assert [len(link["source"]), len(link["target"])] == [2, 2]
    rows = list(csv.reader(cli(*arguments, "--format", "csv").out.splitlines()))
    assert rows == [["en", "zh"], ["One hot tea here. Two cold teas there.", "这里有一杯热茶。那里有两杯冷茶。"]]


def test_links_are_written_to_a_file_as_translation_memory(
    cli: Cli, documents: tuple[Path, Path], tmp_path: Path
) -> None:
    output = tmp_path / "links.tmx"
    ran = cli("align", *documents, "-l", "zh", "--format", "tmx", "-o", output, "--json")
    assert ran.json() == {"output": str(output), "links": 3}
    root = ElementTree.parse(output).getroot()
    assert [segment.text for segment in root.iter("seg")][:2] == ["Tea", "茶"]
