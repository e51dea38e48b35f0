"""Validates messages against GitHub's OpenAPI description, stricter than a description is usually read: a parameter or
a field of the body that it does not name is an error, too, so that nobody relies on what GitHub does not have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = Any

DESCRIPTION = Path(__file__).parent / ".description" / "api.github.com.json"

# What OpenAPI 3.0 adds to JSON Schema and a validator must not see.
_ANNOTATIONS = {"discriminator", "example", "examples", "externalDocs", "xml", "deprecated", "nullable", "description"}


class Description:
    """GitHub's description; schemas are compiled when first used."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: dict[str, Json] = {}
        self._validators: dict[tuple[str, ...], jsonschema_rs.Validator] = {}
        self._fields: dict[int, dict[str, list[Json]] | None] = {}

    @property
    def version(self) -> str:
        return str(self._document["info"]["version"])

    def has(self, method: str, template: str) -> bool:
        return method.lower() in self._document["paths"].get(template, {})

    def request_faults(
        self, method: str, template: str, path: Mapping[str, str], query: Mapping[str, str], body: Json
    ) -> list[str]:
        """What is wrong with a request; `body` None for none."""
        operation = self._document["paths"][template][method.lower()]
        parameters = [self._resolved(parameter) for parameter in operation.get("parameters", [])]
        faults = []
        for place, values in (("path", path), ("query", query)):
            known = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == place}
            faults += [f"{place}: no parameter {name!r}" for name in values.keys() - known.keys()]
            for name, parameter in known.items():
                if name in values:
                    key = (method, template, place, name)
                    schema = self._converted(parameter["schema"])
                    value = _typed(values[name], schema)
                    faults += [f"{place} {name}: {fault}" for fault in self._faults(key, schema, value)]
                elif parameter.get("required"):
                    faults.append(f"{place}: {name} is missing")
        return faults + [f"body{fault}" for fault in self._body_faults(method, template, operation, body)]

    def response_faults(self, method: str, template: str, status: int, body: Json) -> list[str]:
        """What is wrong with a response; each fault begins with a JSON pointer and a colon."""
        responses = self._document["paths"][template][method.lower()]["responses"]
        if str(status) not in responses:
            return [f": status {status} is not described"]
        schema = _content(self._resolved(responses[str(status)]))
        if schema is None:
            return [] if body is None else [": no body is described"]
        if body is None:
            return [": the described body is missing"]
        return self._strict_faults((method, template, str(status)), schema, body)

    def webhook_faults(self, event: str, action: str | None, payload: Json) -> list[str]:
        """What is wrong with the payload of a webhook."""
        name = event.replace("_", "-") + (f"-{action.replace('_', '-')}" if action else "")
        if name not in self._document["x-webhooks"]:
            return [f": no event {name} is described"]
        schema = _content(self._document["x-webhooks"][name]["post"]["requestBody"])
        return self._strict_faults(("webhook", name), schema, payload)

    def _body_faults(self, method: str, template: str, operation: Json, body: Json) -> list[str]:
        described = self._resolved(operation.get("requestBody", {}))
        schema = _content(described)
        if schema is None:
            return [] if body in (None, {}) else [": none is described"]
        if body is None:
            return [": missing"] if described.get("required") else []
        return self._strict_faults((method, template, "body"), schema, body)

    def _strict_faults(self, key: tuple[str, ...], schema: Json, body: Json) -> list[str]:
        return self._faults(key, self._converted(schema), body) + [
            f"{pointer}: not described" for pointer in self._undescribed(schema, body)
        ]

    def _undescribed(self, schema: Json, body: Json) -> list[str]:
        """Pointers to the fields of a body that its schema does not name, though it names others."""
        if isinstance(body, list):
            items = self._resolved(schema).get("items")
            inside = [self._undescribed(items, each) for each in body] if items is not None else []
            return [f"/{number}{pointer}" for number, found in enumerate(inside) for pointer in found]
        known = self._properties(schema) if isinstance(body, dict) else None
        if known is None:
            return []
        pointers = []
        for name, value in body.items():
            if name not in known:
                pointers.append(f"/{name}")
            elif isinstance(value, dict | list):
                # Of alternatives the one that fits best; whether it fits otherwise is the validator's business.
                best = min((self._undescribed(each, value) for each in known[name]), key=len)
                pointers += [f"/{name}{pointer}" for pointer in best]
        return pointers

    def _properties(self, schema: Json) -> dict[str, list[Json]] | None:
        """The fields that an object may have and the schemas that each may follow, None for any."""
        schema = self._resolved(schema)
        if id(schema) not in self._fields:
            self._fields[id(schema)] = self._collected(schema)
        return self._fields[id(schema)]

    def _collected(self, schema: Json) -> dict[str, list[Json]] | None:
        if schema.get("additionalProperties") not in (None, False):
            return None
        found = {name: [inner] for name, inner in schema.get("properties", {}).items()}
        for part in [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, [])]:
            for name, inner in (self._properties(part) or {}).items():
                found[name] = found.get(name, []) + inner
        return found if found or schema.get("additionalProperties") is False else None

    def _faults(self, key: tuple[str, ...], schema: Json, value: Json) -> list[str]:
        if key not in self._validators:
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                schema | {"$defs": dict(self._needed(schema))}, validate_formats=True
            )
        return [
            "".join(f"/{part}" for part in error.instance_path) + f": {error.message[:300]}"
            for error in self._validators[key].iter_errors(value)
        ]

    def _needed(self, schema: Json) -> Iterator[tuple[str, Json]]:
        """The named schemas that a schema refers to, directly or not."""
        seen: set[str] = set()
        waiting = [schema]
        while waiting:
            for name in _references(waiting.pop()) - seen:
                seen.add(name)
                if name not in self._schemas:
                    self._schemas[name] = self._converted(self._document["components"]["schemas"][name])
                waiting.append(self._schemas[name])
                yield name, self._schemas[name]

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def _converted(self, schema: Json) -> Json:
        """OpenAPI 3.0's dialect as JSON Schema 2020-12."""
        if isinstance(schema, list):
            return [self._converted(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": "#/$defs/" + schema["$ref"].rsplit("/", 1)[1]}
        converted = {}
        for word, value in schema.items():
            if word in ("properties", "patternProperties"):
                converted[word] = {name: self._converted(inner) for name, inner in value.items()}
            elif word in ("enum", "const", "required", "default"):
                converted[word] = value
            elif word not in _ANNOTATIONS and not word.startswith("x-"):
                converted[word] = self._converted(value)
        return {"anyOf": [converted, {"type": "null"}]} if schema.get("nullable") else converted


def _content(message: Json) -> Json:
    """The schema of a JSON body, None where there is no body."""
    content = message.get("content", {})
    return content.get("application/json", {}).get("schema")


def _references(schema: Json) -> set[str]:
    if isinstance(schema, list):
        return {name for item in schema for name in _references(item)}
    if not isinstance(schema, dict):
        return set()
    if isinstance(reference := schema.get("$ref"), str):
        return {reference.rsplit("/", 1)[1]}
    return {name for value in schema.values() for name in _references(value)}


def _typed(value: str, schema: Json) -> Json:
    """A parameter's text as the type its schema asks for, itself where it is not of that type."""
    kind = schema.get("type")
    if kind == "integer" and value.lstrip("-").isdecimal():
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


@cache
def description() -> Description:
    """The installed description; raises FileNotFoundError with what to do where it is not."""
    if not DESCRIPTION.is_file():
        raise FileNotFoundError("GitHub's API description is not installed; run tests/github_double/install")
    return Description(json.loads(DESCRIPTION.read_bytes()))
