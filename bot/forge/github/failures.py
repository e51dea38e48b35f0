"""What GitHub says when it refuses, as errors a user can act on."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import requests
from github import GithubException
from github.Requester import Requester

from bot.errors import RepositoryError, TransientError
from bot.forge.failures import quoted
from bot.forge.git_failures import ARCHIVED, SIGN_ON
from bot.forge.github.client import ASKED, RateLimitError
from bot.forge.github.transport import WrongAnswerError

_SERVER_ERROR = 500
_PERMISSIONS = "contents, pull requests, issues, commit statuses and checks (write)"
_DAY_SECONDS = 86_400.0
_UNSEEN = "it does not exist there, or the token may not see it (a private repository without access looks the same)"
# What a path of the API is about, below `/repos/owner/name`.
_THINGS = (
    (re.compile(r"/installation$"), "such repository among those where this GitHub App is installed (install it)"),
    (re.compile(r"/comments/(\d+)(/reactions)?$"), "comment {}"),
    (re.compile(r"/pulls/(\d+)(/|$)"), "pull request #{}"),
    (re.compile(r"/issues/(\d+)(/|$)"), "pull request #{}"),
    (re.compile(r"/(?:branches|git/refs?/heads)/(.+)$"), 'branch "{}"'),
    (re.compile(r"/labels/([^/]+)$"), 'label "{}"'),
    (re.compile(r"/milestones/(\d+)$"), "milestone {}"),
    (re.compile(r"/collaborators/([^/]+)"), 'user "{}"'),
    (re.compile(r"/users/([^/]+)"), 'user "{}"'),
    (re.compile(r"/(?:commits|statuses)/([0-9a-f]+)"), "commit {}"),
    (re.compile(r"/check-runs/(\d+)$"), "check run {}"),
)


@contextmanager
def github_errors(name: str) -> Iterator[None]:
    """Turns failures of its block, which talks to GitHub about the repository `name`, into RepositoryErrors, or into
    TransientErrors if they may pass. These carry no other exception, which could hold a request with a token."""
    try:
        yield
    except RateLimitError as limit:
        raise TransientError(
            f"{name}: GitHub asks to wait {_until(limit.seconds)} (rate limit); run again then"
        ) from None
    except GithubException as refusal:
        # GraphQL reports a rate limit in the body of an answer with status 200.
        may_pass = refusal.status >= _SERVER_ERROR or Requester.isRateLimitError(refusal_words(refusal))
        kind = TransientError if may_pass else RepositoryError
        raise kind(f"{name}: {_meaning(refusal)}") from None
    except requests.RequestException as error:
        raise TransientError(f"{name}: {_unreachable(error)}") from None
    except WrongAnswerError as wrong:
        raise RepositoryError(
            f"{name}: what answers as GitHub's API {wrong}; check url and api_url, and whether a proxy or a sign-in"
            " stands between"
        ) from None
    except json.JSONDecodeError:
        raise TransientError(f"{name}: GitHub's answer was cut short; run again") from None
    except RuntimeError as error:
        # PyGithub raises this for a redirection to another host.
        raise RepositoryError(f"{name}: {quoted(str(error))}; correct url and api_url") from None


def _until(seconds: float) -> str:
    if seconds > _DAY_SECONDS:
        return "for more than a day"
    return f"until {time.strftime('%H:%M', time.gmtime(time.time() + seconds))} UTC"


def _unreachable(error: requests.RequestException) -> str:
    kind = type(error).__name__
    if isinstance(error, requests.exceptions.SSLError):
        return (
            "GitHub can't be reached (TLS failed); check api_url, the clock and the certificates of this machine"
            " (REQUESTS_CA_BUNDLE), and whether a proxy stands between"
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return "GitHub can't be reached (the proxy refused); check HTTPS_PROXY and NO_PROXY, then run again"
    text = str(error)
    if isinstance(error, requests.exceptions.ReadTimeout) or "timed out" in text or "request_seconds" in text:
        return "GitHub can't be reached (no whole answer within the limits of `network`); run again later"
    if "NameResolution" in text or "Name or service not known" in text:
        return "GitHub can't be reached (the name of the host can't be resolved); check api_url and the network (DNS)"
    if "refused" in text:
        return "GitHub can't be reached (the connection was refused); check api_url and the network, then run again"
    return f"GitHub can't be reached ({kind}); check the network and run again"


def refusal_words(refusal: GithubException) -> str:
    """GitHub's own words: the message, and what it says about single fields."""
    data = refusal.data if isinstance(refusal.data, dict) else {}
    errors = data.get("errors")
    words = [str(data.get("message") or "")]
    for error in errors if isinstance(errors, list) else []:
        fields = error if isinstance(error, dict) else {"message": error}
        code = " ".join(str(fields[key]) for key in ("field", "code") if fields.get(key))
        words.append(str(fields.get("message") or code))
    return ": ".join(dict.fromkeys(filter(None, words))) or f"HTTP {refusal.status}"


def _meaning(refusal: GithubException) -> str:
    words = quoted(refusal_words(refusal))
    headers = refusal.headers or {}
    lower = words.lower()
    match refusal.status:
        case 401:
            return f"GitHub refused the token ({words}); it is expired or revoked, so set GITHUB_TOKEN to a new one"
        case 403 if "x-github-sso" in headers or "saml" in lower:
            return f"GitHub forbids it ({words}): {SIGN_ON}"
        case 403 if "archived" in lower:
            return f"GitHub forbids it ({words}): {ARCHIVED}"
        case 403:
            needs = quoted(headers.get("x-accepted-github-permissions", ""))
            return f"GitHub forbids it ({words}); give the token these permissions: {needs or _PERMISSIONS}"
        case 404:
            return f"GitHub finds no {_thing(str(headers.get(ASKED, '')))}: {_UNSEEN}; check the URL and the token"
        case status if status >= _SERVER_ERROR:
            return f"GitHub is in trouble ({status} {words}); run again later"
        case _:
            return f"GitHub refused: {words}"


def _thing(asked: str) -> str:
    """What a request (`GET /repos/o/r/pulls/5`) asked for."""
    path = asked.partition(" ")[2]
    for pattern, thing in _THINGS:
        found = pattern.search(path)
        if found is not None:
            return thing.format(quoted(unquote(found[1])) if found.groups() else "")
    return "such repository"
