"""What OpenAI's published description of `chat.completions` refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# The members of CreateChatCompletionRequest.
_FIELDS = {
    "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
    "max_tokens", "messages", "metadata", "modalities", "model", "n", "parallel_tool_calls", "prediction",
    "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "response_format",
    "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature",
    "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
}  # fmt: skip
_ROLES = frozenset({"developer", "system", "user", "assistant", "tool", "function"})
_EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh"})


class Refusal(Exception):  # noqa: N818 - an answer of the service
    """The service refuses a request."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param


def check_request(body: Any, model: str) -> None:
    """Raises Refusal."""
    if not isinstance(body, dict):
        raise Refusal("Invalid body: expected an object.")
    for name in body.keys() - _FIELDS:
        raise Refusal(f"Unrecognized request argument supplied: {name}", param=name)
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise Refusal("you must provide a model parameter")
    if body["model"] != model:
        message = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise Refusal(message, status=404, code="model_not_found")
    _check_messages(body.get("messages"))
    if {"max_tokens", "max_completion_tokens"} <= body.keys():
        raise Refusal("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    for name in ("max_tokens", "max_completion_tokens"):
        if name in body and not (isinstance(body[name], int) and body[name] >= 1):
            raise Refusal(f"Invalid '{name}': integer below minimum value.", param=name)
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        raise Refusal("Invalid 'temperature': expected a value between 0 and 2.", param="temperature")
    if body.get("reasoning_effort", "low") not in _EFFORTS:
        raise Refusal("Invalid value for 'reasoning_effort'.", param="reasoning_effort")
    if body.get("response_format") is not None:
        _check_format(body["response_format"], body["messages"])


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise Refusal("Missing required parameter: 'messages'.", param="messages")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            raise Refusal(f"Invalid value for 'messages[{number}].role'.", param=f"messages[{number}].role")
        if message.keys() - {"role", "content", "name", "refusal"}:
            raise Refusal(f"Unknown parameter in 'messages[{number}]'.", param=f"messages[{number}]")
        if not isinstance(message.get("content"), str):
            raise Refusal(f"Invalid type for 'messages[{number}].content'.", param=f"messages[{number}].content")


def _check_format(given: Any, messages: list[dict[str, Any]]) -> None:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "json_object":
        if not any("json" in str(message["content"]).lower() for message in messages):
            raise Refusal("'messages' must contain the word 'json' in some form, to use 'response_format'.")
    elif kind == "json_schema":
        described = given.get("json_schema")
        if not isinstance(described, dict) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(described.get("name", ""))):
            raise Refusal("Invalid 'response_format.json_schema.name'.", param="response_format.json_schema.name")
        if described.keys() - {"name", "description", "schema", "strict"}:
            raise Refusal("Unknown parameter in 'response_format.json_schema'.")
        if described.get("strict"):
            _check_strict(described.get("schema"))
    elif kind != "text":
        raise Refusal("Invalid value for 'response_format.type'.", param="response_format.type")


def _check_strict(schema: Any) -> None:
    """The subset of JSON Schema that structured outputs take."""
    where = "Invalid schema for response_format 'translations'"
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        raise Refusal(f"{where}: schema must be a JSON Schema of type object.", param="response_format")
    if schema.get("additionalProperties") is not False:
        raise Refusal(f"{where}: 'additionalProperties' is required to be supplied and to be false.")
    if set(schema.get("required", ())) != set(schema.get("properties", {})):
        raise Refusal(f"{where}: 'required' is required to be an array including every key in properties.")
