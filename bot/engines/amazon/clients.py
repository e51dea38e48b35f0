"""boto3's clients, and the service's errors with advice."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.config.network import NETWORK, NetworkSettings
from bot.engines.amazon.advice import BUSY, advice
from bot.engines.amazon.settings import AmazonSettings, digest
from bot.errors import ConfigError, EngineError, install_hint
from bot.network.bounded import is_too_large
from bot.network.connections import bounded_pools
from bot.network.deadline import seconds_left, uncounted
from bot.network.words import plain

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_translate import TranslateClient

AnswerT = TypeVar("AnswerT")

MISSING = frozenset({"ResourceNotFoundException", "NoSuchKey", "404"})
"""Codes of the services for a resource or a file that does not exist."""

_MAX_LANGUAGE_LENGTH = 64
_PAUSE_GROWTH = 1.5


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
    network: NetworkSettings = NETWORK
    """The limits of each call."""


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
            with uncounted():
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


def connect(settings: AmazonSettings, network: NetworkSettings = NETWORK) -> Clients:
    """Clients with the credentials, the profile and the endpoint that every AWS tool finds; each of their calls ends
    within the limits of the network. Makes no call yet. Raises ConfigError if boto3 is not installed, EngineError if it
    can't be set up."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise ConfigError(f'the engine "amazon" needs boto3: {install_hint("amazon")}') from None
    with service_errors("setting up the access to AWS"):
        session = boto3.Session(region_name=settings.region)

        def make(service: str, attempts: int = settings.max_attempts) -> Any:
            client = session.client(  # type: ignore[call-overload]  # its stubs know literal names alone
                service,
                config=Config(
                    connect_timeout=network.connect_seconds,
                    read_timeout=network.silence_seconds,
                    # Never `legacy`, which gives up at once when the service throttles.
                    retries={"mode": cast("Any", settings.retry_mode), "total_max_attempts": attempts},
                    # Checksums that only Amazon's own S3 knows are left out unless they are required.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
            _bound(client, network)
            return client

        return Clients(make("translate"), make("translate", 1), make("s3"), make, network=network)


def _bound(client: Any, network: NetworkSettings) -> None:
    """Gives a client connections that are bounded. botocore offers no way to choose them, so its session's own table is
    changed (as of botocore 1.40 to 1.44)."""
    pools = client._endpoint.http_session._pool_classes_by_scheme
    pools.update(bounded_pools(pools, network))

    def before_send(request: Any, **_: object) -> None:
        seconds_left(network.request_seconds)  # raises if a limit of time is over: botocore would go on trying
        # With this header botocore reads a line from the server that may take for ever.
        request.headers.pop("Expect", None)

    def before_parse(response_dict: dict[str, Any], **_: object) -> None:
        if client.meta.service_model.resolved_protocol == "json" and isinstance(response_dict["body"], bytes):
            _require_object(response_dict)

    client.meta.events.register("before-send", before_send)
    client.meta.events.register("before-parse", before_parse)


def _require_object(response: dict[str, Any]) -> None:
    """Raises ResponseParserError if the answer is no JSON object; of a refusal that is none, nothing is read."""
    from botocore.parsers import ResponseParserError

    try:
        value = json.loads(response["body"] or b"{}")
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return
    if response["status_code"] < 300:
        raise ResponseParserError("no JSON object")
    response["body"] = b"{}"


@contextmanager
def service_errors(doing: str) -> Iterator[None]:
    """Turns every failure of a call inside into a ServiceError, whose text has `doing` ("starting the job"), the
    service's message, and advice."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ReadTimeoutError
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (ResponseParserError, RecursionError):  # botocore follows redirections of S3 without end
        raise ServiceError(
            f"{doing}: what answered is not AWS (a web page, or JSON or XML without what was asked for, or a"
            " redirection without end); check"
            " AWS_ENDPOINT_URL, and whether a proxy or a sign-in stands between"
        ) from None
    except ClientError as error:
        details = error.response.get("Error", {})
        code, message = details.get("Code") or "an error without a code", plain(str(details.get("Message") or ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise ServiceError(
            f"{doing}: AWS answered {code}{': ' if message else ''}{message.rstrip('.')}; {advice(code, message)}",
            code,
            transient=status >= 500 or code in BUSY,
        ) from None
    except (NoConnection, HTTPClientError) as error:
        if is_too_large(error):
            raise ServiceError(f"{doing}: the answer is larger than network.answer_megabytes allows") from None
        late = isinstance(error, ReadTimeoutError)
        what = "no whole answer came within the limits of `network`" if late else _one_line(error)
        raise ServiceError(
            f"{doing}: {what}; check the network, the region and AWS_ENDPOINT_URL, then run again",
            transient=True,
        ) from None
    except BotoCoreError as error:
        name = type(error).__name__
        raise ServiceError(f"{doing}: {_one_line(error)}; {advice(name, '')}", name) from None


def if_present(doing: str, call: Callable[[], AnswerT]) -> AnswerT | None:
    """The answer to a call; None if the resource or the file does not exist. Raises ServiceError."""
    try:
        with service_errors(doing):
            return call()
    except ServiceError as error:
        if error.code in MISSING:
            return None
        raise


def part(answer: Mapping[str, Any], *names: str) -> Any:
    """What an answer has under these names, one within the other. Raises ResponseParserError if there is nothing: then
    what answered is not AWS. Of the errors of our own code, `service_errors` takes none for that."""
    from botocore.parsers import ResponseParserError

    found: Any = answer
    for name in names:
        if not isinstance(found, Mapping) or name not in found:
            raise ResponseParserError(f"no {name}")
        found = found[name]
    return found


def listed(clients: Clients, doing: str, call: Callable[..., Any], member: str, **arguments: object) -> Iterator[Any]:
    """The entries of a listing, those in `member` of each answer (boto3 has no paginator for most of them). Raises
    ServiceError."""
    token: str | None = ""
    for _ in bounded_pages(clients, doing):
        with service_errors(doing):
            page = call(**arguments, **({"NextToken": token} if token else {}))
            entries = part(page, member)
        yield from entries
        token = page.get("NextToken")
        if not token:
            return


def bounded_pages(clients: Clients, doing: str) -> Iterator[int]:
    """The numbers of the pages of one list. Raises ServiceError for a list that has no end."""
    yield from range(clients.network.list_pages)
    raise ServiceError(f"{doing}: the list has no end (more than network.list_pages pages); check AWS_ENDPOINT_URL")


def _one_line(error: Exception) -> str:
    return plain(str(error)).rstrip(".")
