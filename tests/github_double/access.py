"""Who a request comes from, and whether they may."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

import jwt

from tests.github_double.errors import ApiError, not_found
from tests.github_double.state import ROLES, App, Credential, Repo

_LEVELS = ("none", "read", "write", "admin")


class Keyring:
    """All tokens and Apps. Tokens expire by the given clock; a JWT is made and checked by the machine's."""

    def __init__(self) -> None:
        self.tokens: dict[str, Credential] = {}
        self.apps: dict[int, App] = {}

    def identify(self, header: str | None, now: datetime) -> Credential | None:
        """The credential in an Authorization header, None without a header. Raises ApiError 401."""
        if not header:
            return None
        scheme, _, value = header.partition(" ")
        if scheme.lower() == "basic":
            try:
                value = base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                raise _bad_credentials() from None
        elif scheme.lower() not in ("token", "bearer"):
            raise _bad_credentials()
        if value.count(".") == 2:
            return self._app(value)
        credential = self.tokens.get(value)
        if credential is None or (credential.expires is not None and credential.expires <= now):
            raise _bad_credentials()
        return credential

    def _app(self, token: str) -> Credential:
        """RS256, `iss` the App's id, `exp` at most ten minutes ahead, as GitHub asks."""
        try:
            claimed = jwt.decode(token, options={"verify_signature": False})
            app = self.apps[int(claimed["iss"])]
            claims = jwt.decode(
                token,
                app.public_key,
                algorithms=["RS256"],
                options={"require": ["iat", "exp", "iss"], "verify_iss": False, "verify_sub": False},
            )
        except (KeyError, ValueError, TypeError):
            raise ApiError(401, "Integration not found") from None
        except jwt.ExpiredSignatureError:
            raise ApiError(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
                "assertion expires",
            ) from None
        except jwt.PyJWTError:
            raise ApiError(401, "A JSON web token could not be decoded") from None
        if claims["exp"] > datetime.now(UTC).timestamp() + 600:
            raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
        return Credential(token, app.bot, app=app)


def _bad_credentials() -> ApiError:
    return ApiError(401, "Bad credentials")


def may_see(credential: Credential | None, repo: Repo) -> bool:
    """Whether a repository exists for this caller at all."""
    if credential is None or credential.app is not None:
        return not repo.private
    if credential.repositories is not None and repo.full_name not in credential.repositories:
        return not repo.private
    if credential.installation is not None:
        return credential.installation.account is repo.owner or not repo.private
    return repo.role(credential.account) != "none"


def require(credential: Credential | None, repo: Repo, needs: str, role: str) -> None:
    """`needs` is `permission:level`, several joined by `|` where any of them will do (an App's or a fine-grained
    token's); `role` what a person's role must be at least. Raises ApiError 401, 403 or 404."""
    if not may_see(credential, repo):
        raise not_found()
    level = needs.rpartition(":")[2]
    if credential is None:
        if level == "read":
            return
        raise ApiError(401, "Requires authentication")
    if credential.app is not None:
        raise ApiError(403, "Resource not accessible by integration")
    if credential.permissions is not None and not _granted(credential, repo, needs):
        kind = "integration" if credential.installation is not None else "personal access token"
        accepted = "; ".join(need.replace(":", "=") for need in needs.split("|"))
        headers = {"X-Accepted-GitHub-Permissions": accepted}
        raise ApiError(403, f"Resource not accessible by {kind}", headers=headers)
    if credential.installation is None and ROLES.index(repo.role(credential.account)) < ROLES.index(role):
        raise ApiError(403, "Must have push access to repository" if role == "write" else f"Must have {role} access")


def _granted(credential: Credential, repo: Repo, needs: str) -> bool:
    reached = credential.repositories is None or repo.full_name in credential.repositories
    if credential.installation is not None and credential.installation.account is not repo.owner:
        reached = False
    wanted, _, level = needs.rpartition(":")
    if level == "read" and not repo.private:
        return True
    granted = credential.permissions or {}
    names = [name.partition(":")[0] for name in wanted.split("|")]
    return reached and any(
        _LEVELS.index(granted.get(name, "none")) >= _LEVELS.index(level) or name == "metadata" for name in names
    )
