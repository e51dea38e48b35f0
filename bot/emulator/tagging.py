"""Tags of resources, by ARN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.emulator.backend import Backend, Call
from bot.emulator.errors import ServiceError, not_found

Tag = Mapping[str, str]


class Tagging:
    """The tags of whatever can have some: a resource enters with `put`, possibly without any."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._tags: dict[str, dict[str, str]] = {}

    def check(self, arn: str, tags: Sequence[Tag]) -> None:
        """Raises ServiceError where the resource would have too many tags."""
        keys = self._tags.get(arn, {}).keys() | {tag["Key"] for tag in tags}
        most = self._backend.settings.quotas.tags
        if len(keys) > most:
            message = f"A resource can have at most {most} tags."
            raise ServiceError("TooManyTagsException", message, {"ResourceArn": arn})

    def put(self, arn: str, tags: Sequence[Tag]) -> None:
        self._tags.setdefault(arn, {}).update((tag["Key"], tag["Value"]) for tag in tags)

    def drop(self, arn: str) -> None:
        self._tags.pop(arn, None)

    def clear(self) -> None:
        self._tags.clear()

    def tag_resource(self, call: Call) -> Mapping[str, Any]:
        arn = self._known(call)
        self.check(arn, call.members["Tags"])
        self.put(arn, call.members["Tags"])
        return {}

    def untag_resource(self, call: Call) -> Mapping[str, Any]:
        tags = self._tags[self._known(call)]
        for key in call.members["TagKeys"]:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, call: Call) -> Mapping[str, Any]:
        tags = self._tags[self._known(call)]
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _known(self, call: Call) -> str:
        arn = str(call.members["ResourceArn"])
        if arn not in self._tags:
            raise not_found("Resource", arn)
        return arn
