"""The properties of each language: the data file, and the defaults of a language that it does not list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.reading import Problem
from bot.config.validation import Section, nearest, parse
from bot.errors import ConfigError
from bot.model import Language, SentenceRules

# BCP 47 with the primary subtags of ISO 639: two or three letters, then script, region and variants.
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


def check_code(code: str) -> str:
    """`code`, if it is well-formed; else ValueError. The language itself need not exist."""
    if not _CODE.fullmatch(code.replace("_", "-")):
        raise ValueError(f'must be a code such as zh, pt-BR or zh-Hant, not "{code}"')
    return code


_DEFAULTS = Language(code="und", name="Undetermined")


class _Entry(Section):
    """One language of the data file; the fields are explained in bot.model.Language."""

    name: Annotated[str, Field(min_length=1)]
    aliases: tuple[Annotated[str, AfterValidator(check_code)], ...] = ()
    """Other codes of the same language. A code that extends its own needs no alias: `pt` is found for `pt-BR`."""
    joiner: str = _DEFAULTS.joiner
    enders: str = _DEFAULTS.enders
    length_ratio: Annotated[float, Field(gt=0)] = _DEFAULTS.length_ratio
    verb_last: bool = _DEFAULTS.verb_last
    splitter: str = _DEFAULTS.splitter
    engine_codes: Mapping[str, str] = {}
    bleu_tokenizer: str = _DEFAULTS.bleu_tokenizer


class _File(Section):
    languages: Annotated[Mapping[str, _Entry], Field(min_length=1)]


_Words = frozenset[Annotated[str, Field(min_length=1)]]


class _Rules(Section):
    """What says where sentences of one language end; the lists are explained in the file."""

    leads: _Words = frozenset()
    numbers: _Words = frozenset()
    names: _Words = frozenset()
    ends: _Words = frozenset()
    words: _Words = frozenset()
    starters: _Words = frozenset()
    ordinals: _Words = frozenset()
    ordinal_nouns: _Words = frozenset()
    after_quote: _Words = frozenset()
    not_after_quote: _Words = frozenset()


class _Sentences(Section):
    """Rules by splitter; those of `any` hold for all."""

    languages: Mapping[str, _Rules] = {}


@lru_cache(maxsize=2)
def parse_languages(
    text: str, sentences: str = "languages: {}", *, name: str = "languages.yaml"
) -> Mapping[str, Language]:
    """Language by code, aliases included, of a YAML text; `sentences` is that of its rules for sentences. Raises
    ConfigError: one line for each problem."""
    rules = parse(sentences, _Sentences, name="sentences.yaml", own=True).languages
    return {
        code: Language(code=code, rules=_rules(rules, entry.splitter), **entry.model_dump(exclude={"aliases"}))
        for key, entry in parse(text, _File, name=name, check=_check_entries, own=True).languages.items()
        for code in (key, *entry.aliases)
    }


def _rules(rules: Mapping[str, _Rules], splitter: str) -> SentenceRules:
    ours, every = (rules.get(key, _Rules()).model_dump() for key in (splitter, "any"))
    return SentenceRules(**{name: every[name] | ours[name] for name in ours})


def language(code: str, languages: Mapping[str, Language]) -> Language:
    """The properties of the language `code`, under that very code. `pt-BR`, `pt_br` and `pt` all find `pt` if nothing
    nearer is listed (RFC 4647, lookup); a language that is not listed gets the defaults of bot.model.Language, with its
    code for a name. A malformed code raises ConfigError.
    """
    try:
        check_code(code)
    except ValueError as error:
        guess = _nearest_code(code, languages)
        advice = f"; did you mean {guess}?" if guess else ""
        raise ConfigError(f"the language {error}{advice}") from None
    listed = {known.casefold(): entry for known, entry in languages.items()}
    subtags = code.replace("_", "-").casefold().split("-")
    for length in range(len(subtags), 0, -1):
        if entry := listed.get("-".join(subtags[:length])):
            return replace(entry, code=code)
    return Language(code=code, name=code)


def _nearest_code(word: str, languages: Mapping[str, Language]) -> str | None:
    """The code whose spelling, or whose language's name, is most like `word`."""
    spelt = {code: code for code in languages}
    for entry in languages.values():
        for name in (entry.name, entry.name.partition(" (")[0]):
            spelt.setdefault(name, entry.code)
    guess = nearest(re.sub(r"[^\w-]|\d", "", word), spelt)
    return f"{spelt[guess]} for {languages[spelt[guess]].name}" if guess else None


def _check_entries(file: _File) -> Iterator[Problem]:
    owner = {code: code for code in file.languages}
    for code, entry in file.languages.items():
        if not _CODE.fullmatch(code):
            yield Problem(("languages", code), f'"{code}" is not a language code')
        for alias in entry.aliases:
            if owner.setdefault(alias, code) != code:
                message = f'the alias "{alias}" of {code} already belongs to {owner[alias]}'
                yield Problem(("languages", code, "aliases"), message)
