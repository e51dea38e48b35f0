"""The service's JSON 1.1 protocol, with every request and every answer held against botocore's service model."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import regex
from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator

from bot.emulator.errors import UNMODELLED, ServiceError

Members = Mapping[str, Any]
"""A request or an answer, by member, as boto3 shows it: blobs are bytes, timestamps are datetimes."""


@cache
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("translate", "service-2"), "translate")


@cache
def target_prefix() -> str:
    """What stands before the operation in `X-Amz-Target` (`AWSShineFrontendService_20170701`)."""
    return str(service_model().metadata["targetPrefix"])


def operation_model(name: str) -> OperationModel:
    """Raises ServiceError for an operation that the service does not have."""
    if name not in service_model().operation_names:
        raise ServiceError("UnknownOperationException", f"there is no operation {name}")
    return service_model().operation_model(name)


def read_request(operation: str, body: bytes) -> Members:
    """The members of a request. Raises ServiceError for one that the model refuses."""
    shape = operation_model(operation).input_shape
    try:
        data = json.loads(body or b"{}")
        if not isinstance(data, dict):
            raise ValueError("the body is no JSON object")
        members: Members = _decode(shape, data)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise ServiceError("SerializationException", str(error)) from None
    too_long = _text_too_long(operation, members)
    problems = [] if too_long else list(violations(shape, members))
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise ServiceError(
            "ValidationException", f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        )
    return members


def write_answer(operation: str, members: Members) -> bytes:
    """The body of an answer. Raises ValueError for one that breaks the model, which is a bug of the emulator."""
    shape = operation_model(operation).output_shape
    if shape is None:
        return b"{}"
    problems = list(violations(shape, members))
    if problems:
        raise ValueError(f"the emulator's answer to {operation} breaks the service model: {'; '.join(problems)}")
    return json.dumps(_encode(members), ensure_ascii=False).encode()


def write_error(operation: str, error: ServiceError) -> bytes:
    """The body of an error. Raises ValueError for one that this operation does not have."""
    has_model = operation in service_model().operation_names
    shapes = {shape.name: shape for shape in operation_model(operation).error_shapes} if has_model else {}
    if error.code not in shapes and error.code not in UNMODELLED:
        raise ValueError(f"{operation} does not answer with {error.code}")
    key = "message" if error.code == "TooManyTagsException" else "Message"
    members = {key: error.message, **error.extras}
    if error.code in shapes and (problems := list(violations(shapes[error.code], members))):
        raise ValueError(f"the emulator's {error.code} breaks the service model: {'; '.join(problems)}")
    return json.dumps({"__type": error.code, **members}, ensure_ascii=False).encode()


def violations(shape: Shape | None, value: Members) -> Iterator[str]:
    """What the model has against a value: types, required and unknown members and lower bounds by botocore's own
    validator; upper bounds, patterns and enumerations, which that one lets through, as the service words them."""
    if shape is None:
        return
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        yield " ".join(report.generate_report().split())
    else:
        yield from _constraints(shape, value, "")


def _constraints(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if name in value:
                yield from _constraints(member, value[name], f"{path}.{name}" if path else name)
        return
    most = shape.metadata.get("max")
    if isinstance(shape, ListShape):
        if most is not None and len(value) > most:
            yield _failure(value, path, f"Member must have length less than or equal to {most}")
        for number, item in enumerate(value, 1):
            yield from _constraints(shape.member, item, f"{path}.{number}.member")
        return
    size = value if isinstance(value, int | float) else len(value) if isinstance(value, str | bytes) else 0
    if most is not None and size > most:
        what = "value" if isinstance(value, int | float) else "length"
        yield _failure(value, path, f"Member must have {what} less than or equal to {most}")
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(value):
        yield _failure(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    # StringShape keeps its values apart from its other constraints.
    values = getattr(shape, "enum", [])
    if values and value not in values:
        yield _failure(value, path, f"Member must satisfy enum value set: [{', '.join(values)}]")


def _failure(value: object, path: str, constraint: str) -> str:
    shown = f"{len(value)} bytes" if isinstance(value, bytes) else str(value)
    place = path[:1].lower() + path[1:]
    return f"Value '{shown[:100]}' at '{place}' failed to satisfy constraint: {constraint}"


@cache
def _pattern(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def _text_too_long(operation: str, members: Members) -> bool:
    """The service has an error of its own for a text that is too long, which the operation raises."""
    text = members.get("Text")
    return operation == "TranslateText" and isinstance(text, str) and len(text) > 10_000


def _decode(shape: Shape | None, value: Any) -> Any:
    """JSON to what boto3 shows. What has the wrong type is left as it is, for the validator to find."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {key: _decode(shape.members.get(key), item) for key, item in value.items() if item is not None}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_decode(shape.member, item) for item in value]
    if shape is not None and shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value, validate=True)
    if shape is not None and shape.type_name == "timestamp" and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return value


def _encode(value: Any) -> Any:
    match value:
        case datetime():
            return round(value.timestamp(), 3)
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {key: _encode(item) for key, item in value.items()}
        case list() | tuple():
            return [_encode(item) for item in value]
        case _:
            return value
