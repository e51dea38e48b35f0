"""The project's own files: what ships, what the contracts cover, and that the documents agree with the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.book.package_data import example_config_text, languages_text, sentences_text

ROOT = Path(__file__).parents[1]

# Not in `all`: itself, the tools, what brings a model or gigabytes along, and what needs a cluster.
APART = {"all", "dask", "dev", "embeddings", "meaning"}
# Their metadata names no licence; what their licence files say.
UNDECLARED_LICENCES = {"pyromark": "MIT"}
IMPURE_ROOMS = {
    "__main__",
    "book",
    "cli",
    "comments",
    "drafts",
    "emulator",
    "engines",
    "forge",
    "network",
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
    assert sentences_text() == (config / "sentences.yaml").read_text(encoding="utf-8")
    assert example_config_text() == (config / "amts.yaml").read_text(encoding="utf-8")


def test_an_installed_wheel_finds_its_data_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import bot.book.package_data as r; print(r.__file__); print(len(r.languages_text()))"
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


def installed_with(requirements: Iterable[str]) -> dict[str, Distribution]:
    """The distributions that these requirements bring into this environment, by normalised name."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(text), frozenset[str]()) for text in requirements]
    seen = set()
    while waiting:
        requirement, extras = waiting.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in ["", *extras]):
            continue
        name, wanted = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, wanted) not in seen:
            seen.add((name, wanted))
            found[name] = distribution(name)
            waiting += [(Requirement(text), wanted) for text in found[name].requires or []]
    return found


def licences(name: str, metadata: Any) -> Iterator[str]:
    """Each licence that a distribution may be used under, all that its metadata calls it where that is not SPDX."""
    if "License-Expression" in metadata:
        expression = metadata["License-Expression"]
        yield from [expression] if "(" in expression else expression.split(" OR ")
        return
    declared = [metadata["License"].splitlines()[0]] if metadata.get("License", "").strip() else []
    declared += [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    yield " AND ".join(declared) or UNDECLARED_LICENCES.get(name, "GPL for all we know")


def copyleft(requirements: Iterable[str]) -> list[str]:
    """Which distributions of these requirements can't be used without the GPL or AGPL; the LGPL is fine."""
    gpl = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public License", re.IGNORECASE)
    installed = installed_with(requirements).items()
    return [name for name, found in installed if all(map(gpl.search, licences(name, found.metadata)))]


def test_nothing_that_users_install_is_under_the_gpl_or_agpl(project: dict[str, Any]) -> None:
    requirements = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["all"]
    assert copyleft(requirements) == []
    # Nor is anything in the image: the same distributions are locked for it.
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "locks" / "image.txt").read_text(encoding="utf-8"), re.MULTILINE)
    of_other_systems = {"tzdata", "httpx2-jsfetch"}
    assert {canonicalize_name(name) for name in locked} - of_other_systems == installed_with(requirements).keys()


@pytest.mark.parametrize(
    ("declared", "refused"),
    [
        ("License-Expression: GPL-2.0-or-later", True),
        ("License-Expression: MIT AND AGPL-3.0-only", True),
        ("License-Expression: GPL-2.0-only AND (MIT OR BSD-3-Clause)", True),
        ("License: GPLv3+", True),
        ("Classifier: License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("Summary: names no licence", True),
        ("License-Expression: LGPL-3.0-or-later", False),
        ("License-Expression: MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", False),
        ("Classifier: License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)", False),
        ("License: MIT", False),
    ],
)
def test_a_licence_is_read_however_it_is_declared_and_however_deep_it_hides(
    declared: str, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, lines in [
        ("fake-top", "License: MIT\nRequires-Dist: Fake.Deep; extra == 'more'"),
        ("fake-deep", declared),
    ]:
        folder = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{lines}\n", encoding="utf-8"
        )
    monkeypatch.syspath_prepend(tmp_path)
    assert copyleft(["fake-top[more]"]) == (["fake-deep"] if refused else [])
    assert copyleft(["fake-top"]) == []


def test_each_room_is_declared_pure_or_known_to_do_input_and_output(project: dict[str, Any]) -> None:
    contracts = project["tool"]["importlinter"]["contracts"]
    (pure,) = (contract["source_modules"] for contract in contracts if contract["type"] == "forbidden")
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    declared = [module.removeprefix("bot.").split(".") for module in pure]
    assert {path[0] for path in declared if len(path) == 1} == rooms - {"__init__"} - IMPURE_ROOMS
    # The other entries are pure modules of rooms that do input and output elsewhere.
    assert {path[0] for path in declared if len(path) > 1} <= IMPURE_ROOMS


@pytest.mark.parametrize("heading", ["Try it", "Run the tests"])
def test_the_readme_gives_one_command_under_each_heading_that_ci_reads(heading: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition(f"\n## {heading}\n")
    block = section.partition("\n## ")[0].split("```")
    assert len(block) == 3, "exactly one code block"
    _language, *commands = block[1].strip().splitlines()
    assert len(commands) == 1
    assert f'"{heading}"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
