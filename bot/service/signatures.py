"""Whether a webhook was signed with a secret of ours (GitHub: "Validating webhook deliveries")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

_PREFIX = "sha256="


def webhook_secrets(environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The secrets in AMTS_WEBHOOK_SECRET and AMTS_WEBHOOK_SECRET_PREVIOUS, which may hold several each with commas
    between them: while a secret is replaced, both the old one and the new one are good."""
    given = ",".join(environment.get(name, "") for name in ("AMTS_WEBHOOK_SECRET", "AMTS_WEBHOOK_SECRET_PREVIOUS"))
    return tuple(dict.fromkeys(secret.strip().encode() for secret in given.split(",") if secret.strip()))


def sign(body: bytes, secret: bytes) -> str:
    """The value of X-Hub-Signature-256 for a body."""
    return _PREFIX + hmac.new(secret, body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, secrets: Sequence[bytes]) -> bool:
    """Whether one of the secrets gives this signature of the raw body. Every secret is tried, in constant time."""
    given = signature.encode("utf-8", "replace")
    fits = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in secrets]
    return True in fits
