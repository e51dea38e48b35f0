"""Builds the image without a container engine: the steps of the Dockerfile, as they stand, in a root of Debian's.

What differs from the real image: Debian's own Python in place of the one that the official image compiles.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The machine's way to the network, where it has one of its own.
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_BUILD_ENVIRONMENT = {"PIP_CERT": _CERTIFICATES} | {
    name: value for name, value in os.environ.items() if name.lower() in ("https_proxy", "http_proxy", "no_proxy")
}
# The mounts end with the process.
_ENTER = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$@"'


def instructions(text: str) -> list[tuple[str, str]]:
    """Name and rest of each instruction of a Dockerfile."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n", " ", "\n".join(lines)).splitlines()
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in joined if line.strip()]


def make_debian(folder: Path) -> None:
    """The files of Debian 13 with Python. Needs root, debootstrap and Debian's mirror."""
    packages = "ca-certificates,python3,python3-pip,python3-venv"
    command = ["debootstrap", "--variant=minbase", f"--include={packages}", "trixie", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for name in ("/etc/resolv.conf", _CERTIFICATES):
        shutil.copy(name, f"{folder}{name}")
    # The image builds on one that calls it so.
    (folder / "usr" / "bin" / "python").symlink_to("python3")


@dataclass
class Stage:
    """A root, and what the instructions said of how to run in it."""

    root: Path
    environment: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin"}
    )
    folder: str = "/"
    user: str = "root"
    entrypoint: Sequence[str] = ()

    def command(self, arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
        """What runs a command in the root, as the user and in the folder that the image names."""
        kept = [f"{name}={value}" for name, value in {**self.environment, **environment}.items()]
        inside = ["env", "-i", f"--chdir={self.folder}", *kept, *arguments]
        group = [f"--userspec={self.user}"] if self.user != "root" else []
        return ["unshare", "--mount", "sh", "-ec", _ENTER, str(self.root), *group, str(self.root), *inside]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(arguments, environment), capture_output=True, text=True, check=False)


def build(base: Path, work: Path) -> Stage:
    """The last stage."""
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for name, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        match name:
            case "FROM":
                called = rest.partition(" AS ")[2] or "last"
                stage = stages[called] = Stage(work / called)
                subprocess.run(["cp", "-a", base, stage.root], check=True)
            case "WORKDIR":
                stage.folder = rest
                (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(rest, stage, stages)
            case "RUN":
                ran = stage.run(*json.loads(rest), **_BUILD_ENVIRONMENT)
                assert ran.returncode == 0, f"{rest}: {ran.stdout}{ran.stderr}"
            case "ENV":
                for variable, value in _assignments(rest):
                    stage.environment[variable] = value.replace("$PATH", stage.environment["PATH"])
            case "USER":
                stage.user = rest
            case "ENTRYPOINT":
                stage.entrypoint = json.loads(rest)
            case "ARG" | "CMD" | "EXPOSE" | "HEALTHCHECK" | "STOPSIGNAL" | "VOLUME":
                pass
            case _:
                raise ValueError(f"{name}: this stand-in for an engine does not know the instruction")
    return stage


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(r'(\w+)=("[^"]*"|\S+)', text):
        yield name, value.strip('"')


def _copy(rest: str, stage: Stage, stages: Mapping[str, Stage]) -> None:
    words = rest.split()
    source = ROOT
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")].root
    *names, target = words
    place = Path(os.path.normpath(os.path.join(stage.folder, target)))  # noqa: PTH118 - both are of the root's inside
    inside = stage.root / str(place).lstrip("/")
    for name in names:
        found = source / name.lstrip("/")
        if found.is_dir():
            shutil.copytree(found, inside, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(found, inside / found.name if target.endswith("/") else inside)
