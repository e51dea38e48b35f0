"""What the double refuses, as GitHub words it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ApiError(Exception):
    """A refusal: the status, GitHub's message, and for a 422 its `errors`."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Mapping[str, Any] | str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "documentation_url": "https://docs.github.com/rest"}
        return body | ({"errors": self.errors} if self.errors else {}) | {"status": str(self.status)}


def not_found() -> ApiError:
    """Also what a repository answers to who may not see it."""
    return ApiError(404, "Not Found")


def invalid(resource: str, message: str, field: str = "") -> ApiError:
    """A 422 whose reason is a sentence (`custom`)."""
    error = {"resource": resource, "code": "custom", "message": message}
    return ApiError(422, "Validation Failed", [error | ({"field": field} if field else {})])


def invalid_field(resource: str, field: str, code: str = "invalid") -> ApiError:
    """A 422 that names a field only: `invalid`, `missing_field`, `already_exists`."""
    return ApiError(422, "Validation Failed", [{"resource": resource, "field": field, "code": code}])
