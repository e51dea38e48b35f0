"""`amts align --pairs`: many documents at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.alignment import align
from bot.book.package_data import known_language
from bot.documents import parse
from bot.model import Direction
from bot.report.json_results import bead_records
from tests.support.cli_run import Cli

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
