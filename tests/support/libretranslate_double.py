"""A double of LibreTranslate (1.6), after its source `libretranslate/app.py` and the description at `/spec`.

Like the real one it answers HTML with its entities written as letters ("&lt;" comes back as "<"), and folds white
space."""

from __future__ import annotations

import html
from collections.abc import Callable
from urllib.parse import parse_qs

from tests.support.service_double import Call, Reply, ServiceDouble, machine

LANGUAGES = {"en": ["es", "zh-Hans"], "es": ["en"], "zh-Hans": ["en"]}


class LibreTranslate(ServiceDouble):
    """`keys` are the API keys that it knows (None: it asks for none)."""

    def __init__(
        self,
        *,
        keys: tuple[str, ...] | None = None,
        char_limit: int = 2000,
        batch_limit: int = -1,
        translate: Callable[[str], str] = machine,
    ) -> None:
        super().__init__()
        self._keys = keys
        self._limits = char_limit, batch_limit
        self._translate = translate

    def answer(self, call: Call) -> Reply:
        if call.path == "/languages" and call.method == "GET":
            return Reply(content=[{"code": c, "name": c.upper(), "targets": to} for c, to in LANGUAGES.items()])
        if call.path != "/translate":
            return Reply(404, b"<!doctype html><title>404 Not Found</title>", {"Content-Type": "text/html"})
        if call.method != "POST":
            return Reply(405, b"<!doctype html><title>405</title>", {"Content-Type": "text/html"})
        fields = self._fields(call)
        if not isinstance(fields, dict):
            return _refused("Invalid JSON format")
        if self._keys is not None:
            if fields.get("api_key") and fields["api_key"] not in self._keys:
                return _refused("Invalid API key", 403)
            if not fields.get("api_key"):
                return _refused("Please contact the server operator to get an API key")
        return self._translated(fields)

    def _fields(self, call: Call) -> object:
        if "json" in call.headers.get("content-type", ""):
            return call.json()
        return {name: values[-1] for name, values in parse_qs(call.body.decode()).items()}

    def _translated(self, fields: dict[str, object]) -> Reply:
        for name in ("q", "source", "target"):
            if not fields.get(name):
                return _refused(f"Invalid request: missing {name} parameter")
        texts = fields["q"] if isinstance(fields["q"], list) else [fields["q"]]
        char_limit, batch_limit = self._limits
        sizes = [(len(texts), batch_limit), *((len(str(text)), char_limit) for text in texts)]
        for size, limit in sizes:
            if limit != -1 and size > limit:
                return _refused(f"Invalid request: request ({size}) exceeds text limit ({limit})")
        source, target = str(fields["source"]), str(fields["target"])
        for code in (source, target):
            if code not in LANGUAGES:
                return _refused(f"{code} is not supported")
        if target not in LANGUAGES[source]:
            return _refused(f"{target} is not available as a target language from {source}")
        if fields.get("format", "text") not in ("text", "html"):
            return _refused(f"{fields['format']} format is not supported")
        answers = [html.unescape(self._translate(" ".join(str(text).split()))) for text in texts]
        return Reply(content={"translatedText": answers if isinstance(fields["q"], list) else answers[0]})


def _refused(error: str, status: int = 400) -> Reply:
    return Reply(status, {"error": error})
