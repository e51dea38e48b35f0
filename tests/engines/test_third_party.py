"""A package that is installed beside AMTS adds an engine: its settings, its checks, and a sync of a small book."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.book.project import read_config
from bot.engines import BUILT_IN, ENGINES
from bot.errors import ConfigError
from tests.support.cli_run import BOOK_ZH, Book, command
from tests.support.engine_contract import EngineContract
from tests.support.third_party_engine.amts_shout import ShoutSettings
from tests.support.wording import any_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "support" / "third_party_engine"
CONFIG = "version: 1\nsource: {{repo: en}}\nlanguages: {{zh: {{repo: zh}}}}\nengines:\n  loud: {{kind: {kind}}}\n"


class TestShout(EngineContract):
    settings = ShoutSettings(kind="shout")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the package is installed, without the network."""
    folder = tmp_path_factory.mktemp("site")
    source = shutil.copytree(PACKAGE, folder / "source")
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    install = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder / "installed")]
    subprocess.run([*install, str(source)], check=True, capture_output=True)
    return folder / "installed"


def amts(site: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.run(
        command(*arguments), env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True, text=True
    )


def test_a_book_is_synced_with_the_engine_of_the_package(site: Path, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.configure(
        {}, languages={"zh": {"repo": "zh", "engine": "loud"}}, engines={"loud": {"kind": "shout", "marks": 2}}
    )
    book.english({"milk.md": "# Milk\n\nAdd some milk to it.\n"})
    checked = amts(site, "check", "--config", book.config)
    assert checked.returncode == 0, checked.stderr
    ran = amts(site, "sync", "--config", book.config, AMTS_SHOUT_MARK="?")
    assert ran.returncode == 0, ran.stderr
    assert book.text("milk.md") == "# MILK??\n\nADD SOME MILK TO IT??\n"


def test_an_engine_that_revises_is_given_what_people_wrote(site: Path, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "shout"}})
    book.english({"cups.md": "# Cups\n\nA cup holds the cold tea.\n"})
    assert amts(site, "sync", "--config", book.config).returncode == 0
    assert book.text("cups.md") == "# 杯子\n\n杯子盛着热茶!\n"


def test_an_engine_that_needs_no_settings_is_named_by_its_kind_alone(site: Path, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "shout"}})
    book.english({"milk.md": "# Milk\n"})
    assert amts(site, "sync", "--config", book.config).returncode == 0
    assert book.text("milk.md") == "# MILK!\n"


def test_its_settings_are_validated_with_file_and_line(site: Path, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.config.write_text(f"{CONFIG.format(kind='shout, marc: 2')}  quiet: {{kind: whisper}}\n", "utf-8")
    ran = amts(site, "check", "--config", book.config)
    assert ran.returncode == 3
    assert ran.stderr.splitlines() == [
        'amts: amts.yaml:5: unknown key "marc" in engines.loud; did you mean "marks"?',
        f'amts.yaml:6: engines.quiet.kind must be {any_of([*BUILT_IN, "shout"])}, not "whisper"',
    ]


def test_without_the_package_its_kind_is_unknown(tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.config.write_text(CONFIG.format(kind="shout"), "utf-8")
    ran = amts(tmp_path, "check", "--config", book.config)
    assert ran.returncode == 3
    assert f'engines.loud.kind must be {any_of(BUILT_IN)}, not "shout"' in ran.stderr


@pytest.mark.parametrize(
    ("point", "problem"),
    [
        ("loud = no_such_module:Settings", "can't be loaded: No module named 'no_such_module'"),
        ("loud = json:Settings", "can't be loaded: module 'json' has no attribute 'Settings'"),
        ("loud = json:JSONDecoder", "is not a subclass of EngineSettings"),
    ],
)
def test_a_package_that_does_not_keep_its_word_is_named_with_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, problem: str
) -> None:
    register(tmp_path, monkeypatch, point)
    with pytest.raises(ConfigError, match=rf"^amts\.yaml:5: engines\.loud\.kind: .*{problem}"):
        read_config(CONFIG.format(kind="loud"))


def test_a_package_can_not_replace_an_engine_of_amts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register(tmp_path, monkeypatch, "copy = json:JSONDecoder")
    assert ENGINES["copy"].__module__ == "bot.engines.copy"
    assert list(ENGINES).count("copy") == 1


def register(folder: Path, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Puts a package with this entry point on the path."""
    metadata = folder / "other-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text(f"[amts.engines]\n{point}\n", "utf-8")
    monkeypatch.syspath_prepend(folder)
