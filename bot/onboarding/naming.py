"""Which language a translation is in: by what the user said, by paths, by the repository's name, or by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.book.resources import languages_text
from bot.config import parse_languages
from bot.documents import parse
from bot.errors import UsageError, install_hint
from bot.model import Language

_WORDS = re.compile(r"[^A-Za-z0-9]+")
_LANG = re.compile(r"^(?:lang|language|locale):\s*[\"']?([\w-]+)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
# A detector is right about so many letters, whatever the book is about; more take longer and tell nothing new.
_LETTERS = 20_000
# Regions and scripts (ISO 3166, ISO 15924) that tell varieties of a language: `zh-cn` is one, `zh-book` is none.
_VARIETIES = re.compile(r"ar|at|br|ca|ch|cn|de|es|fr|gb|hk|in|mo|mx|pt|sg|tw|us|arab|cyrl|hans|hant|latn")
# Codes of one macrolanguage (ISO 639-3), or of one language, that a detector may answer for each other.
_SAME = ({"zh", "cmn", "yue", "wuu"}, {"no", "nb", "nn"}, {"ms", "id"}, {"bs", "hr", "sr"}, {"tl", "fil"}, {"he", "iw"})


@dataclass(frozen=True, slots=True)
class Named:
    """A language's code and what tells it, for a person to read; `doubt` is what speaks against it."""

    code: str
    reason: str
    doubt: str = ""


def code_in(text: str) -> str:
    """The language code that `text` is, as the data file spells it (`zh_cn` gives `zh-CN`); "" for none."""
    known = {code.casefold(): code for code in parse_languages(languages_text())}
    folded = text.replace("_", "-").casefold()
    if folded in known:
        return known[folded]
    primary, dash, rest = folded.partition("-")
    if primary in known and dash and _VARIETIES.fullmatch(rest):
        return f"{primary}-{rest.upper() if len(rest) == 2 else rest.title()}"
    return ""


def are_same(one: str, other: str) -> bool:
    """Whether two codes are of one language, or of one macrolanguage; "" is none."""
    primary, second = (code.replace("_", "-").casefold().partition("-")[0] for code in (one, other))
    return primary == second or any({primary, second} <= group for group in _SAME)


def name_language(target: str, source: str, layout_code: str, texts: Sequence[str], source_language: Language) -> Named:
    """The language of a repository (`target` and `source` are locations) of which `texts` are documents.

    Raises UsageError where nothing tells it, or where it is that of the source.
    """
    heard = detect(texts)
    named = _by_name(target, source, layout_code, texts)
    if heard and are_same(heard, source_language.code) and (named is None or not are_same(named.code, heard)):
        raise UsageError(
            f"{target}: its documents are in {source_language.name}, as the source is; name the source first, then the"
            " repository of the translation, or say with --language what it is going to be"
        )
    if named is None and heard:
        return Named(heard, "py3langid says so of its words")
    if named is None:
        raise UsageError(
            f"{target}: neither its name nor its paths tell its language; name it with --language (as in --language"
            f" zh), or install py3langid ({install_hint('parallel-data')}) to have it told by the words"
        )
    doubt = "" if not heard or are_same(heard, named.code) else f"py3langid takes its words for {heard}"
    return Named(named.code, named.reason, doubt)


def detect(texts: Sequence[str]) -> str:
    """The language (ISO 639-1) that py3langid tells from the prose of `texts`; "" without it, or without prose."""
    try:
        identify = _identifier()
    except ImportError:
        return ""
    words = _prose(texts)
    return str(identify.classify(words)[0]) if any(letter.isalpha() for letter in words) else ""


@lru_cache(maxsize=1)
def _identifier():  # type: ignore[no-untyped-def] # py3langid has no annotations
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _prose(texts: Sequence[str]) -> str:
    parts: list[str] = []
    room = _LETTERS
    for text in texts:
        for segment in parse(text, Language(code="und", name="Undetermined")).segments:
            if segment.is_prose and room > 0:
                parts.append(segment.text)
                room -= len(segment.text)
    return " ".join(parts)


def _by_name(target: str, source: str, layout_code: str, texts: Sequence[str]) -> Named | None:
    if layout_code:
        return Named(layout_code, "its paths say so")
    said = {code for text in texts if (code := _front_matter(text))}
    if len(said) == 1:
        return Named(said.pop(), "the front matter of its files says so")
    # What both repositories are called is the book's name: `no-code-zh` beside `no-code` is Chinese.
    codes = [code for code in _codes(target) if code not in _codes(source)]
    return Named(codes[0], "the repository's name says so") if len(codes) == 1 else None


def _front_matter(text: str) -> str:
    found = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    language = _LANG.search(found[1]) if found else None
    return code_in(language[1]) if language else ""


def _codes(location: str) -> list[str]:
    """The language codes among the words of a repository's name, also those of two words (`pt-br`)."""
    words = _WORDS.split(re.split(r"[/\\:]", location.rstrip("/\\").removesuffix(".git"))[-1])
    found = []
    at = 0
    while at < len(words):
        pair = code_in("-".join(words[at : at + 2])) if at + 1 < len(words) else ""
        if code := pair or code_in(words[at]):
            found.append(code)
        at += 2 if pair else 1
    return found
