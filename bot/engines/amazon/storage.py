"""The language's files in the S3 bucket: small ones by name, encrypted and tagged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from pydantic import TypeAdapter

from bot.config.records import read_json
from bot.engines.amazon.clients import ServiceError, Session, bounded_pages, if_present, part, service_errors
from bot.errors import EngineError

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

Value = TypeVar("Value")
_MAX_DELETED_KEYS = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """A file: its name, bytes, and when it was written."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class BucketStorage:
    """Names begin with the kind of a file, `jobs/x/in/a.html`. A URI is `s3://bucket/key`. Everything is written
    encrypted and with the settings' tags. Every method raises ServiceError if S3 refuses."""

    session: Session

    def key(self, name: str) -> str:
        """The S3 key of a file. Files of one kind stand together: lifecycle rules and rights can name them; below that,
        the resource keeps languages apart, and books that share a bucket."""
        kind, _, rest = name.partition("/")
        return f"{self.session.settings.prefix}/{kind}/{self.session.resource}/{rest}"

    def uri(self, name: str) -> str:
        return f"s3://{self.session.settings.bucket}/{self.key(name)}"

    def put(self, name: str, content: str | bytes, media_type: str = "application/json") -> None:
        """Writes a file; it replaces one of that name."""
        settings = self.session.settings
        attributes: dict[str, Any] = {"ServerSideEncryption": "AES256"}
        if settings.encryption_key:
            attributes = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": settings.encryption_key}
        if settings.tags:
            attributes["Tagging"] = urlencode(settings.tags)
        with service_errors(f"writing {self.uri(name)}"):
            answer = self.session.clients.s3.put_object(
                Bucket=settings.bucket,
                Key=self.key(name),
                Body=content.encode() if isinstance(content, str) else content,
                ContentType=media_type,
                **attributes,
            )
            part(answer, "ETag")  # without it, the answer is not S3's

    def put_json(self, name: str, value: object) -> None:
        self.put(name, json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1))

    def get(self, name: str) -> bytes | None:
        """The file's bytes; None if there is no such file."""
        return self.get_uri(self.uri(name))

    def get_uri(self, uri: str) -> bytes | None:
        """The bytes at a URI that the service named; None if there is no such file."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")

        def get() -> bytes:
            answer = self.session.clients.s3.get_object(Bucket=bucket, Key=key)
            content: bytes = part(answer, "Body").read()
            part(answer, "ETag")  # without it, the answer is not S3's
            return content

        return if_present(f"reading {uri}", get)

    def get_json(self, name: str, form: TypeAdapter[Value]) -> Value | None:
        """The value that `put_json` wrote, in its `form`; None if there is no such file. Raises EngineError for a
        damaged one."""
        content = self.get(name)
        if content is None:
            return None
        try:
            return form.validate_python(read_json(content))
        except ValueError:
            raise EngineError(f"{self.uri(name)} is damaged; delete it and run again") from None

    def list(self, start: str) -> Iterator[Stored]:
        """The files whose names begin with `start`, a kind and a slash at least (`jobs/`), sorted by name."""
        kind, _, _ = start.partition("/")
        folder = self.key(f"{kind}/")
        doing = f"listing {self.uri(start)}"
        with service_errors(doing):
            pages = self.session.clients.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.session.settings.bucket, Prefix=self.key(start)
            )
            files = [
                Stored(
                    f"{kind}/{part(entry, 'Key').removeprefix(folder)}",
                    part(entry, "Size"),
                    part(entry, "LastModified"),
                )
                for page, _ in zip(pages, bounded_pages(self.session.clients, doing), strict=False)
                # Every list of S3's says whether it goes on: a web page is no empty list.
                for entry in (page.get("Contents", []) if part(page, "IsTruncated") in (True, False) else ())
            ]
        yield from files

    def delete(self, names: Iterable[str]) -> None:
        """Deletes files; a missing one is no error."""
        keys: list[ObjectIdentifierTypeDef] = [{"Key": self.key(name)} for name in names]
        for start in range(0, len(keys), _MAX_DELETED_KEYS):
            chunk = keys[start : start + _MAX_DELETED_KEYS]
            with service_errors(f"deleting files in s3://{self.session.settings.bucket}"):
                answer = self.session.clients.s3.delete_objects(
                    Bucket=self.session.settings.bucket, Delete={"Objects": chunk, "Quiet": True}
                )
            for refused in answer.get("Errors", []):
                code, key = refused.get("Code", ""), refused.get("Key", "")
                raise ServiceError(
                    f"deleting s3://{self.session.settings.bucket}/{key}: AWS answered {code}; "
                    "give the caller s3:DeleteObject there (docs/reference/aws.md)",
                    code,
                )
