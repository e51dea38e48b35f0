"""The checks of `amts check --aws`: identity, region, bucket, role and service, with advice for each failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.engines.amazon.clients import Clients, ServiceError, Session, part, service_errors
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.amazon.storage import BucketStorage
from bot.engines.base import Finding, Severity

# Developer guide, "Customizing your translations with parallel data" (2022).
PARALLEL_DATA_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
# Developer guide, "Asynchronous batch processing", "Region availability", read in November 2026:
# https://docs.aws.amazon.com/translate/latest/dg/async.html (ap-east-1 has the service, and no batch jobs).
BATCH_REGIONS = (
    *PARALLEL_DATA_REGIONS,
    *("us-east-2", "us-west-1", "ca-central-1"),
    *("ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"),
    *("eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1"),
)

_SERVICE = "translate.amazonaws.com"
_PROBE = "check/probe.txt"
_MISSING_BUCKET = frozenset({"404", "NoSuchBucket"})


_Verdict = tuple[Severity, str]


def check(session: Session) -> list[Finding]:
    """Checks what the engine needs, the most important first. Writes one small file to the bucket and deletes it; costs
    nothing."""
    identity, account = _identity(session.clients)
    findings = [identity, *(Finding("region", *verdict) for verdict in _region(session.settings))]
    if identity.severity is Severity.PROBLEM:
        return findings  # every other call would fail for the same reason
    for subject, verdicts in (
        ("bucket", _bucket(session)),
        ("role", _role(session, account)),
        ("service", _service(session)),
        ("prices", [(Severity.NOTE, session.settings.prices.describe())]),
    ):
        try:
            for verdict in verdicts:
                findings.append(Finding(subject, *verdict))
        except ServiceError as error:
            findings.append(Finding(subject, Severity.PROBLEM, str(error)))
    return findings


def _identity(clients: Clients) -> tuple[Finding, str]:
    """Who the credentials are, and the account."""
    try:
        with service_errors("asking who the credentials are"):
            answer = clients.make("sts").get_caller_identity()
            arn, account = part(answer, "Arn"), str(part(answer, "Account"))
    except ServiceError as error:
        return Finding("identity", Severity.PROBLEM, str(error)), ""
    return Finding("identity", Severity.FACT, f"{arn} in the account {account}"), account


def _region(settings: AmazonSettings) -> Iterator[_Verdict]:
    region = settings.region
    if settings.mode == "real-time":
        yield Severity.FACT, f"{region}, without batch jobs"
    elif region not in BATCH_REGIONS:
        yield Severity.PROBLEM, f"{region} is not known to offer batch jobs; use one of {', '.join(BATCH_REGIONS)}"
    elif settings.parallel_data != "none" and region not in PARALLEL_DATA_REGIONS:
        text = f"{region} is not known to offer parallel data; use one of {', '.join(PARALLEL_DATA_REGIONS)}, or set"
        yield Severity.PROBLEM, f"{text} `parallel_data: none`"
    else:
        yield Severity.FACT, f"{region} offers what the configuration asks for"


def _bucket(session: Session) -> Iterator[_Verdict]:
    settings, clients = session.settings, session.clients
    bucket = settings.bucket
    try:
        with service_errors(f"looking at the bucket {bucket}"):
            region = clients.s3.head_bucket(Bucket=bucket).get("BucketRegion") or _bucket_region(clients, bucket)
    except ServiceError as error:
        if error.code not in _MISSING_BUCKET:
            raise
        text = (
            f"there is no bucket {bucket}; create it in {settings.region} (template: docs/guides/aws.md), or correct "
        )
        yield Severity.PROBLEM, f"{text}`bucket` in amts.yaml"
        return
    if region != settings.region:
        text = f"{bucket} is in {region}, but the engine works in {settings.region}; they must be the same region"
        yield Severity.PROBLEM, text
        return
    yield Severity.FACT, f"{bucket} is in {region}"
    storage = BucketStorage(session)
    storage.put(_PROBE, "amts check --aws", "text/plain")
    readable = storage.get(_PROBE) is not None
    storage.delete([_PROBE])
    if any(True for _ in storage.list(_PROBE)) or not readable:
        yield Severity.PROBLEM, f"what is written to {storage.uri(_PROBE)} is not read or deleted again"
    else:
        yield Severity.FACT, f"{storage.uri('check/')} can be written, read, listed and deleted"


def _bucket_region(clients: Clients, bucket: str) -> str:
    answer: Mapping[str, Any] = clients.s3.get_bucket_location(Bucket=bucket)
    place = answer.get("LocationConstraint") or "us-east-1"  # S3 leaves out the name of its first region
    return "eu-west-1" if place == "EU" else str(place)


def _role(session: Session, account: str) -> Iterator[_Verdict]:
    role_arn = session.settings.role
    _, _, _, _, owner, path = role_arn.split(":", 5)
    if account and owner != account:
        text = f"{role_arn} is of the account {owner}, but the credentials are of {account}; use a role of {account}"
        yield Severity.PROBLEM, text
        return
    try:
        with service_errors(f"looking at {role_arn}"):
            answer = session.clients.make("iam").get_role(RoleName=path.rpartition("/")[2])
            role = part(answer, "Role")
    except ServiceError as error:
        if error.code == "NoSuchEntity":
            text = f"there is no {role_arn}; create it (template: docs/guides/aws.md), or correct `role` in amts.yaml"
            yield Severity.PROBLEM, text
        else:
            text = f"{role_arn} can't be verified, because {error}; the first job will show whether it works"
            yield Severity.NOTE, text
        return
    statements = _list(role.get("AssumeRolePolicyDocument", {}).get("Statement"))
    if any(_trusts(statement, account) for statement in statements):
        yield Severity.FACT, f"{role_arn} trusts {_SERVICE}"
    else:
        text = f"{role_arn} does not let {_SERVICE} assume it; correct its trust policy (see docs/guides/aws.md)"
        yield Severity.PROBLEM, text


def _trusts(statement: Mapping[str, Any], account: str) -> bool:
    """Whether a statement of a trust policy lets the service assume the role for this account's jobs."""
    principal = statement.get("Principal", {})
    services = _list(principal.get("Service")) if isinstance(principal, Mapping) else [principal]
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount")
    return (
        statement.get("Effect") == "Allow"
        and any(action in ("sts:AssumeRole", "sts:*", "*") for action in _list(statement.get("Action")))
        and any(service in (_SERVICE, "*") for service in services)
        and (wanted is None or not account or account in _list(wanted))
    )


def _service(session: Session) -> Iterator[_Verdict]:
    settings, clients = session.settings, session.clients
    with service_errors("asking Amazon Translate for its jobs"):
        clients.translate.list_text_translation_jobs(MaxResults=1)
    yield Severity.FACT, f"Amazon Translate answers in {settings.region}"
    if settings.mode == "batch" and settings.parallel_data != "none":
        with service_errors("asking Amazon Translate for its parallel data"):
            clients.translate.list_parallel_data(MaxResults=1)
        yield Severity.FACT, f"parallel data can be used in {settings.region}"


def _list(value: Any) -> list[Any]:
    """IAM writes one value or a list of them."""
    return [] if value is None else value if isinstance(value, list) else [value]
