"""The languages of Amazon Translate (developer guide, "Supported languages and language codes")."""

from __future__ import annotations

import csv
from importlib.resources import files

from bot.emulator.protocol import EmulatorServiceError

LANGUAGES = {
    row["LanguageCode"]: row["LanguageName"]
    for row in csv.DictReader((files("bot.emulator") / "languages.csv").read_text("utf-8").splitlines())
}
"""Names by code."""

# The regions that offer parallel data and batch jobs (developer guide, "Asynchronous batch processing").
PARALLEL_DATA_REGIONS = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
BATCH_REGIONS = PARALLEL_DATA_REGIONS | {
    *("us-east-2", "us-west-1", "ca-central-1"),
    *("ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"),
    *("eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1"),
}


def primary_code(code: str) -> str:
    """The service's code for a language tag in a file: `zh-CN` and `zh-Hans` are `zh`, `zh-TW` stays. A tag of a
    language that the service does not have is returned unchanged."""
    tag = code.replace("_", "-").casefold()
    if tag == "zh-hant":
        return "zh-TW"
    folded = {own.casefold(): own for own in LANGUAGES}
    return folded.get(tag) or folded.get(tag.partition("-")[0], code)


def check_pair(source: str, target: str) -> None:
    """Raises EmulatorServiceError unless the service translates between these languages."""
    if source == "auto":
        raise EmulatorServiceError("ValidationException", "Autodetect language is not supported.")
    for side, code in (("Source", source), ("Target", target)):
        if code not in LANGUAGES:
            raise EmulatorServiceError(
                "UnsupportedLanguagePairException",
                f"Unsupported language pair: {source} to {target}. {side} language '{code}' is not supported",
                {"SourceLanguageCode": source, "TargetLanguageCode": target},
            )
