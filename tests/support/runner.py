"""A runner of GitHub Actions, as far as a composite action needs one: it runs the steps of action.yml as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ACTION = Path(__file__).parents[2] / "action.yml"
_EXPRESSION = re.compile(r"\$\{\{\s*([^}]+?)\s*\}\}")
# In place of the real installation, which needs the network: each call is written down with what its environment holds.
_PYTHON = """#!{python}
import json, os, sys
with open({log!r}, "a") as file:
    file.write(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ)}}) + "\\n")
if sys.argv[1:3] == ["-m", "venv"]:
    place = os.path.join(sys.argv[-1], "bin")
    os.makedirs(place)
    os.link(sys.argv[0], os.path.join(place, "python"))
    os.link({amts!r}, os.path.join(place, "amts"))
"""
# The bot at full speed: on the double nobody has to be spared.
_AMTS = """#!{python}
import sys
sys.path.insert(0, {root!r})
import bot.forge.github.host
from bot.forge.github.host import RequestPacing
bot.forge.github.host.PACING = RequestPacing(between_requests=0.0, between_writes=0.0)
from bot.cli import main
main()
"""


@dataclass(frozen=True)
class Ran:
    """`annotations` as kind and message; `lines` what the log shows; `installing` each call of Python that installs, as
    its arguments, and `installing_environment` all that the environments of these calls held."""

    code: int
    outputs: Mapping[str, str]
    summary: str
    annotations: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    installing: tuple[tuple[str, ...], ...] = ()
    installing_environment: Mapping[str, str] = field(default_factory=dict)


def run_action(
    folder: Path, work: Path, event: str, payload: Mapping[str, Any], environment: Mapping[str, str], **inputs: str
) -> Ran:
    """Runs all steps; `folder` is the runner's own, `work` the workspace, `environment` what the job sets."""
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    folder.mkdir(parents=True)
    files = {name: folder / name for name in ("output", "summary", "event.json", "python.jsonl")}
    for file in files.values():
        file.write_text("", "utf-8")
    files["event.json"].write_text(json.dumps(payload), "utf-8")
    _install_python(folder, files["python.jsonl"])
    context = {f"inputs.{name}": str(spec.get("default", "")) for name, spec in action["inputs"].items()}
    context["github.token"] = environment.get("GITHUB_TOKEN", "")
    assert inputs.keys() <= action["inputs"].keys()
    context = {name: _resolved(value, context) for name, value in context.items()}
    context |= {f"inputs.{name}": value for name, value in inputs.items()}
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "AMTS_"))},
        **{name: value for name, value in environment.items() if name != "GITHUB_TOKEN"},
        "PATH": f"{folder / 'tools'}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ACTION.parent),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(files["event.json"]),
        "GITHUB_STEP_SUMMARY": str(files["summary"]),
    }
    code, lines, annotations = 0, [], []
    outputs: dict[str, str] = {}
    for step in action["runs"]["steps"]:
        if "uses" in step:
            continue
        files["output"].write_text("", "utf-8")
        own = {name: _resolved(value, context) for name, value in step.get("env", {}).items()}
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=work,
            env={**settings, **own, "GITHUB_OUTPUT": str(files["output"])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        shown, found = _read_log(done.stdout)
        lines += shown
        annotations += found
        for name, value in _read_outputs(files["output"].read_text("utf-8")).items():
            context[f"steps.{step.get('id')}.outputs.{name}"] = value
        code = done.returncode
        if code:
            break
    for name, spec in action["outputs"].items():
        outputs[name] = _resolved(spec["value"], context)
    calls = [json.loads(line) for line in files["python.jsonl"].read_text("utf-8").splitlines()]
    return Ran(
        code,
        outputs,
        files["summary"].read_text("utf-8"),
        tuple(annotations),
        tuple(lines),
        tuple(tuple(call["arguments"]) for call in calls),
        {name: value for call in calls for name, value in call["environment"].items()},
    )


def _install_python(folder: Path, log: Path) -> None:
    tools = folder / "tools"
    tools.mkdir()
    amts = folder / "amts"
    amts.write_text(_AMTS.format(python=sys.executable, root=str(ACTION.parent)), "utf-8")
    amts.chmod(0o755)
    python = tools / "python3"
    python.write_text(_PYTHON.format(python=sys.executable, log=str(log), amts=str(amts)), "utf-8")
    python.chmod(0o755)


def _resolved(value: object, context: Mapping[str, str]) -> str:
    """What an expression stands for; one of a step that did not say is empty."""
    return _EXPRESSION.sub(lambda found: context.get(found[1], ""), str(value))


def _read_outputs(text: str) -> dict[str, str]:
    """https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings"""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        assert end, f"{line!r} is no output"
        value = []
        for inner in lines:
            if inner == end:
                break
            value.append(inner)
        found[name] = "\n".join(value)
    return found


def _read_log(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The lines that people see, and the annotations, with commands stopped where the step says so."""
    shown: list[str] = []
    annotations: list[tuple[str, str]] = []
    token = ""
    for line in text.splitlines():
        command = re.fullmatch(r"::([a-z-]+)(?: [^:]*)?::(.*)", line)
        if token and line == f"::{token}::":
            token = ""
        elif not token and command and command[1] == "stop-commands":
            token = command[2]
        elif not token and command:
            message = command[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            annotations.append((command[1], message))
        else:
            shown.append(line)
    return shown, annotations
