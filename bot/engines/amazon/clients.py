"""boto3's clients, and the service's errors with advice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.engines.amazon.settings import AmazonSettings, digest
from bot.errors import ConfigError, EngineError, install_hint

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_translate import TranslateClient

AnswerT = TypeVar("AnswerT")

MISSING = frozenset({"ResourceNotFoundException", "NoSuchKey", "404"})
"""Codes of the services for a resource or a file that does not exist."""

_MAX_LANGUAGE_LENGTH = 64
_PAUSE_GROWTH = 1.5
_CONNECT_SECONDS, _READ_SECONDS = 10, 60


class ServiceError(EngineError):
    """A call failed. `code` is the service's ("" if there was no answer); `transient` says that the same call may
    succeed later, or had its effect already."""

    def __init__(self, message: str, code: str = "", *, transient: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.transient = transient


@dataclass(frozen=True)
class Clients:
    """boto3's clients, which threads may share, and the clock. `starter` never repeats a call by itself: before the bot
    repeats a start, it searches for the job."""

    translate: TranslateClient
    starter: TranslateClient
    s3: S3Client
    make: Callable[[str], Any]
    """A client of another service, by its name (`sts`, `iam`)."""
    sleep: Callable[[float], None] = time.sleep
    """Waits that many seconds."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The time, in UTC."""


@dataclass(frozen=True)
class Session:
    """Amazon Translate as one language uses it; `language` is its entry in the configuration."""

    clients: Clients
    settings: AmazonSettings
    language: str

    @property
    def resource(self) -> str:
        """The name of this language's parallel data and terminology, and the beginning of its jobs' names. Matches
        `^([A-Za-z0-9-]_?)+$`, the service's pattern; distinct for distinct languages."""
        safe = re.sub(r"[^A-Za-z0-9-]", "-", self.language)[:_MAX_LANGUAGE_LENGTH]
        name = f"{self.settings.name}-{safe}"
        return name if safe == self.language else f"{name}-{digest(self.language)[:8]}"

    def attempts(self) -> Iterator[float]:
        """Attempts without end, with pauses between them that grow up to the settings' greatest. Yields the seconds
        that will have passed in pauses when the next one begins."""
        pause, waited = min(self.settings.poll_seconds, self.settings.max_poll_seconds), 0.0
        while True:
            waited += pause
            yield waited
            self.clients.sleep(pause)
            pause = min(pause * _PAUSE_GROWTH, self.settings.max_poll_seconds)


@dataclass(frozen=True)
class LanguageResource:
    """One resource that the service keeps for one language."""

    session: Session

    @property
    def name(self) -> str:
        return self.session.resource

    @property
    def region(self) -> str:
        return self.session.settings.region


def connect(settings: AmazonSettings) -> Clients:
    """Clients with the credentials, the profile and the endpoint that every AWS tool finds. Makes no call yet.
    Raises ConfigError if boto3 is not installed, EngineError if it can't be set up."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise ConfigError(f'the engine "amazon" needs boto3: {install_hint("amazon")}') from None
    with service_errors("setting up the access to AWS"):
        session = boto3.Session(region_name=settings.region)

        def make(service: str, attempts: int = settings.max_attempts) -> Any:
            return session.client(  # type: ignore[call-overload]  # its stubs know literal names alone
                service,
                config=Config(
                    connect_timeout=_CONNECT_SECONDS,
                    read_timeout=_READ_SECONDS,
                    # Never `legacy`, which gives up at once when the service throttles.
                    retries={"mode": cast("Any", settings.retry_mode), "total_max_attempts": attempts},
                    # Checksums that only Amazon's own S3 knows are left out unless they are required.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )

        return Clients(translate=make("translate"), starter=make("translate", 1), s3=make("s3"), make=make)


@contextmanager
def service_errors(doing: str) -> Iterator[None]:
    """Turns every failure of a call inside into a ServiceError, whose text has `doing` ("starting the job"), the
    service's message, and advice."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        code, message = details.get("Code") or "an error without a code", details.get("Message", "")
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise ServiceError(
            f"{doing}: AWS answered {code}{': ' if message else ''}{message.rstrip('.')}; {_advice(code, message)}",
            code,
            transient=status >= 500 or code in _BUSY,
        ) from None
    except (NoConnection, HTTPClientError) as error:
        raise ServiceError(
            f"{doing}: {_one_line(error)}; check the network, the region and AWS_ENDPOINT_URL, then run again",
            transient=True,
        ) from None
    except BotoCoreError as error:
        name = type(error).__name__
        raise ServiceError(f"{doing}: {_one_line(error)}; {_advice(name, '')}", name) from None


def if_present(doing: str, call: Callable[[], AnswerT]) -> AnswerT | None:
    """The answer to a call; None if the resource or the file does not exist. Raises ServiceError."""
    try:
        with service_errors(doing):
            return call()
    except ServiceError as error:
        if error.code in MISSING:
            return None
        raise


def pages(doing: str, call: Callable[..., Any], **arguments: object) -> Iterator[Any]:
    """The answers to a listing, page by page (boto3 has no paginator for most of them). Raises ServiceError."""
    token: str | None = ""
    while token is not None:
        with service_errors(doing):
            page = call(**arguments, **({"NextToken": token} if token else {}))
        yield page
        token = page.get("NextToken")


_BUSY = frozenset(
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


def _advice(code: str, message: str) -> str:
    if code in _ADVICE:
        return _ADVICE[code]
    if code in _BUSY:
        return "the service is busy; run again later: what was translated is kept"
    if "AccessDenied" in code or "NotAuthorized" in code or "not authorized" in message.casefold():
        # A region without the service, or without parallel data, answers so too.
        return f"{_RIGHTS}; and {_REGION}"
    if code.startswith(("Internal", "ServiceUnavailable", "5")):
        return "the service has a problem; run again later: what was translated is kept"
    return "`amts check --aws` looks for the cause"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
