"""The workflows and the Action before the linters that know GitHub's own rules, all of them offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# In the examples of the docs, in place of the repository that holds AMTS and its commit.
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def lint(name: str, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a linter of the extra `dev`. Skips where it is not installed; in CI (CI=true) that is a failure."""
    tool = Path(sys.executable).with_name(name)
    if not tool.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed; it is in the extra `dev`")
        pytest.skip(f"{name} is not installed")
    command = [str(tool), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)


@pytest.fixture
def examples(tmp_path: Path) -> list[Path]:
    """The whole workflows among the docs' examples."""
    page = (ROOT / "docs" / "action.md").read_text("utf-8")
    found = []
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number, text in enumerate(re.findall(r"```yaml\n(name:.*?)```", page, re.DOTALL)):
        place = folder / f"example-{number}.yml"
        place.write_text(text.replace("COMMIT", COMMIT), "utf-8")
        found.append(place)
    assert len(found) == 4
    return found


def test_zizmor_finds_nothing(examples: list[Path]) -> None:
    ran = lint("zizmor", "--offline", "--no-progress", "action.yml", *WORKFLOWS, *examples, NO_COLOR="1")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_workflows_and_action_fit_their_schemas(examples: list[Path]) -> None:
    for schema, files in (("github-workflows", [*WORKFLOWS, *examples]), ("github-actions", [ROOT / "action.yml"])):
        ran = lint("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
        assert ran.returncode == 0, ran.stdout + ran.stderr
