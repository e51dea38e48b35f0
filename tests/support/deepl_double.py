"""A double of DeepL's API: text translation, usage, multilingual glossaries (v3) and translation memories, after its
OpenAPI description (github.com/DeepLcom/openapi, 3.4), the documentation on translation memories (developers.deepl.com)
and DeepL's own mock server (github.com/DeepLcom/deepl-mock)."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from tests.support.deepl_resources import SOURCES, TARGETS, RefusalError, Resources, fields_of
from tests.support.service_double import Call, Reply, machine

KEY = "0b6e7a2c-51f4-4c8e-9d3b-8f2a1c7e5d90"
FREE_KEY = f"{KEY}:fx"
_FORMAL = frozenset({"DE", "ES", "FR", "JA", "NL", "PT-BR", "PT-PT", "RU"})
_MAX_TEXTS, _MAX_BYTES = 50, 128 * 1024
_TYPES: dict[str, type | tuple[type, ...]] = {
    "context": str,
    "custom_instructions": list,
    "formality": str,
    "glossary_id": str,
    "model_type": str,
    "preserve_formatting": bool,
    "show_billed_characters": bool,
    "source_lang": str,
    "split_sentences": str,
    "style_id": str,
    "tag_handling": str,
    "tag_handling_version": str,
    "target_lang": str,
    "text": list,
    "translation_memory_id": str,
    "translation_memory_threshold": int,
}
_CHOICES = {
    "formality": {"default", "more", "less", "prefer_more", "prefer_less"},
    "model_type": {"quality_optimized", "prefer_quality_optimized", "latency_optimized"},
    "split_sentences": {"0", "1", "nonewlines"},
    "tag_handling": {"xml", "html"},
    "tag_handling_version": {"v1", "v2"},
}


class DeepL(Resources):
    """`billed` counts how often each text was billed; `quota` is the number of characters that are left."""

    def __init__(self, *, quota: int = 1_000_000, translate: Callable[[str], str] = machine, polls: int = 2) -> None:
        super().__init__(polls)
        self.billed: Counter[str] = Counter()
        self.styles: set[str] = {"9f3c"}
        self._used, self._limit = 0, quota
        self._translate = translate

    def answer(self, call: Call) -> Reply:
        try:
            if call.path.startswith("/storage/"):
                return self.storage(call)
            if call.headers.get("authorization") not in (f"DeepL-Auth-Key {KEY}", f"DeepL-Auth-Key {FREE_KEY}"):
                raise RefusalError(403, "Forbidden")
            if not call.headers.get("user-agent"):
                raise RefusalError(400, "User-Agent header missing.")
            if len(call.body) > (_MAX_BYTES if call.path == "/v2/translate" else 11 * 2**20):
                raise RefusalError(413, "Request Entity Too Large")
            return self._routed(call)
        except RefusalError as refusal:
            return refusal.reply

    def _routed(self, call: Call) -> Reply:
        parts = call.path.strip("/").split("/")
        match call.method, parts:
            case "POST", ["v2", "translate"]:
                return self._translated(fields_of(call))
            case "GET", ["v2", "usage"]:
                return Reply(content={"character_count": self._used, "character_limit": self._limit})
            case _, ["v3", "glossaries", *rest]:
                return self.glossary(call, rest)
            case _, ["v3", "translation_memories", *rest]:
                return self.memory(call, rest)
            case _:
                raise RefusalError(404, "Not found")

    def _translated(self, fields: dict[str, Any]) -> Reply:
        for name in ("text", "target_lang"):
            if name not in fields:
                raise RefusalError(400, f"Parameter '{name}' not specified.")
        for name, value in fields.items():
            if name not in _TYPES:
                raise RefusalError(400, f"Unknown parameter '{name}'.")
            if not isinstance(value, _TYPES[name]) or (name in _CHOICES and value not in _CHOICES[name]):
                raise RefusalError(400, f"Value for '{name}' not supported.")
        texts, target, source = fields["text"], fields["target_lang"].upper(), fields.get("source_lang", "").upper()
        if not texts or len(texts) > _MAX_TEXTS or not all(isinstance(text, str) for text in texts):
            raise RefusalError(400, "Value for 'text' not supported.")
        if target not in TARGETS:
            raise RefusalError(400, "Value for 'target_lang' not supported.")
        if source and source not in SOURCES:
            raise RefusalError(400, "Value for 'source_lang' not supported.")
        if fields.get("formality", "default") in ("more", "less") and target not in _FORMAL:
            raise RefusalError(400, "'formality' is not supported for given 'target_lang'.")
        if fields.get("style_id", "9f3c") not in self.styles:
            raise RefusalError(404, "Style rule not found")
        terms = self._terms(fields, source, target)
        memory = self._segments(fields)
        billed = [len(html.unescape(re.sub(r"<[^>]*>", "", text))) for text in texts]
        if self._used + sum(billed) > self._limit:
            raise RefusalError(456, "Quota for this billing period has been exceeded.")
        self._used += sum(billed)
        self.billed.update(texts)
        answers = [
            {
                "detected_source_language": source or "EN",
                "text": self._answered(text, terms, memory),
                "billed_characters": n,
            }
            for text, n in zip(texts, billed, strict=True)
        ]
        return Reply(content={"translations": answers})

    def _answered(self, text: str, terms: dict[str, str], memory: tuple[dict[str, str], int]) -> str:
        """As DeepL describes it: a segment that is similar enough is applied in the place of a new translation."""
        segments, threshold = memory
        for source, target in segments.items():
            if SequenceMatcher(None, source, text).ratio() * 100 >= threshold:
                return target
        answer = self._translate(text)
        for source, target in terms.items():
            answer = answer.replace(self._translate(source), target)
        return answer

    def _terms(self, fields: dict[str, Any], source: str, target: str) -> dict[str, str]:
        if "glossary_id" not in fields:
            return {}
        if not source:
            raise RefusalError(400, "Use of a glossary requires the source_lang parameter to be specified")
        pair = source.partition("-")[0], target.partition("-")[0]
        dictionaries = self.found(self.glossaries, fields["glossary_id"])["dictionaries"]
        if pair not in dictionaries:
            raise RefusalError(400, "No dictionary found for language pair")
        return dict(dictionaries[pair])

    def _segments(self, fields: dict[str, Any]) -> tuple[dict[str, str], int]:
        if "translation_memory_id" not in fields:
            return {}, 100
        memory = self.found(self.memories, fields["translation_memory_id"])
        return memory["segments"], fields.get("translation_memory_threshold", 75)
