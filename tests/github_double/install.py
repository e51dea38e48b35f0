"""`python -m tests.github_double.install`: installs GitHub's OpenAPI description as package-lock.json pins it.

The npm package unpacks to hundreds of megabytes; only the description of github.com's own API is kept, without its
prose and examples, beside this file. Afterwards the tests need no network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.github_double.openapi import DESCRIPTION

_PACKAGE = "@octokit/openapi"
_MEMBER = "package/generated/api.github.com.json"
_PROSE = {"description", "summary", "example", "examples", "externalDocs", "x-octokit", "x-github"}


def main() -> int:
    pinned = json.loads((Path(__file__).parent / "package-lock.json").read_text())["packages"][
        f"node_modules/{_PACKAGE}"
    ]
    if DESCRIPTION.is_file() and json.loads(DESCRIPTION.read_bytes())["info"]["version"] == pinned["version"]:
        return 0
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                ["npm", "pack", "--silent", f"{_PACKAGE}@{pinned['version']}"],
                cwd=folder,
                check=False,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            print(f"npm is needed to fetch {_PACKAGE}; install Node.js", file=sys.stderr)
            return 1
        archive = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or archive is None:
            print(f"npm pack {_PACKAGE}: {done.stderr or done.stdout}", file=sys.stderr)
            return 1
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if "sha512-" + base64.b64encode(digest).decode() != pinned["integrity"]:
            print(f"{_PACKAGE} {pinned['version']} is not what package-lock.json pins", file=sys.stderr)
            return 1
        with tarfile.open(archive) as tar:
            member = tar.extractfile(_MEMBER)
            assert member is not None
            document = json.load(member)
    document.pop("tags", None)
    document["components"].pop("examples", None)
    DESCRIPTION.parent.mkdir(exist_ok=True)
    part = DESCRIPTION.with_suffix(".part")
    part.write_text(json.dumps(_without_prose(document), ensure_ascii=False, separators=(",", ":")))
    part.replace(DESCRIPTION)
    return 0


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
