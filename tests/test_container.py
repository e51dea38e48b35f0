"""The container's scripts, run as they stand: no engine is needed. What builds on them agrees with them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.commands import load
from bot.config.service import ServiceSettings, Web
from bot.service.server import Server
from bot.service.web import create_app
from tests.support.image import instructions
from tests.support.service_run import Book, make_service

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"


def run(command: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "AMTS_"))}
    # Not from the project's folder, where Python would find `bot` without any installation.
    return subprocess.run(command, env=kept | environment, cwd="/", capture_output=True, text=True, check=False)


def stub(folder: Path, *names: str) -> str:
    """A PATH on which commands of these names write down what they were called with, in `calls`."""
    folder.mkdir(exist_ok=True)
    for name in names:
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/calls"\n')
        script.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def written() -> list[tuple[str, str]]:
    return instructions((ROOT / "Dockerfile").read_text("utf-8"))


def rests(name: str) -> list[str]:
    return [rest for each, rest in written() if each == name]


@pytest.fixture(scope="module")
def compose() -> Mapping[str, Any]:
    data = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert isinstance(data, dict)
    return data


def test_the_install_step_takes_what_is_locked_and_nothing_else(tmp_path: Path) -> None:
    """Offline: a stand-in for Python writes down what it is called with."""
    made = tmp_path / "opt" / "amts"
    path = stub(tmp_path / "bin", "python3", "hatchling")
    with (tmp_path / "bin" / "python3").open("a") as script:
        script.write('[ "$2" != venv ] || for name in python amts; do\n')
        script.write('for last; do :; done; mkdir -p "$last/bin"; ln -s "$0" "$last/bin/$name"; done\n')
    ran = run([ROOT / "locks" / "install", "image", made], PATH=path)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    calls = (tmp_path / "bin" / "calls").read_text().splitlines()
    installs = [call for call in calls if " install " in call]
    assert len(installs) == 3
    assert all("--require-hashes --only-binary :all:" in call for call in installs[:2])
    assert [call.split()[-1] for call in installs] == [f"{ROOT}/locks/build.txt", f"{ROOT}/locks/image.txt", "amts"]
    assert "--no-index --no-deps" in installs[2]
    (prefix,) = (call for call in calls if call.endswith(f" {made}"))
    assert "--without-pip" in prefix


def test_the_system_step_installs_git_and_makes_the_user(tmp_path: Path) -> None:
    path = stub(tmp_path / "bin", "apt-get", "git", "useradd", "install", "rm")
    ran = run([DOCKER / "system.sh", "/cache"], PATH=path)
    assert ran.returncode == 0, ran.stderr
    calls = (tmp_path / "bin" / "calls").read_text().splitlines()
    assert calls[0] == "apt-get update"
    assert "git" in calls[1].split()
    assert calls[-2:] == [
        "useradd --uid 1000 --create-home amts",
        "install --directory --owner=amts --group=amts --mode=0700 /cache",
    ]


def test_a_step_that_fails_ends_the_build(tmp_path: Path) -> None:
    path = stub(tmp_path / "bin", "git", "useradd", "install", "rm")
    broken = tmp_path / "bin" / "apt-get"
    broken.write_text("#!/bin/sh\nexit 100\n")
    broken.chmod(0o755)
    assert run([DOCKER / "system.sh", "/cache"], PATH=path).returncode == 100
    assert not (tmp_path / "bin" / "calls").exists()


@pytest.fixture
def shown(tmp_path: Path) -> str:
    """A PATH on which `amts` shows its arguments and environment as JSON."""
    script = tmp_path / "bin" / "amts"
    script.parent.mkdir()
    code = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n')
    script.chmod(0o755)
    return f"{script.parent}:{os.environ['PATH']}"


def test_the_entrypoint_hands_arguments_on_as_they_are(shown: str) -> None:
    ran = run([DOCKER / "entrypoint.sh", "sync", "--config", "a b.yaml", "$(id)"], PATH=shown)
    assert json.loads(ran.stdout)[0] == ["sync", "--config", "a b.yaml", "$(id)"]


def test_the_entrypoint_reads_secrets_from_files(shown: str, tmp_path: Path) -> None:
    secret = "a$b`c`'d\"e\\f ;g"
    (tmp_path / "token").write_text(f"{secret}\n")
    ran = run([DOCKER / "entrypoint.sh"], PATH=shown, GITHUB_TOKEN_FILE=str(tmp_path / "token"))
    environment = json.loads(ran.stdout)[1]
    assert environment["GITHUB_TOKEN"] == secret
    assert "GITHUB_TOKEN_FILE" not in environment
    assert "AMTS_WEBHOOK_SECRET" not in environment


def test_the_entrypoint_says_which_secret_is_missing(shown: str) -> None:
    ran = run([DOCKER / "entrypoint.sh"], PATH=shown, AMTS_WEBHOOK_SECRET_FILE="/no/such/file")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "AMTS_WEBHOOK_SECRET_FILE: /no/such/file can't be read" in ran.stderr


def test_the_health_check_asks_the_service() -> None:
    service, web = make_service(Book()), Web(port=0)
    with Server(create_app(service, [], web), web) as server:
        port = server.url.rpartition(":")[2]
        check: list[str | Path] = [sys.executable, DOCKER / "healthcheck.py"]
        before = run(check, AMTS_PORT=port)
        service.start()
        during = run(check, AMTS_PORT=port)
        service.stop(10)
    after = run(check, AMTS_PORT=port)
    assert (before.returncode, during.returncode, after.returncode) == (0, 0, 1)
    assert '"healthy":true' in during.stdout


def test_the_image_is_pinned_and_does_not_run_as_root() -> None:
    assert re.search(r"^PYTHON=\S+@sha256:[0-9a-f]{64}$", "\n".join(rests("ARG")), re.MULTILINE)
    assert {rest.partition(" ")[0] for rest in rests("FROM")} == {"${PYTHON}"}
    assert rests("USER") == ["amts"]
    last = max(place for place, (name, _) in enumerate(written()) if name in ("RUN", "COPY"))
    assert last < written().index(("USER", "amts"))


def test_what_the_image_copies_and_runs_is_there_and_let_through() -> None:
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    for rest in rests("COPY"):
        for name in rest.split()[:-1] if not rest.startswith("--from") else []:
            assert (ROOT / name).exists()
            assert name.split("/")[0] in allowed
    scripts = [json.loads(rest)[0] for rest in (*rests("RUN"), *rests("ENTRYPOINT"))]
    assert scripts
    for script in scripts:
        assert os.access(ROOT / script if "/" in script.strip("/") else DOCKER / script.removeprefix("/"), os.X_OK)


def test_the_compose_file_is_one() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    ran = run([*check, ROOT / "compose.yaml"])
    assert ran.returncode == 0, ran.stdout


def test_the_compose_file_starts_the_service_that_the_health_check_asks(compose: Mapping[str, Any]) -> None:
    service = compose["services"]["amts"]
    name, *arguments = service["command"]
    parsed = load(name).make_context("amts run", arguments, resilient_parsing=False).params
    assert (parsed["host"], parsed["port"]) == ("0.0.0.0", 8080)
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert rests("EXPOSE") == ["8080"]
    (volume,) = rests("VOLUME")
    assert f"cache:{volume}" in service["volumes"]
    assert str(parsed["configs"][0]).startswith("/books/")


def test_the_compose_file_gives_each_secret_to_a_variable_that_is_read(compose: Mapping[str, Any]) -> None:
    service = compose["services"]["amts"]
    entrypoint = (DOCKER / "entrypoint.sh").read_text()
    (names,) = re.findall(r"for name in (.+); do", entrypoint)
    for variable, place in service["environment"].items():
        assert variable.removesuffix("_FILE") in names.split()
        assert Path(place).name in service["secrets"]
    assert set(service["secrets"]) == set(compose["secrets"])


def test_the_compose_file_waits_longer_than_the_service_does(compose: Mapping[str, Any]) -> None:
    service = compose["services"]["amts"]
    assert int(service["stop_grace_period"].removesuffix("s")) > ServiceSettings().stop_seconds
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
