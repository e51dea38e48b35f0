"""The service's JSON 1.1 protocol and its errors. botocore's service model validates every request and every answer."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import regex
from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator

Members = Mapping[str, Any]
"""A request or an answer by member, as boto3 shows it: blobs are bytes, timestamps are datetimes."""

_SIGNATURE_CODES = frozenset({"MissingAuthenticationTokenException", "InvalidSignatureException"})
_PROTOCOL_CODES = frozenset({"AccessDeniedException", "SerializationException", "UnknownOperationException"})
_UNMODELLED_CODES = _SIGNATURE_CODES | _PROTOCOL_CODES | {"ValidationException"}
"""Codes that the service answers with although its model lacks them."""


class EmulatorServiceError(Exception):
    """An error that the service answers with. `extras` are the members that the model adds to code and message."""

    def __init__(self, code: str, message: str, extras: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.extras = extras or {}

    @property
    def status(self) -> int:
        """403 for a bad signature; for an error of the service what its model says (404 for what is missing, 409, 429,
        500, 503); 400 for any other."""
        if self.code in _SIGNATURE_CODES:
            return 403
        if self.code in service_model().shape_names:
            return int(service_model().shape_for(self.code).metadata.get("error", {}).get("httpStatusCode", 400))
        return 400


invalid_request = partial(EmulatorServiceError, "InvalidRequestException")
invalid_parameter = partial(EmulatorServiceError, "InvalidParameterValueException")
limit_exceeded = partial(EmulatorServiceError, "LimitExceededException")
throttled = partial(EmulatorServiceError, "TooManyRequestsException", "Rate exceeded")


def not_found(kind: str, name: str) -> EmulatorServiceError:
    return EmulatorServiceError("ResourceNotFoundException", f"{kind} {name} not found.")


@cache
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("translate", "service-2"), "translate")


def operation_model(name: str) -> OperationModel:
    """Raises EmulatorServiceError for an operation that the service does not have."""
    if name not in service_model().operation_names:
        raise EmulatorServiceError("UnknownOperationException", f"there is no operation {name}")
    return service_model().operation_model(name)


def read_request(operation: str, body: bytes) -> Members:
    """The members of a request. Raises EmulatorServiceError for a request that breaks the model."""
    shape = operation_model(operation).input_shape
    try:
        data = json.loads(body or b"{}")
        if not isinstance(data, dict):
            raise ValueError("the body is no JSON object")
        members: Members = _decode(shape, data)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise EmulatorServiceError("SerializationException", str(error)) from None
    # TranslateText has its own error for a text that is too long.
    text = members.get("Text") if operation == "TranslateText" else None
    if isinstance(text, str) and len(text) > 10_000:
        return members
    if problems := list(violations(shape, members)):
        plural = "s" if len(problems) > 1 else ""
        message = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        raise EmulatorServiceError("ValidationException", message)
    return members


def write_answer(operation: str, members: Members) -> bytes:
    """The body of an answer. Raises ValueError for an answer that breaks the model, which is a bug of the emulator."""
    shape = operation_model(operation).output_shape
    if problems := list(violations(shape, members)):
        raise ValueError(f"the emulator's answer to {operation} breaks the service model: {'; '.join(problems)}")
    return json.dumps(members, ensure_ascii=False, default=_encode).encode()


def write_error(operation: str, error: EmulatorServiceError) -> bytes:
    """The body of an error. Raises ValueError for an error that this operation does not have."""
    has_model = operation in service_model().operation_names
    shapes = {shape.name: shape for shape in operation_model(operation).error_shapes} if has_model else {}
    if error.code not in shapes and error.code not in _UNMODELLED_CODES:
        raise ValueError(f"{operation} does not answer with {error.code}")
    key = "message" if error.code == "TooManyTagsException" else "Message"
    members = {key: error.message, **error.extras}
    if problems := list(violations(shapes.get(error.code), members)):
        raise ValueError(f"the emulator's {error.code} breaks the service model: {'; '.join(problems)}")
    return json.dumps({"__type": error.code, **members}, ensure_ascii=False).encode()


def violations(shape: Shape | None, value: Members) -> Iterator[str]:
    """How a value breaks the model.

    botocore's own validator finds wrong types, required and unknown members, and lower bounds. It ignores upper
    bounds, patterns and enumerations. This function checks them, with the wording of the service.
    """
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
        measure = "value" if isinstance(value, int | float) else "length"
        yield _failure(value, path, f"Member must have {measure} less than or equal to {most}")
    pattern = shape.metadata.get("pattern")
    if pattern and not regex.fullmatch(pattern, value):
        yield _failure(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    # StringShape keeps its values apart from its other constraints.
    values = getattr(shape, "enum", [])
    if values and value not in values:
        yield _failure(value, path, f"Member must satisfy enum value set: [{', '.join(values)}]")


def _failure(value: object, path: str, constraint: str) -> str:
    shown = f"{len(value)} bytes" if isinstance(value, bytes) else str(value)
    place = path[:1].lower() + path[1:]
    return f"Value '{shown[:100]}' at '{place}' failed to satisfy constraint: {constraint}"


def _decode(shape: Shape | None, value: Any) -> Any:
    """A JSON value as boto3 shows it. A value of the wrong type stays unchanged: the validator reports it."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {key: _decode(shape.members.get(key), item) for key, item in value.items() if item is not None}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_decode(shape.member, item) for item in value]
    if shape is not None and shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value, validate=True)
    if shape is not None and shape.type_name == "timestamp" and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return value


def _encode(value: object) -> object:
    match value:
        case datetime():
            return round(value.timestamp(), 3)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
