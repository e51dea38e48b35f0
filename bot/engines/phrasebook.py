"""Engine `phrasebook`: a file of sentences and translations that stands in for a machine translation service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from bot.engines.base import FREE, EngineOptions, Quote
from bot.errors import ConfigError
from bot.memory import TranslationMemory
from bot.model import Language, Request, Translation


class PhrasebookEngine:
    """`phrases` maps a language code to sentences (one line each) and their translations."""

    name = label = "phrasebook"
    spends = False

    def __init__(self, phrases: Mapping[str, Mapping[str, str]]) -> None:
        self._phrases = phrases

    def quote(self, requests: Sequence[Request], *, source: Language, target: Language) -> Quote:  # noqa: ARG002
        return FREE

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,  # noqa: ARG002 - the Protocol's names
        target: Language,
        examples: TranslationMemory,  # noqa: ARG002
    ) -> Sequence[Translation]:
        phrases = self._phrases.get(target.code, {})
        return [
            Translation(phrases[request.text])
            if request.text in phrases
            else Translation(request.text, left="not in the phrasebook")
            for request in requests
        ]


def create(options: EngineOptions, settings: Mapping[str, object]) -> PhrasebookEngine:
    """Reads the phrasebook that `settings["file"]` names. Raises ConfigError where it is not one."""
    name = str(settings.get("file", "phrasebook.yaml"))
    try:
        phrases = yaml.safe_load(options.read_text(name))
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(phrases, dict) or not all(isinstance(entries, dict) for entries in phrases.values()):
        raise ConfigError(f"{name}: a phrasebook maps each language code to sentences and their translations")
    return PhrasebookEngine({str(code): _strings(entries) for code, entries in phrases.items()})


def _strings(entries: Mapping[object, object]) -> dict[str, str]:
    """YAML reads `42` and `yes` as other than text."""
    return {str(sentence): str(translation) for sentence, translation in entries.items()}
