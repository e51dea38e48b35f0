"""TranslateText, TranslateDocument and ListLanguages: answered at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from bot.emulator.backend import Backend, Call, page
from bot.emulator.errors import ServiceError, invalid
from bot.emulator.html import translate_html
from bot.emulator.job_work import HTML, TEXT, Translate, damaging, translate_plain
from bot.emulator.languages import LANGUAGES, check_pair
from bot.emulator.machine import Resources, applied_terms
from bot.emulator.terminology import TerminologyStore

_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Developer guide, "Setting formality" (2022) and "Masking profane words".
_FORMAL = frozenset({"nl", "fr", "de", "hi", "it", "ja", "ko", "es", "es-MX"})
_UNMASKED = frozenset({"bn", "hi", "ml", "pa", "si", "vi"})
_BRIEF = frozenset({"fr", "de", "it", "pt", "es"})


class Realtime:
    """The operations without a state. `billed` is characters by pair of languages."""

    def __init__(self, backend: Backend, terminologies: TerminologyStore) -> None:
        self._backend = backend
        self._terminologies = terminologies
        self.billed: dict[str, int] = {}
        self._count = count(1)

    def clear(self) -> None:
        self.billed.clear()
        self._count = count(1)

    def translate_text(self, call: Call) -> Mapping[str, Any]:
        text, most = call.members["Text"], self._backend.settings.quotas.text_bytes
        if (size := len(text.encode())) > most:
            raise ServiceError(
                "TextSizeLimitExceededException",
                f"Input text size exceeds limit. Max length of request text allowed is {most} bytes while in this"
                f" request the text size is {size} bytes",
            )
        translated, members = self._translate(call, text, is_html=bool(_MARKUP.search(text)))
        return {"TranslatedText": translated, **members}

    def translate_document(self, call: Call) -> Mapping[str, Any]:
        document = call.members["Document"]
        if document["ContentType"] not in (HTML, TEXT):
            raise invalid(f"emulator: no documents of the type {document['ContentType']}, only {HTML} and {TEXT}")
        if "en" not in (call.members["SourceLanguageCode"], call.members["TargetLanguageCode"]):
            raise invalid("One of the two languages of a document must be en.")
        try:
            text = document["Content"].decode()
        except UnicodeDecodeError as error:
            raise invalid(f"The document is not UTF-8: byte {error.start}.") from None
        translated, members = self._translate(call, text, is_html=document["ContentType"] == HTML, fragment=False)
        return {"TranslatedDocument": {"Content": translated.encode()}, **members}

    def list_languages(self, call: Call) -> Mapping[str, Any]:
        shown = call.members.get("DisplayLanguageCode", "en")
        if shown != "en":
            message = f"emulator: the names of languages are in English only, not in {shown}"
            raise ServiceError("UnsupportedDisplayLanguageCodeException", message, {"DisplayLanguageCode": shown})
        names = [{"LanguageCode": code, "LanguageName": name} for code, name in LANGUAGES.items()]
        found, token = page(call, names, default=500)
        return {"Languages": found, "DisplayLanguageCode": "en", **token}

    def _translate(self, call: Call, text: str, *, is_html: bool, fragment: bool = True) -> tuple[str, dict[str, Any]]:
        members = call.members
        source, target = members["SourceLanguageCode"], members["TargetLanguageCode"]
        check_pair(source, target)
        terminology, terms = self._terms(call.region, members.get("TerminologyNames", ()), source, target)
        translate: Translate = self._backend.machine.translator(source, target, Resources(terms=terms))
        if source != target:
            translate = damaging(translate, self._backend.faults, self._count)
        if is_html:
            moves = self._backend.settings.moves_spaces
            translated = translate_html(text, translate, fragment=fragment, moves_spaces=moves)
        else:
            translated = translate_plain(text, translate)
        with self._backend.changed:
            if source != target:
                pair = f"{source}-{target}"
                self.billed[pair] = self.billed.get(pair, 0) + len(text)
        answer: dict[str, Any] = {"SourceLanguageCode": source, "TargetLanguageCode": target}
        if terminology:
            found = [{"SourceText": term, "TargetText": words} for term, words in applied_terms(text, terms)]
            answer["AppliedTerminologies"] = [{"Name": terminology, "Terms": found}] if found else []
        if settings := _applied(members.get("Settings", {}), source, target):
            answer["AppliedSettings"] = settings
        return translated, answer

    def _terms(self, region: str, names: Sequence[str], source: str, target: str) -> tuple[str, Mapping[str, str]]:
        if len(names) > 1:
            raise invalid("TerminologyNames takes one name at most.")
        if not names:
            return "", {}
        with self._backend.changed:
            return names[0], self._terminologies.find(region, names[0]).terms(source, target)


def _applied(settings: Mapping[str, str], source: str, target: str) -> Mapping[str, str]:
    """The settings that this pair of languages has; the others are ignored."""
    brief = (target in _BRIEF) or (source in _BRIEF and target == "en")
    has = {"Formality": target in _FORMAL, "Profanity": target not in _UNMASKED, "Brevity": brief}
    return {name: value for name, value in settings.items() if has[name]}
