"""The lock files: all that the Action and the image install, with hashes, and in step with pyproject.toml."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKS = {path.stem: path for path in sorted((ROOT / "locks").glob("*.txt"))}
PYTHONS = ("3.11", "3.12", "3.13")
_RELEASE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked(project: dict[str, Any], name: str) -> list[str]:
    """The requirements that a lock file answers."""
    if name in project["dependency-groups"]:
        return list(project["dependency-groups"][name])
    extras = {"action": ("amazon", "evaluation", "github"), "image": ("all",)}[name]
    optional = project["project"]["optional-dependencies"]
    return [*project["project"]["dependencies"], *(each for extra in extras for each in optional[extra])]


def releases(name: str) -> list[tuple[Requirement, str, list[str]]]:
    """Each release of a lock file, with its version and its hashes."""
    found: list[tuple[Requirement, str, list[str]]] = []
    for line in LOCKS[name].read_text("utf-8").splitlines():
        if match := _RELEASE.match(line):
            marker = f"; {match['marker']}" if match["marker"] else ""
            found.append((Requirement(f"{match['name']}=={match['version']}{marker}"), match["version"], []))
        elif line.strip().startswith("--hash="):
            found[-1][2].append(line.strip().removeprefix("--hash=").removesuffix(" \\"))
        else:
            assert re.fullmatch(r" +#.*", line), f"{name}: {line!r} is neither a release nor a hash"
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_release_is_exact_and_has_hashes(name: str) -> None:
    assert len(releases(name)) > 4
    for requirement, _, hashes in releases(name):
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_answers_what_pyproject_asks_for(project: dict[str, Any], name: str, python: str) -> None:
    """`locks/update` brings them in step again."""
    where = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    locked = {
        canonicalize_name(requirement.name): version
        for requirement, version, _ in releases(name)
        if requirement.marker is None or requirement.marker.evaluate(where)
    }
    for text in asked(project, name):
        wanted = Requirement(text)
        version = locked.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not in {LOCKS[name].name}"
        assert wanted.specifier.contains(Version(version)), f"{wanted} but {version} is locked"


def test_what_builds_is_what_pyproject_builds_with(project: dict[str, Any]) -> None:
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]


def test_the_keys_given_to_the_action_reach_its_run_and_replace_those_of_the_environment(tmp_path: Path) -> None:
    (step,) = (step for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"] if "id" in step)
    amts = tmp_path / "amts" / "bin" / "amts"
    amts.parent.mkdir(parents=True)
    amts.write_text("#!/bin/sh\nenv\n")
    amts.chmod(0o755)

    def seen(**inputs: str) -> dict[str, str]:
        environment = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), "AWS_SESSION_TOKEN": "of the job"}
        given = {"AWS_ACCESS_KEY_ID": "of the job", "INPUT_AWS_ACCESS_KEY_ID": "", "INPUT_AWS_SECRET_ACCESS_KEY": ""}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        ran = subprocess.run(
            command, env={**environment, **given, **inputs}, capture_output=True, text=True, check=True
        )
        lines = dict(line.split("=", 1) for line in ran.stdout.splitlines() if "=" in line)
        return {name: value for name, value in lines.items() if name.startswith("AWS_")}

    assert seen() == {"AWS_ACCESS_KEY_ID": "of the job", "AWS_SESSION_TOKEN": "of the job"}
    given = seen(INPUT_AWS_ACCESS_KEY_ID="given", INPUT_AWS_SECRET_ACCESS_KEY="secret")
    assert given == {"AWS_ACCESS_KEY_ID": "given", "AWS_SECRET_ACCESS_KEY": "secret"}
