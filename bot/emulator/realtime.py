"""TranslateText, TranslateDocument and ListLanguages: answered at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from bot.emulator.backend import Backend, Call
from bot.emulator.job_work import HTML, TEXT, read_utf8, translate_text
from bot.emulator.languages import LANGUAGES, check_pair
from bot.emulator.machine import Resources, applied_terms
from bot.emulator.pieces import Translate
from bot.emulator.protocol import EmulatorServiceError, Members, invalid_request
from bot.emulator.resources import page
from bot.emulator.terminology import TerminologyStore

_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Target languages: developer guide, "Setting formality" (November 2026) and "Masking profane words".
_FORMALITY_LANGUAGES = frozenset({"nl", "fr", "fr-CA", "de", "hi", "it", "ja", "ko", "pt-PT", "es", "es-MX"})
_UNMASKED_LANGUAGES = frozenset({"bn", "hi", "ml", "pa", "si", "vi"})
_BREVITY_LANGUAGES = frozenset({"fr", "de", "it", "pt", "es"})


class Realtime:
    """The operations without state. `billed` is characters by pair of languages."""

    def __init__(self, backend: Backend, terminologies: TerminologyStore) -> None:
        self._backend = backend
        self._terminologies = terminologies
        self.billed: dict[str, int] = {}
        self._count = count(1)

    def translate_text(self, call: Call) -> Members:
        text, most = call.members["Text"], self._backend.settings.quotas.text_bytes
        if (size := len(text.encode())) > most:
            raise EmulatorServiceError(
                "TextSizeLimitExceededException",
                f"Input text size exceeds limit. Max length of request text allowed is {most} bytes while in this"
                f" request the text size is {size} bytes",
            )
        translated, members = self._translate(call, text, is_html=bool(_MARKUP.search(text)))
        return {"TranslatedText": translated, **members}

    def translate_document(self, call: Call) -> Members:
        document = call.members["Document"]
        if document["ContentType"] not in (HTML, TEXT):
            raise invalid_request(
                f"emulator: no documents of the type {document['ContentType']}, only {HTML} and {TEXT}"
            )
        if "en" not in (call.members["SourceLanguageCode"], call.members["TargetLanguageCode"]):
            raise invalid_request("One of the two languages of a document must be en.")
        text = read_utf8(document["Content"])
        translated, members = self._translate(call, text, is_html=document["ContentType"] == HTML, fragment=False)
        return {"TranslatedDocument": {"Content": translated.encode()}, **members}

    def list_languages(self, call: Call) -> Members:
        shown = call.members.get("DisplayLanguageCode", "en")
        if shown != "en":
            message = f"emulator: the names of languages are in English only, not in {shown}"
            raise EmulatorServiceError(
                "UnsupportedDisplayLanguageCodeException", message, {"DisplayLanguageCode": shown}
            )
        names = [{"LanguageCode": code, "LanguageName": name} for code, name in LANGUAGES.items()]
        languages, token = page(call, names, default=500)
        return {"Languages": languages, "DisplayLanguageCode": "en", **token}

    def _translate(self, call: Call, text: str, *, is_html: bool, fragment: bool = True) -> tuple[str, dict[str, Any]]:
        members = call.members
        source, target = members["SourceLanguageCode"], members["TargetLanguageCode"]
        check_pair(source, target)
        terminologies = members.get("TerminologyNames", ())
        terms: Mapping[str, str] = {}
        if len(terminologies) > 1:
            raise invalid_request("TerminologyNames takes one name at most.")
        for name in terminologies:
            with self._backend.changed:
                terms = self._terminologies.items.find(call.region, name).terms(source, target)
        translate: Translate = self._backend.machine.translator(source, target, Resources(terms=terms))
        if source != target:
            translate = self._backend.faults.damaging(translate, self._count)
        translated = translate_text(text, translate, self._backend.settings, is_html=is_html, fragment=fragment)
        with self._backend.changed:
            if source != target:
                pair = f"{source}-{target}"
                self.billed[pair] = self.billed.get(pair, 0) + len(text)
        answer: dict[str, Any] = {"SourceLanguageCode": source, "TargetLanguageCode": target}
        for name in terminologies:
            applied = [{"SourceText": term, "TargetText": words} for term, words in applied_terms(text, terms)]
            answer["AppliedTerminologies"] = [{"Name": name, "Terms": applied}] if applied else []
        if settings := _applied_settings(members.get("Settings", {}), source, target):
            answer["AppliedSettings"] = settings
        return translated, answer


def _applied_settings(settings: Mapping[str, str], source: str, target: str) -> Mapping[str, str]:
    """The settings that this pair of languages supports; the service ignores the others."""
    is_brief = target in _BREVITY_LANGUAGES or (source in _BREVITY_LANGUAGES and target == "en")
    is_formal, is_masked = target in _FORMALITY_LANGUAGES, target not in _UNMASKED_LANGUAGES
    supported = {"Formality": is_formal, "Profanity": is_masked, "Brevity": is_brief}
    return {name: value for name, value in settings.items() if supported[name]}
