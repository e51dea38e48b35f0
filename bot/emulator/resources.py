"""Resources of one kind by region and name, their pages, and their tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.emulator.backend import Backend, Call
from bot.emulator.protocol import EmulatorServiceError, Members, invalid_parameter, invalid_request, not_found

Item = TypeVar("Item")


class Catalog(dict[tuple[str, str], Item]):
    """The resources of one kind by region and name."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def find(self, region: str, name: str) -> Item:
        """Raises EmulatorServiceError if there is no such resource."""
        if (region, name) not in self:
            raise not_found(self._kind, name)
        return self[region, name]

    def in_region(self, region: str) -> list[Item]:
        """In the order of their names."""
        return [item for (home, _), item in sorted(self.items(), key=lambda entry: entry[0]) if home == region]


class Tagging:
    """The tags of all resources by ARN. A resource enters with `put`, possibly without any tag."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._tags: dict[str, dict[str, str]] = {}

    def check(self, arn: str, tags: Sequence[Mapping[str, str]]) -> None:
        """Raises EmulatorServiceError if the resource would have too many tags."""
        keys = self._tags.get(arn, {}).keys() | {tag["Key"] for tag in tags}
        most = self._backend.settings.quotas.tags
        if len(keys) > most:
            message = f"A resource can have at most {most} tags."
            raise EmulatorServiceError("TooManyTagsException", message, {"ResourceArn": arn})

    def put(self, arn: str, tags: Sequence[Mapping[str, str]]) -> None:
        self._tags.setdefault(arn, {}).update((tag["Key"], tag["Value"]) for tag in tags)

    def drop(self, arn: str) -> None:
        self._tags.pop(arn, None)

    def tag_resource(self, call: Call) -> Members:
        self._of(call)
        arn, tags = call.members["ResourceArn"], call.members["Tags"]
        self.check(arn, tags)
        self.put(arn, tags)
        return {}

    def untag_resource(self, call: Call) -> Members:
        tags = self._of(call)
        for key in call.members["TagKeys"]:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, call: Call) -> Members:
        return {"Tags": [{"Key": key, "Value": value} for key, value in self._of(call).items()]}

    def _of(self, call: Call) -> dict[str, str]:
        """Raises EmulatorServiceError if there is no such resource."""
        arn = call.members["ResourceArn"]
        if arn not in self._tags:
            raise not_found("Resource", arn)
        return self._tags[arn]


def page(call: Call, items: Sequence[Item], default: int = 100) -> tuple[list[Item], Mapping[str, str]]:
    """The items of one page, and the token of the next page. Raises EmulatorServiceError for an unknown token."""
    token = call.members.get("NextToken", "page-0")
    number = token.removeprefix("page-")
    if number == token or not number.isdecimal():
        refused = invalid_request if call.operation == "ListTextTranslationJobs" else invalid_parameter
        raise refused("Invalid NextToken.")
    start = int(number)
    end = start + call.members.get("MaxResults", default)
    return list(items[start:end]), {"NextToken": f"page-{end}"} if end < len(items) else {}


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def given(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def picked(members: Members, *names: str) -> dict[str, Any]:
    """The named members that are there."""
    return {name: members[name] for name in names if name in members}
