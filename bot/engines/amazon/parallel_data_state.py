"""Amazon Translate's answers about parallel data: the state, and the files that it links to."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING

from bot.engines.teaching import ParallelDataState
from bot.errors import EngineError

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import ParallelDataPropertiesTypeDef

_DESCRIPTION = re.compile(r"AMTS; (\w+) pairs: (\d+); sha256 ([0-9a-f]{64})")
_SECONDS = 60.0


def describe(level: str, pairs: int, digest: str) -> str:
    """The description by which AMTS recognizes its content; at most 256 characters, the service's limit."""
    return f"AMTS; {level} pairs: {pairs}; sha256 {digest}"


def read_state(properties: ParallelDataPropertiesTypeDef) -> ParallelDataState:
    match = _DESCRIPTION.search(properties.get("Description") or "")
    level, pairs, digest = match.groups() if match else ("", "0", "")
    return ParallelDataState(
        name=properties.get("Name", ""),
        status=properties.get("Status", ""),
        update=properties.get("LatestUpdateAttemptStatus") or "",
        hash=digest,
        level=level,
        pairs=int(pairs),
        message=properties.get("Message") or "",
        imported=properties.get("ImportedRecordCount") or 0,
        skipped=properties.get("SkippedRecordCount") or 0,
        failed=properties.get("FailedRecordCount") or 0,
        characters=properties.get("ImportedDataSize") or 0,
        source=properties.get("SourceLanguageCode") or "",
        targets=tuple(properties.get("TargetLanguageCodes") or ()),
        file=(properties.get("ParallelDataConfig") or {}).get("S3Uri") or "",
        created=properties.get("CreatedAt"),
        updated=properties.get("LastUpdatedAt"),
        attempted=properties.get("LatestUpdateAttemptAt"),
    )


def fetch(url: str, what: str) -> bytes:
    """The file at a presigned URL. Such a URL opens the file to everybody who reads it, so no message shows it."""
    if not url.startswith(("https://", "http://")):
        raise EngineError(f"{what}: the service gave no web address for it")
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            data: bytes = answer.read()
            return data
    except urllib.error.HTTPError as error:
        error.close()
        raise EngineError(f"{what}: S3 answered {error.code} to the address the service gave; run again") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None)
        said = type(reason if isinstance(reason, BaseException) else error).__name__
        raise EngineError(f"{what}: can't be fetched ({said}); check the network, then run again") from None
