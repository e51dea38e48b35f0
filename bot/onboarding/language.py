"""The language of a translation, identified by its paths, its front matter, its repository's name, or its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.book.package_data import known_languages
from bot.documents import parse
from bot.errors import UsageError, install_hint
from bot.model import Language

_WORDS = re.compile(r"[^A-Za-z0-9]+")
_LANGUAGE_KEY = re.compile(r"^(?:lang|language|locale):\s*[\"']?([\w-]+)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
# So many characters are enough for a detector, whatever the book is about; more only take longer.
_MAX_DETECTED_CHARACTERS = 20_000
# Regions and scripts (ISO 3166, ISO 15924) that make a variety of a language: `zh-cn` is a variety, `zh-book` is not.
_VARIETIES = re.compile(r"ar|at|br|ca|ch|cn|de|es|fr|gb|hk|in|mo|mx|pt|sg|tw|us|arab|cyrl|hans|hant|latn")
# Codes of the same macrolanguage (ISO 639-3) or language, which a detector may confuse.
_EQUIVALENT_CODES = (
    {"zh", "cmn", "yue", "wuu"},
    {"no", "nb", "nn"},
    {"ms", "id"},
    {"bs", "hr", "sr"},
    {"tl", "fil"},
    {"he", "iw"},
)


@dataclass(frozen=True, slots=True)
class IdentifiedLanguage:
    """A language's code and the evidence for it, in words; `doubt` is the evidence against it, "" for none."""

    code: str
    reason: str
    doubt: str = ""


def code_in(text: str) -> str:
    """The language code that `text` is, as the data file spells it (`zh_cn` gives `zh-CN`); "" for none."""
    known = {code.casefold(): code for code in known_languages()}
    folded = text.replace("_", "-").casefold()
    if folded in known:
        return known[folded]
    primary, dash, rest = folded.partition("-")
    if primary in known and dash and _VARIETIES.fullmatch(rest):
        return f"{primary}-{rest.upper() if len(rest) == 2 else rest.title()}"
    return ""


def are_same(first: str, second: str) -> bool:
    """Whether two codes belong to the same language or macrolanguage; "" is no language."""
    primaries = {code.replace("_", "-").casefold().partition("-")[0] for code in (first, second)}
    return len(primaries) == 1 or any(primaries <= group for group in _EQUIVALENT_CODES)


def identify_language(
    target: str, source: str, layout_code: str, texts: Mapping[str, str], source_language: Language
) -> IdentifiedLanguage:
    """The language of the repository at location `target`, by some of its documents (`texts`, by path).
    `layout_code` is the language that its paths name, "" for none.

    Raises UsageError if nothing identifies it, or if it is the language of the source.
    """
    detected = detect(texts)
    named = _by_name(target, source, layout_code, texts.values())
    is_source = detected and are_same(detected, source_language.code)
    if is_source and (named is None or not are_same(named.code, detected)):
        raise UsageError(
            f"{target}: its documents are in {source_language.name}, as the source is; name the source first, then the"
            " repository of the translation, or say with --language what it is going to be"
        )
    if named is None and detected:
        return IdentifiedLanguage(detected, "py3langid says so of its words")
    if named is None:
        raise UsageError(
            f"{target}: neither its name nor its paths tell its language; name it with --language (as in --language"
            f" zh), or install py3langid ({install_hint('parallel-data')}) to detect the language from the text"
        )
    return replace(named, doubt=contradiction(detected, named.code))


def contradiction(detected: str, code: str, words: str = "its words") -> str:
    """The contradiction between a detected language and a code; "" for none."""
    return "" if not detected or are_same(detected, code) else f"py3langid takes {words} for {detected}"


def detect(texts: Mapping[str, str]) -> str:
    """The language (ISO 639-1) of the prose of `texts` (by path) according to py3langid; "" if it is not installed, or
    without prose."""
    try:
        identify = _identifier()
    except ImportError:
        return ""
    words = _prose(texts)
    return str(identify.classify(words)[0]) if any(character.isalpha() for character in words) else ""


@lru_cache(maxsize=1)
def _identifier():  # type: ignore[no-untyped-def] # py3langid has no annotations
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _prose(texts: Mapping[str, str]) -> str:
    parts: list[str] = []
    room = _MAX_DETECTED_CHARACTERS
    for path, text in texts.items():
        for segment in parse(text, Language(code="und", name="Undetermined"), path).segments:
            if segment.is_prose and room > 0:
                parts.append(segment.text)
                room -= len(segment.text)
    return " ".join(parts)


def _by_name(target: str, source: str, layout_code: str, texts: Iterable[str]) -> IdentifiedLanguage | None:
    if layout_code:
        return IdentifiedLanguage(layout_code, "its paths say so")
    declared = {code for text in texts if (code := _front_matter(text))}
    if len(declared) == 1:
        return IdentifiedLanguage(declared.pop(), "the front matter of its files says so")
    # Words that both repositories have are the book's name: `no-code-zh` beside `no-code` is Chinese.
    codes = [code for code in _codes(target) if code not in _codes(source)]
    return IdentifiedLanguage(codes[0], "the repository's name says so") if len(codes) == 1 else None


def _front_matter(text: str) -> str:
    front_matter = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    language = _LANGUAGE_KEY.search(front_matter[1]) if front_matter else None
    return code_in(language[1]) if language else ""


def _codes(location: str) -> list[str]:
    """The language codes among the words of a repository's name, of one word or two (`pt-br`)."""
    words = _WORDS.split(re.split(r"[/\\:]", location.rstrip("/\\").removesuffix(".git"))[-1])
    codes = []
    at = 0
    while at < len(words):
        pair = code_in("-".join(words[at : at + 2])) if at + 1 < len(words) else ""
        if code := pair or code_in(words[at]):
            codes.append(code)
        at += 2 if pair else 1
    return codes
