"""Requests as HTML sentences for a service, each text once, and the service's answers as translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engines.html.markup import Decoded, Encoded, decode, encode
from bot.engines.language import language_fault
from bot.glossary import Term, unfollowed_warnings
from bot.memory.pairs import Detector
from bot.model import Direction, Language, Request, Translation

Key = tuple[str, tuple[str, ...]]
"""A text and its placeables: requests with the same key are the same."""


def key_of(request: Request) -> Key:
    return request.text, request.placeables


def encode_all(requests: Sequence[Request], language: Language) -> Mapping[Key, Encoded]:
    """Each distinct request, in the order of their first appearance."""
    distinct = {key_of(request): request for request in reversed(requests)}
    return {
        key_of(request): encode(request.text, language, request.placeables) for request in reversed(distinct.values())
    }


def read_answer(encoded: Encoded, answer: str, direction: Direction, detect: Detector) -> Decoded:
    """The Markdown of an answer, or what is wrong with it: its markup, or its language."""
    decoded = decode(encoded, answer, direction.target)
    if decoded.problem:
        return decoded
    fault = language_fault(encoded.text, decoded.text, direction, detect)
    return Decoded("", fault, rejected=decoded.text) if fault else decoded


def as_translation(request: Request, result: Decoded, terms: Sequence[Term], direction: Direction) -> Translation:
    """The answer to a request; what a person should look at stands beside it."""
    if result.problem:
        return Translation(request.text, left=result.problem, rejected=result.rejected)
    reordered = f"formulas, code or links stand in another order than in the {direction.source.name}"
    warnings = [reordered] if result.reordered else []
    doubts = unfollowed_warnings(terms, request.text, result.text, direction)
    return Translation(result.text, warnings=(*warnings, *doubts))
