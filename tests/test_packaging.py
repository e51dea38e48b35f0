"""The project's own files: what ships, what the contracts cover, and that the documents agree with the code."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.book.resources import example_config_text, languages_text

ROOT = Path(__file__).parents[1]

# Not in `all`: itself, the tools, what brings gigabytes along, and what needs a cluster.
APART = {"all", "dask", "dev", "embeddings"}
IMPURE_ROOMS = {
    "__main__",
    "book",
    "cli",
    "comments",
    "drafts",
    "emulator",
    "engines",
    "forge",
    "onboarding",
    "parallel_data",
    "pipeline",
    "quality",
    "service",
    "sync",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_in_a_checkout_the_data_is_the_folder_that_people_edit() -> None:
    config = ROOT / "config"
    assert languages_text() == (config / "languages.yaml").read_text(encoding="utf-8")
    assert example_config_text() == (config / "amts.yaml").read_text(encoding="utf-8")


def test_an_installed_wheel_finds_its_data_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import bot.book.resources as r; print(r.__file__); print(len(r.languages_text()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    lines = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.splitlines()
    assert Path(lines[0]).is_relative_to(tmp_path)
    assert int(lines[1]) == len(languages_text())


def test_the_wheel_holds_every_file_of_the_package_and_of_config_that_is_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot").rglob("*.py")}
    assert modules <= names
    data = {f"bot/_data/{path.name}" for path in (ROOT / "config").iterdir() if path.suffix in (".yaml", ".json")}
    assert data <= names
    assert not any(name.startswith(("tests/", "config/", "benchmarks/")) for name in names)


def test_the_extra_all_is_the_union_of_what_users_may_need(project: dict[str, Any]) -> None:
    extras = project["project"]["optional-dependencies"]
    others = [requirement for name, extra in extras.items() if name not in APART for requirement in extra]
    assert sorted(extras["all"]) == sorted(set(others))


def test_each_room_is_declared_pure_or_known_to_do_input_and_output(project: dict[str, Any]) -> None:
    contracts = project["tool"]["importlinter"]["contracts"]
    (pure,) = (contract["source_modules"] for contract in contracts if contract["type"] == "forbidden")
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    declared = {module.removeprefix("bot.") for module in pure}
    assert rooms - {"__init__"} - IMPURE_ROOMS == declared


@pytest.mark.parametrize("heading", ["Try it", "Run the tests"])
def test_the_readme_gives_one_command_under_each_heading_that_ci_reads(heading: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition(f"\n## {heading}\n")
    block = section.partition("\n## ")[0].split("```")
    assert len(block) == 3, "exactly one code block"
    _language, *commands = block[1].strip().splitlines()
    assert len(commands) == 1
    assert f'"{heading}"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
