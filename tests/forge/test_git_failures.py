"""What git, curl, SSH and hosts say when they refuse, as sentences that say what to do."""

from __future__ import annotations

import pytest
from git.exc import GitCommandError

from bot.errors import AmtsError, RefusedError, RepositoryError, StorageError, TransientError
from bot.forge.git_failures import git_failure

URL = "fatal: unable to access 'https://github.com/o/r.git/': "
REJECTED = "To https://github.com/o/r\n ! [remote rejected] amts/zh -> amts/zh ({})\nerror: failed to push some refs"


def failure(command: str, said: str) -> AmtsError:
    return git_failure(GitCommandError(["git"], 128, said), command, "book")


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        (
            f"remote: Permission to o/r.git denied to u.\n{URL}The requested URL returned error: 403",
            RepositoryError,
            "refused access (Permission to o/r.git denied to u.); a fine-grained token or a GitHub App needs `Contents:"
            " Read and write` and `Pull requests: Read and write`",
        ),
        (
            f"remote: Write access to repository not granted.\n{URL}The requested URL returned error: 403",
            RepositoryError,
            "`Contents: Read and write`",
        ),
        (f"{URL}The requested URL returned error: 403", RepositoryError, "a classic token the scope `repo`"),
        (f"{URL}The requested URL returned error: 401", RepositoryError, "a token that may write to this repository"),
        (
            "remote: The 'org' organization has enabled or enforced SAML SSO. To access\nremote: this repository, visit"
            f" https://x/sso and try your request again.\n{URL}The requested URL returned error: 403",
            RepositoryError,
            "Configure SSO",
        ),
        (
            f"remote: This repository was archived so it is read-only.\n{URL}The requested URL returned error: 403",
            RepositoryError,
            "unarchive it",
        ),
        (
            "remote: error: GH006: Protected branch update failed for refs/heads/amts/zh.\n"
            + REJECTED.format("protected branch hook declined"),
            RefusedError,
            "GH006: Protected branch update failed for refs/heads/amts/zh.; a rule of the host protects this branch",
        ),
        (
            "remote: error: GH013: Repository rule violations found for refs/heads/amts/zh.\n"
            + REJECTED.format("push declined due to repository rule violations"),
            RefusedError,
            "rulesets",
        ),
        (
            "remote: Commits must name a ticket\n" + REJECTED.format("pre-receive hook declined"),
            RefusedError,
            "Commits must name a ticket; a hook of the host declined the push",
        ),
        (
            "remote: error: GH001: Large files detected.\n" + REJECTED.format("pre-receive hook declined"),
            RefusedError,
            "take large files out of the book",
        ),
        (
            "remote: fatal: pack exceeds maximum allowed size (2.00 GiB)\nerror: remote unpack failed: index-pack\n"
            + REJECTED.format("unpacker error"),
            RefusedError,
            "pack exceeds maximum allowed size (2.00 GiB); the host refuses the push for its size",
        ),
        (
            "remote: fatal: write error: No space left on device\nerror: remote unpack failed: index-pack failed\n"
            + REJECTED.format("unpacker error"),
            RefusedError,
            "git push failed: write error: No space left on device",
        ),
        ("fatal: write error: No space left on device\nfatal: index-pack failed", StorageError, "make room"),
        (f"{URL}The requested URL returned error: 500", TransientError, "the host is in trouble"),
        (f"{URL}The requested URL returned error: 429", TransientError, "the host is in trouble"),
        (f"{URL}Could not resolve host: github.com", TransientError, "this machine's network and DNS"),
        (f"{URL}Failed to connect to x port 443: Connection refused", TransientError, "can't be reached"),
        (f"{URL}Operation too slow. Less than 100 bytes/sec", TransientError, "stood still"),
        (f"{URL}SSL certificate problem: self-signed certificate", RepositoryError, "TLS failed"),
        (f"{URL}Maximum (20) redirects followed", RepositoryError, "give the repository's own address"),
        ("fatal: https://x/info/refs not valid: is this a git repository?", RepositoryError, "is not git's"),
        ("fatal: protocol error: bad line length character: <htm", RepositoryError, "is not git's"),
        ("remote: Repository not found.\nfatal: repository 'https://x/' not found", RepositoryError, "looks the same"),
        (
            "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure",
            RepositoryError,
            "SSH was refused (git@x: Permission denied (publickey).)",
        ),
        (
            "ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository.",
            TransientError,
            "can't be reached (ssh: connect to host x port 22: Connection refused)",
        ),
        ("error: RPC failed; curl 56 Recv failure\nfatal: early EOF", TransientError, "run again"),
        ("fatal: something new", RepositoryError, "git push failed: something new"),
    ],
)
def test_each_failure_says_what_to_do(said: str, kind: type[AmtsError], sentence: str) -> None:
    error = failure("push", said)
    assert type(error) is kind
    assert sentence in str(error)
    assert str(error).startswith("book: ")
    assert "\n" not in str(error)


def test_reading_needs_less_than_writing() -> None:
    error = failure("fetch", f"{URL}The requested URL returned error: 403")
    assert "`Contents: Read-only`" in str(error)
    assert "write" not in str(error)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("remote: <!DOCTYPE html><html><body>Proxy</body></html>\nfatal: hook declined", "a web page (HTML)"),
        ("fatal: \x1b[31mred\x1b[0m \u202eright to left", "\\x1b[31mred\\x1b[0m \\u202eright to left"),
        ("fatal: " + "x" * 5000, "x" * 300 + "…"),
        ("fatal: could not read ghp_sesame12345678", "***"),
    ],
)
def test_the_words_of_hosts_are_shown_as_plain_short_lines(said: str, shown: str) -> None:
    told = str(failure("push", said))
    assert shown in told
    assert told.isprintable()
    assert len(told) < 500
    assert "sesame" not in told
