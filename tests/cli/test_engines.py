"""`amts engines`: every kind in a line, with what the book can teach it and what it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.engines import BUILT_IN, ENGINES, About, Lesson
from tests.support.cli_run import Cli

pytest_plugins = ["tests.support.cli_fixtures"]


def test_each_kind_has_a_line_that_says_what_it_is_taught_and_what_it_needs(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRETRANSLATE_API_KEY", "secret-0123456789")
    monkeypatch.delenv("DEEPL_AUTH_KEY", raising=False)
    ran = cli("engines")
    assert ran.code == 0
    lines = dict(line.split(": ", 1) for line in ran.out.splitlines())
    assert set(lines) >= set(BUILT_IN)
    assert lines["copy"].endswith("Is taught nothing. Needs nothing.")
    assert "Is taught people's pairs, the glossary, style and the sentence before." in lines["deepl"]
    assert "a key in the environment variable DEEPL_AUTH_KEY (not set)" in lines["deepl"]
    assert "LIBRETRANSLATE_API_KEY, if its server asks for one (there)" in lines["libretranslate"]
    assert "the settings region, bucket and role" in lines["amazon"]
    assert "secret" not in ran.out


def test_an_extra_that_is_not_installed_is_told_with_how_to_get_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    about = About((Lesson.TERMS,), "deepl", "no_such_module", variable="DEEPL_AUTH_KEY")
    monkeypatch.setattr(ENGINES["deepl"], "about", about)
    assert 'the extra deepl (pip install ".[deepl]" in a checkout of AMTS)' in cli("engines").out


def test_json_has_the_same(cli: Cli) -> None:
    kinds = {entry["kind"]: entry for entry in json.loads(cli("engines", "--json").out)}
    assert kinds["amazon"]["taught"] == ["parallel_data", "terms", "style"]
    assert kinds["deepl"]["package"] == ""
    assert [need["what"] for need in kinds["libretranslate"]["needs"]] == [
        "a key in the environment variable LIBRETRANSLATE_API_KEY, if its server asks for one"
    ]


def test_a_package_that_can_t_be_loaded_hides_no_other(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "other-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", "utf-8")
    shout = "tests.support.third_party_engine.amts_shout:ShoutSettings"
    points = f"[amts.engines]\nbroken = no_such_module:Settings\nshout = {shout}\n"
    (metadata / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    ran = cli("engines")
    assert ran.code == 0
    assert 'broken (other): the engine "broken" (no_such_module:Settings) can\'t be loaded' in ran.out
    assert "shout (other): Shouts. Is taught nothing. Needs nothing." in ran.out
    assert ran.out.count("\n") == len(ENGINES)
