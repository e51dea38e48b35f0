"""The errors that the service answers with."""

from __future__ import annotations

from collections.abc import Mapping

# Not in the service model, but known to occur.
UNMODELLED = frozenset(
    {
        "ValidationException",
        "AccessDeniedException",
        "MissingAuthenticationTokenException",
        "InvalidSignatureException",
        "SerializationException",
        "UnknownOperationException",
    }
)
_SERVER_SIDE = frozenset({"InternalServerException", "ServiceUnavailableException"})
_FORBIDDEN = frozenset({"MissingAuthenticationTokenException", "InvalidSignatureException"})


class ServiceError(Exception):
    """An answer that is an error: its code, its message and the members that the model adds (`extras`)."""

    def __init__(self, code: str, message: str, extras: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.extras = extras or {}

    @property
    def status(self) -> int:
        """400 for what the client did wrong, whatever newer models say of other statuses (developer guide, "Error
        handling": this is how the JSON protocol answers), 403 for a missing signature, 500 for the service's faults."""
        if self.code in _SERVER_SIDE:
            return 500
        return 403 if self.code in _FORBIDDEN else 400


def throttled() -> ServiceError:
    return ServiceError("TooManyRequestsException", "Rate exceeded")


def invalid(message: str) -> ServiceError:
    return ServiceError("InvalidRequestException", message)


def not_found(what: str, name: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", f"{what} {name} not found.")
