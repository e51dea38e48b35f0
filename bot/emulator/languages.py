"""The languages of Amazon Translate (developer guide, "Supported languages and language codes")."""

from __future__ import annotations

from collections.abc import Mapping

from bot.emulator.errors import ServiceError

LANGUAGES: Mapping[str, str] = {
    "af": "Afrikaans",
    "sq": "Albanian",
    "am": "Amharic",
    "ar": "Arabic",
    "hy": "Armenian",
    "az": "Azerbaijani",
    "bn": "Bengali",
    "bs": "Bosnian",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "zh": "Chinese (Simplified)",
    "zh-TW": "Chinese (Traditional)",
    "hr": "Croatian",
    "cs": "Czech",
    "da": "Danish",
    "fa-AF": "Dari",
    "nl": "Dutch",
    "en": "English",
    "et": "Estonian",
    "fa": "Farsi (Persian)",
    "tl": "Filipino, Tagalog",
    "fi": "Finnish",
    "fr": "French",
    "fr-CA": "French (Canada)",
    "ka": "Georgian",
    "de": "German",
    "el": "Greek",
    "gu": "Gujarati",
    "ht": "Haitian Creole",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "is": "Icelandic",
    "id": "Indonesian",
    "ga": "Irish",
    "it": "Italian",
    "ja": "Japanese",
    "kn": "Kannada",
    "kk": "Kazakh",
    "ko": "Korean",
    "lv": "Latvian",
    "lt": "Lithuanian",
    "mk": "Macedonian",
    "ms": "Malay",
    "ml": "Malayalam",
    "mt": "Maltese",
    "mr": "Marathi",
    "mn": "Mongolian",
    "no": "Norwegian",
    "ps": "Pashto",
    "pl": "Polish",
    "pt": "Portuguese (Brazil)",
    "pt-PT": "Portuguese (Portugal)",
    "pa": "Punjabi",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "es": "Spanish",
    "es-MX": "Spanish (Mexico)",
    "sw": "Swahili",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "cy": "Welsh",
}

# Where parallel data and batch jobs are offered (developer guide, "Asynchronous batch processing").
PARALLEL_DATA_REGIONS = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
BATCH_REGIONS = PARALLEL_DATA_REGIONS | {"us-east-2", "ap-northeast-2", "eu-central-1", "eu-west-2"}


def primary_code(code: str) -> str:
    """The service's own code for a language tag of a file: `zh-CN` and `zh-Hans` are `zh`, `zh-TW` stays. Codes that
    the service does not have come back as they are."""
    folded = {own.casefold(): own for own in LANGUAGES}
    tag = code.replace("_", "-").casefold()
    return folded.get(tag) or folded.get(tag.partition("-")[0], code) if tag != "zh-hant" else "zh-TW"


def check_pair(source: str, target: str) -> None:
    """Raises ServiceError unless the service translates between these languages."""
    if source == "auto":
        raise ServiceError("ValidationException", "Autodetect language is not supported.")
    for side, code in (("Source", source), ("Target", target)):
        if code not in LANGUAGES:
            raise ServiceError(
                "UnsupportedLanguagePairException",
                f"Unsupported language pair: {source} to {target}. {side} language '{code}' is not supported",
                {"SourceLanguageCode": source, "TargetLanguageCode": target},
            )
