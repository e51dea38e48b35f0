"""The errors of AWS by their codes: which may pass, and what to do about each."""

from __future__ import annotations

BUSY = frozenset(
    {
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
        "SlowDown",
        "LimitExceededException",
        "ConcurrentModificationException",
        "RequestTimeout",
    }
)
"""Codes of calls that are refused now and may be accepted later."""

_RIGHTS = "give the caller the rights that docs/reference/aws.md lists; `amts check --aws` names what is missing"
_REGION = (
    "use the region of the bucket for `region` in amts.yaml; parallel data needs us-east-1, us-west-2 or eu-west-1"
)
_CODES_BY_ADVICE = {
    _RIGHTS: ("403", "AccessDenied"),
    _REGION: ("301", "AuthorizationHeaderMalformed", "PermanentRedirect"),
    "create the bucket in the engine's region, or correct `bucket` in amts.yaml (template: docs/guides/aws.md)": (
        "AllAccessDisabled",
        "NoSuchBucket",
    ),
    "sign in again (`aws sso login`, or fresh credentials in the environment)": (
        *("ExpiredToken", "ExpiredTokenException"),
        *("SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError"),
    ),
    "give it credentials: an IAM role, `aws configure`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY": (
        *("NoCredentialsError", "PartialCredentialsError", "InvalidAccessKeyId", "InvalidClientTokenId"),
        *("AuthFailure", "IncompleteSignature", "SignatureDoesNotMatch", "UnrecognizedClientException"),
    ),
    "correct AWS_PROFILE, or create that profile with `aws configure --profile`": ("ProfileNotFound",),
    "set this machine's clock": ("RequestTimeTooSkewed",),
    "wait for what is under way, or delete what is not needed (`amts parallel-data list`)": ("LimitExceededException",),
    "Amazon Translate does not translate this pair; choose another engine for it": (
        "UnsupportedLanguagePairException",
    ),
}
_ADVICE = {code: advice for advice, codes in _CODES_BY_ADVICE.items() for code in codes}


def advice(code: str, message: str) -> str:
    """What to do about an error of AWS."""
    if code in _ADVICE:
        return _ADVICE[code]
    if code in BUSY:
        return "the service is busy; run again later: what was translated is kept"
    if "AccessDenied" in code or "NotAuthorized" in code or "not authorized" in message.casefold():
        # A region without the service, or without parallel data, answers so too.
        return f"{_RIGHTS}; and {_REGION}"
    if code.startswith(("Internal", "ServiceUnavailable", "5")):
        return "the service has a problem; run again later: what was translated is kept"
    return "`amts check --aws` looks for the cause"
