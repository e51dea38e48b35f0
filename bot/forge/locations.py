"""The location of a repository: a path on this machine, or an address on a host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

PUBLIC_GITHUB = "https://github.com"

_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[^/\\]+@[^/\\]+:", re.IGNORECASE)
_SHORT_FORM = re.compile(r"(?:[^/@:]+@)?([^/@:]+):(?!//)(.+)")


def is_url(location: str) -> bool:
    """Whether it is a URL or git's short form of one (`git@host:path`); otherwise it is a path."""
    return _URL.match(location) is not None


def split_location(location: str) -> tuple[str, str, str]:
    """Scheme (`ssh` for git's short form), host in lower case (without user and port) and path of a URL."""
    short = _SHORT_FORM.fullmatch(location)
    if short is not None:
        return "ssh", short[1].lower(), short[2]
    parts = urlsplit(location)
    return parts.scheme, parts.hostname or "", parts.path


def repository_name(location: str, host_url: str = PUBLIC_GITHUB) -> str:
    """`owner/name` of a repository's URL (https, http, ssh or git's short form); empty for one on another host."""
    scheme, host, path = split_location(location)
    names = path.strip("/").removesuffix(".git").split("/")
    is_there = scheme in ("http", "https", "ssh") and host == urlsplit(host_url).hostname
    return "/".join(names) if is_there and len(names) == 2 and all(names) else ""
