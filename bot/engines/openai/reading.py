"""Reads the one JSON object of an answer; anything that is not exactly that is a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.engines.openai.service import Completion

_MAX_TRIES = 100
_MAX_CHARACTERS = 2_000_000
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


class _DoubledError(ValueError):
    """A JSON object with the same member twice."""


@dataclass(frozen=True, slots=True)
class Read:
    """The texts by id; or why there are none, as it is told to the model and to people, and the words that came."""

    texts: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    said: str = ""


def read_answer(completion: Completion, ids: Sequence[str]) -> Read:
    """The translations of the sentences with these ids."""
    said = completion.text[:_MAX_CHARACTERS]
    if completion.refusal or completion.finish == "content_filter":
        return Read(problem="the model refused to answer", said=completion.refusal or said)
    if completion.finish == "length":
        return Read(problem="the answer was cut off", said=said)
    if not said.strip():
        return Read(problem="the answer is empty")
    try:
        found = _objects(_THOUGHTS.sub("", said))
    except _DoubledError as error:
        return Read(problem=f"the answer has the id {error} twice", said=said)
    except RecursionError:
        found = []
    if len(found) != 1:
        return Read(problem="the answer is not one JSON object", said=said)
    (answer,) = found
    if missing := [key for key in ids if key not in answer]:
        return Read(problem=f"the answer lacks the id {', '.join(missing)}", said=said)
    if set(answer) - set(ids):
        return Read(problem="the answer has ids that were not asked for", said=said)
    if not all(isinstance(value, str) for value in answer.values()):
        return Read(problem="a translation in the answer is not a text", said=said)
    return Read({key: answer[key] for key in ids})


def _objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects in a text, alone, in a fence, or among other words; none if there are too many braces."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    found: list[dict[str, Any]] = []
    at = tries = 0
    while (at := text.find("{", at)) >= 0:
        tries += 1
        if tries > _MAX_TRIES:
            return []
        try:
            value, at = decoder.raw_decode(text, at)
        except _DoubledError:
            raise
        except ValueError:
            at += 1
        else:
            found.append(value)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DoubledError(next(key for key in keys if keys.count(key) > 1)[:40])
    return made
