"""Failures of git, as errors that say what happened and what to do: of the host, of the network, and of the disk."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import AmtsError, RefusedError, RepositoryError, TransientError
from bot.forge.failures import quoted, redacted, storage_failure

if TYPE_CHECKING:
    from git.exc import CommandError

_STORAGE = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Permission denied",
    "insufficient permission",
)
# A git killed by this signal wrote past the limit on file sizes (`ulimit -f`).
_FILE_SIZE_SIGNAL = -int(getattr(signal, "SIGXFSZ", 0))

WRITE_PERMISSION = (
    "a fine-grained token or a GitHub App needs `Contents: Read and write` and `Pull requests: Read and write` for this"
    " repository, a classic token the scope `repo`, and its account the role Write"
)
_READ_PERMISSION = (
    "set GITHUB_TOKEN to a token that may read this repository (fine-grained or a GitHub App: `Contents: Read-only`)"
)
SIGN_ON = (
    "the organization admits only tokens that are authorized for its SAML single sign-on; authorize this one (on GitHub"
    " under Settings, Developer settings, at the token: Configure SSO)"
)
ARCHIVED = (
    "the repository is archived and so read-only; unarchive it, or take it out of the configuration to stop asking"
)


@dataclass(frozen=True)
class _Cause:
    """What one kind of failure looks like in the words of git and of curl, or in those of the host (`remote:`), and the
    sentence about it. `{said}` in it are the telling words, `{need}` and `{verb}` are about the permission."""

    sentence: str
    own: str = "(?!)"
    remote: str = "(?!)"
    kind: type[RepositoryError] = RepositoryError

    def matches(self, own: str, remote: str) -> bool:
        return bool(re.search(self.own, own, re.IGNORECASE) or re.search(self.remote, remote, re.IGNORECASE))


# The first that matches counts.
_CAUSES = (
    _Cause(SIGN_ON, remote=r"SAML SSO|SAML single sign"),
    _Cause(ARCHIVED, remote=r"archived so it is read-only|repository (is|was|has been) archived"),
    _Cause(
        "{said}; the host refuses the push for its size: take large files out of the book, or raise the limit there",
        own=r"returned error: 413",
        remote=r"GH001|exceeds .*limit|exceeds maximum allowed size|quota|too large",
        kind=RefusedError,
    ),
    _Cause(
        "{said}; a rule of the host protects this branch: let the bot's account push to branches that begin with `amts`"
        " (on GitHub: rulesets and branch protection, under Settings)",
        own=r"protected branch",
        remote=r"GH006|GH013|protected branch|rule violations",
        kind=RefusedError,
    ),
    _Cause(
        "{said}; a hook of the host declined the push: satisfy it, or let it admit the bot's account",
        own=r"hook declined",
        kind=RefusedError,
    ),
    _Cause(
        "the host refused access ({said}); {need}",
        own=r"returned error: 403|access denied|insufficient permissions",
        remote=r"^Permission to .* denied|Write access to repository not granted|access denied",
    ),
    _Cause(
        "the host refused access; set GITHUB_TOKEN to a token that may {verb} this repository (with a forge other than"
        " github, git needs credentials of its own)",
        # A host wants credentials and nobody sits at a terminal, or it refused those it was given.
        own=r"could not read (Username|Password) for|terminal prompts disabled|Authentication failed for"
        r"|returned error: 401",
    ),
    _Cause(
        "SSH was refused ({said}); give this machine a key that the host knows (`ssh -T git@HOST` tells, and makes"
        " the host known), with `ssh-agent` if it has a passphrase, since nothing is asked here; or use the https"
        " address and a token",
        own=r"Permission denied \((publickey|password|keyboard)|Host key verification failed",
    ),
    _Cause(
        "the host has no such repository, or shows it only to who may read it (a private repository without access"
        " looks the same); check the address and the token",
        own=r"repository '.*' not found|returned error: 404|does not appear to be a git repository",
        remote=r"Repository not found",
    ),
    _Cause(
        "the name of the host can't be resolved ({said}); check the address, and this machine's network and DNS",
        own=r"Could not resolve (host|proxy)|unable to look up",
        kind=TransientError,
    ),
    _Cause(
        "TLS failed ({said}); check the address, the clock and the certificates of this machine (`http.sslCAInfo`), and"
        " whether a proxy stands between",
        own=r"certificate|SSL routines|gnutls|TLS connect error|SSL connect error|wrong version number",
    ),
    _Cause(
        "the host can't be reached ({said}); check the address, the network and the proxy, and run again",
        own=r"Couldn't connect|Failed to connect|unable to connect|connection (was )?refused|no route to host"
        r"|network is unreachable",
        kind=TransientError,
    ),
    _Cause(
        "the host leads from one address to the next ({said}); give the repository's own address",
        own=r"Maximum .*redirects|redirect",
    ),
    _Cause(
        "the host is in trouble ({said}); run again later",
        own=r"returned error: (5\d\d|429)",
        kind=TransientError,
    ),
    _Cause(
        "the answer is not git's ({said}), perhaps a web page of a proxy or of a sign-in; check the address",
        own=r"is this a git repository|invalid server response|protocol error|bad line length|not valid: could not"
        r"|unknown object format|garbage at end|invalid ref",
    ),
    _Cause(
        "the connection failed or stood still ({said}); run again",
        own=r"RPC failed|early EOF|connection (was )?(reset|closed)|timed out|too slow|Empty reply from server"
        r"|Recv failure|Send failure|hung up unexpectedly|unexpected disconnect|SSL_ERROR_SYSCALL"
        r"|outstanding read data remaining|Could not read from remote repository|transfer closed",
        kind=TransientError,
    ),
)


def git_failure(error: CommandError, command: str, repository: str) -> AmtsError:
    """The error for a git command (`update-ref`, say) that failed in `repository`: StorageError if the disk refused,
    TransientError if the network or the host failed, RefusedError if the host does not accept a branch, otherwise
    RepositoryError."""
    # Not before: commands that need no git start without it.
    from git.exc import GitCommandNotFound

    if isinstance(error, GitCommandNotFound):
        return RepositoryError("git is not installed or not on the PATH; install git 2.31 or newer")
    # Git's own words, without GitPython's wrapping (`stderr: '…'`).
    text = error.stderr.strip().removeprefix("stderr:").strip().strip("'")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    own = [line for line in lines if not line.startswith("remote:")]
    message = _telling_line(own, remote) or f"exit status {error.status}"
    if error.status == _FILE_SIZE_SIGNAL:
        message = "File too large"
    # Of its own disk git says so in an error; a host that refuses, or its disk, comes in other lines.
    errors = [line for line in own if line.startswith(("fatal:", "error:")) and "remote" not in line]
    full = next((line for line in [message, *errors] if any(sign in line for sign in _STORAGE)), "")
    if full and (full in errors or not remote) and "denied (" not in full:
        return storage_failure(repository, quoted(re.sub(r"^(fatal|error):\s*", "", full)))
    cause = _cause("\n".join(own), "\n".join(remote))
    if remote and (cause is None or cause.kind is not TransientError):
        said = quoted(" ".join(re.sub(r"^(fatal|error):\s*", "", line) for line in remote))
    else:
        said = quoted(message)
    if cause is None:
        kind = RefusedError if "[remote rejected]" in text else RepositoryError
        return kind(f"{repository}: git {command} failed: {said}")
    need = WRITE_PERMISSION if command == "push" else _READ_PERMISSION
    verb = "write to" if command == "push" else "read"
    sentence = cause.sentence.replace("{need}", need).replace("{verb}", verb).replace("{said}", said)
    failed = "" if sentence.startswith("the host refused access; ") else f"git {command} failed: "
    return cause.kind(f"{repository}: {failed}{sentence}")


def _cause(own: str, remote: str) -> _Cause | None:
    return next((cause for cause in _CAUSES if cause.matches(own, remote)), None)


def _telling_line(own: list[str], remote: list[str]) -> str:
    """The line that says most: git's last error, but for a refused push the host's reason, which stands before it."""
    telling = [line for line in own if line.startswith(("fatal:", "error:"))] or own or remote
    refused = [line for line in remote if line.startswith("error:")]
    refused += [line for line in own if line.startswith("! [remote rejected]")]
    if refused and telling and "failed to push" in telling[-1]:
        telling = refused[:1]
    elif telling and "Could not read from remote repository" in telling[-1]:
        telling = own[:1]  # what SSH said
    return redacted(re.sub(r"^(fatal|error):\s*", "", telling[-1])) if telling else ""
