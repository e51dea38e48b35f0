"""What GitHub says when it refuses, as errors a user can act on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from github import GithubException
from github.Requester import Requester

from bot.errors import RepositoryError, TransientError
from bot.forge.failures import redacted
from bot.forge.github.client import RateLimitError

_SERVER_ERROR = 500
_PERMISSIONS = "contents, pull requests, issues, commit statuses and checks (write)"


@contextmanager
def github_errors(name: str) -> Iterator[None]:
    """Turns failures of its block, which talks to GitHub about the repository `name`, into RepositoryErrors, or into
    TransientErrors if they may pass. These carry no other exception, which could hold a request with a token."""
    try:
        yield
    except RateLimitError as limit:
        until = time.strftime("%H:%M", time.gmtime(time.time() + limit.seconds))
        raise TransientError(f"{name}: GitHub asks to wait until {until} UTC (rate limit); run again then") from None
    except GithubException as refusal:
        # GraphQL reports a rate limit in the body of an answer with status 200.
        may_pass = refusal.status >= _SERVER_ERROR or Requester.isRateLimitError(refusal_words(refusal))
        kind = TransientError if may_pass else RepositoryError
        raise kind(f"{name}: {redacted(_meaning(refusal))}") from None
    except requests.RequestException as error:
        raise TransientError(
            f"{name}: GitHub can't be reached ({type(error).__name__}); check the network and run again"
        ) from None
    except json.JSONDecodeError:
        raise TransientError(f"{name}: GitHub's answer was cut short; run again") from None
    except RuntimeError as error:
        # PyGithub raises this for a redirection to another host.
        raise RepositoryError(f"{name}: {redacted(str(error))}; correct url and api_url") from None


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
    words = refusal_words(refusal)
    match refusal.status:
        case 401:
            return f"GitHub refused the token ({words}); it is expired or revoked, so set GITHUB_TOKEN to a new one"
        case 403:
            needs = (refusal.headers or {}).get("x-accepted-github-permissions", "")
            return f"GitHub forbids it ({words}); give the token these permissions: {needs or _PERMISSIONS}"
        case 404:
            return "GitHub finds no such repository, or the token may not see it; check the URL and the token"
        case status if status >= _SERVER_ERROR:
            return f"GitHub is in trouble ({status} {words}); run again later"
        case _:
            return f"GitHub refused: {words}"
