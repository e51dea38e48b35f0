"""`amts merge`: single documents, good and bad."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from bot.documents.text import MAX_BYTES
from tests.support.cli_run import CHINESE, ENGLISH, WAIT, Cli, Ran, command

NEW = ENGLISH.replace("hot drink", "very hot drink") + "\n" + WAIT


class Files:
    """The three documents of a merge, and where its results go."""

    def __init__(self, folder: Path) -> None:
        self.base, self.source, self.target = folder / "base.md", folder / "source.md", folder / "target.md"
        self.output, self.report = folder / "out.md", folder / "report.json"
        self.write(ENGLISH, NEW, CHINESE)

    def write(self, base: str | bytes, source: str | bytes, target: str | bytes) -> None:
        for path, text in zip((self.base, self.source, self.target), (base, source, target), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def arguments(self, *more: str | Path, language: str = "zh") -> list[str | Path]:
        named: list[str | Path] = ["merge", "--base", self.base, "--source", self.source, "--target", self.target]
        return [*named, "--language", language, *more]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def replay(old: str, edits: list[dict[str, Any]]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        start, end = edit["before"]
        assert start >= at
        parts += [old[at:start], edit["text"]]
        at = end
    return "".join([*parts, old[at:]])


def test_the_report_reproduces_the_output_and_says_what_is_left(cli: Cli, files: Files) -> None:
    ran = cli(*files.arguments("--output", files.output, "--report", files.report))
    assert ran.code == 0
    report = json.loads(files.report.read_text("utf-8"))
    output = files.output.read_text("utf-8")
    assert replay(CHINESE, report["edits"]) == output
    for edit in report["edits"]:
        assert output[slice(*edit["after"])] == edit["text"]
    assert report["verified"] is True
    assert report["counts"]["left"] == len(report["left"]) == 1
    assert report["characters"] == len(WAIT.strip())
    assert f"{files.output}:7: left for a person: not in the memory" in ran.out


def test_a_sentence_that_its_english_left_behind_is_named_with_both_of_them(cli: Cli, files: Files) -> None:
    files.write(ENGLISH, ENGLISH.replace("hot drink", "cold drink"), CHINESE)
    ran = cli(*files.arguments("--output", files.output, "--report", files.report))
    assert f"{files.output}:3: to revise: Tea is a [-hot-]{{+cold+}} drink from China." in ran.out
    report = json.loads(files.report.read_text("utf-8"))
    (revision,) = report["revisions"]
    assert report["counts"]["stale"] == report["sentences"]["stale"] == 1
    assert (revision["action"], revision["line"]) == ("stale", 3)
    english = "Tea is a hot drink from China."
    assert revision["source"] == {"before": english, "after": english.replace("hot", "cold")}
    assert revision["translation"]["before"] == revision["translation"]["after"]
    assert files.output.read_text("utf-8")[slice(*revision["after"])] == revision["translation"]["after"]
    assert (revision["kinds"], revision["unsure"]) == ([], [])


def test_without_output_the_document_goes_to_standard_output_also_when_quiet(cli: Cli, files: Files) -> None:
    cli(*files.arguments("--output", files.output))
    expected = files.output.read_text("utf-8")
    assert cli(*files.arguments()).out == expected
    assert cli(*files.arguments("--quiet")).out == expected
    assert cli(*files.arguments("--quiet", "--output", files.output)).out == ""
    assert cli(*files.arguments("--json")).json()["text"] == expected
    assert "text" not in cli(*files.arguments("--json", "--output", files.output)).json()


def test_the_translation_itself_may_be_the_output(cli: Cli, files: Files) -> None:
    expected = cli(*files.arguments()).out
    files.target.chmod(0o640)
    assert cli(*files.arguments("--output", files.target)).code == 0
    assert files.target.read_text("utf-8") == expected
    assert files.target.stat().st_mode & 0o777 == 0o640


def test_line_ends_and_the_byte_order_mark_of_the_translation_are_kept(cli: Cli, files: Files) -> None:
    old = b"\xef\xbb\xbf" + CHINESE.replace("\n", "\r\n").encode()
    files.write(ENGLISH, NEW, old)
    assert cli(*files.arguments("--output", files.output)).code == 0
    new = files.output.read_bytes()
    assert new.startswith(b"\xef\xbb\xbf# ")
    assert new.count(b"\n") == new.count(b"\r\n") == 7


@pytest.mark.parametrize("empty", ["base", "source", "target"])
def test_an_empty_document_is_a_document(cli: Cli, files: Files, empty: str) -> None:
    getattr(files, empty).write_bytes(b"")
    ran = cli(*files.arguments("--output", files.output, "--report", files.report))
    assert ran.code == 0
    old, new = files.target.read_text("utf-8"), files.output.read_text("utf-8")
    assert replay(old, json.loads(files.report.read_text("utf-8"))["edits"]) == new
    if empty == "target":
        # People left all of it out, and that stays so; what is new is offered.
        assert new.strip() == WAIT.strip()


def test_a_fence_that_is_never_closed_swallows_no_translation(cli: Cli, files: Files) -> None:
    files.write(ENGLISH, ENGLISH + "\n```python\nprint(1)\n", CHINESE)
    assert cli(*files.arguments("--output", files.output)).code == 0
    assert files.output.read_text("utf-8") == CHINESE + "\n```python\nprint(1)\n"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (b"# A\n\ncaf\xe9\n", ":3: is not UTF-8"),
        (b"\x89PNG\0\0", ": is a binary file"),
        (b"a" * (MAX_BYTES + 1), f": {MAX_BYTES + 1:,} bytes"),
        (None, ": does not exist"),
    ],
    ids=["latin-1", "binary", "huge", "missing"],
)
@pytest.mark.parametrize("role", ["base", "source", "target"])
def test_what_is_no_text_is_refused_with_its_name(
    cli: Cli, files: Files, role: str, spoil: bytes | None, told: str
) -> None:
    path: Path = getattr(files, role)
    path.unlink() if spoil is None else path.write_bytes(spoil)
    ran = cli(*files.arguments("--output", files.output))
    assert ran.code == 4
    assert ran.err.startswith(f"amts: {path}{told}")
    assert ran.err.count("\n") == 1
    assert not files.output.exists()


def test_a_folder_is_no_document(cli: Cli, files: Files, tmp_path: Path) -> None:
    files.base = tmp_path
    assert cli(*files.arguments()) == Ran(4, "", f"amts: {tmp_path}: is a folder; name a document\n")


def test_a_language_that_is_not_listed_works_and_one_that_is_malformed_does_not(cli: Cli, files: Files) -> None:
    assert cli(*files.arguments(language="tlh")).code == 0
    ran = cli(*files.arguments(language="Chinese!"))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("amts: the language must be a code such as zh")
    assert "did you mean zh" in ran.err


def test_an_unknown_engine_is_wrong_usage(cli: Cli, files: Files) -> None:
    ran = cli(*files.arguments("--engine", "deepest"))
    assert ran.code == 2
    assert "deepest" in ran.err
    assert "memory" in ran.err


def test_a_place_that_can_not_be_written_is_refused_before_the_work(cli: Cli, files: Files, tmp_path: Path) -> None:
    assert (
        cli(*files.arguments("--output", tmp_path)).err
        == f"amts: {tmp_path}: is a folder; name the file to write in it\n"
    )
    ran = cli(*files.arguments("--output", tmp_path / "no" / "out.md"))
    assert (ran.code, ran.err) == (
        2,
        f"amts: {tmp_path}/no/out.md: there is no folder {tmp_path}/no; create it first\n",
    )
    assert cli(*files.arguments("--output", files.output, "--report", files.output)).code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.md", "source.md", "target.md"]


def test_a_standard_output_that_is_full_is_an_error_and_one_that_is_closed_ends_the_run(files: Files) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command(*files.arguments()), stdout=full, stderr=PIPE, text=True, check=False)
    assert ran.returncode == 9
    assert ran.stderr.startswith("amts: standard output: can't write: No space left on device")
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(command(*files.arguments()), stdout=writer, stderr=PIPE, text=True, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (1, "")
