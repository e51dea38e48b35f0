"""Git's smart HTTP: clone, fetch and push of the bare repositories, by `git http-backend` itself."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from werkzeug.wrappers import Request, Response

from tests.github_double.access import may_see, require
from tests.github_double.errors import ApiError, not_found
from tests.github_double.refs import refs_changed
from tests.github_double.state import Credential, Repo
from tests.github_double.store import environment
from tests.github_double.world import World

_PATH = re.compile(r"^/([^/]+/[^/]+?)(?:\.git)?(/info/refs|/git-upload-pack|/git-receive-pack)$")
_HOOKS = Path(__file__).parent / "hooks"


def is_git(path: str) -> bool:
    return _PATH.match(path) is not None


def answer_git(world: World, request: Request) -> tuple[Response, str | None]:
    """The answer to a request of a git client, and the caller's login. Who may not write gets a 403, who is nobody a
    401, as GitHub answers them."""
    match = _PATH.match(request.path)
    assert match is not None
    credential = None
    service = request.args.get("service") or match[2].removeprefix("/")
    try:
        with world.lock:
            header = request.headers.get("Authorization")
            credential = world.keyring.identify(header, world.token_clock.now())
            repo = _admitted(world, match[1], credential, service)
    except ApiError as refusal:
        headers = {"WWW-Authenticate": 'Basic realm="GitHub"'} if refusal.status == 401 else {}
        login = credential.account.login if credential is not None else None
        return Response(f"{refusal.message}\n", refusal.status, headers, content_type="text/plain"), login
    response = _backend(request, repo, match[2], credential)
    if credential is None:
        return response, None
    if match[2] == "/git-receive-pack":
        refs_changed(world, repo, credential.account)
    return response, credential.account.login


def _admitted(world: World, name: str, credential: Credential | None, service: str) -> Repo:
    try:
        repo = world.repo(name)
    except ApiError:
        raise (not_found() if credential is not None else ApiError(401, "Repository not found.")) from None
    if service == "git-receive-pack":
        if credential is None:
            raise ApiError(401, "No anonymous write access.")
        try:
            require(credential, repo, "contents:write", "write")
        except ApiError as refusal:
            denied = f"Permission to {repo.full_name}.git denied to {credential.account.login}."
            raise (ApiError(403, denied) if refusal.status == 403 else refusal) from None
    elif not may_see(credential, repo):
        raise not_found() if credential is not None else ApiError(401, "Repository not found.")
    elif repo.private:
        require(credential, repo, "contents:read", "read")
    return repo


def _backend(request: Request, repo: Repo, tail: str, credential: Credential | None) -> Response:
    body = request.get_data()
    variables = environment() | {
        "GIT_PROJECT_ROOT": str(repo.store.path.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{repo.store.path.name}{tail}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string.decode(),
        "CONTENT_TYPE": request.content_type or "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_USER": credential.account.login if credential is not None else "",
        "DOUBLE_PROTECTED": "\n".join(f"refs/heads/{name}" for name in sorted(repo.protected)),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": str(_HOOKS),
    }
    process = subprocess.run(["git", "http-backend"], env=variables, input=body, capture_output=True, check=True)
    head, _, content = process.stdout.partition(b"\r\n\r\n")
    headers = dict(_header_lines(head))
    status = int(headers.pop("Status", "200").split(" ")[0])
    return Response(content, status, headers)


def _header_lines(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(": ")
        yield name, value
