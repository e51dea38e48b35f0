"""The languages: the data file, its checks, and what a language gets that it does not list."""

from __future__ import annotations

import pytest
import sentencex
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.book.package_data import languages_text, sentences_text
from bot.config import language, parse_languages
from bot.documents import parse
from bot.errors import ConfigError
from bot.model import Language

LANGUAGES = parse_languages(languages_text(), sentences_text())

BLEU_TOKENIZERS = {"13a", "char", "intl", "ja-mecab", "ko-mecab", "zh"}


def test_the_data_file_lists_the_languages_that_books_are_translated_into() -> None:
    wanted = "zh zh-TW ja ko vi tr pt pt-PT es de fr fa it ru uk pl nl ar hi id th"
    assert set(wanted.split()) <= LANGUAGES.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_entry_holds_usable_values(code: str) -> None:
    entry = LANGUAGES[code]
    assert entry.bleu_tokenizer in BLEU_TOKENIZERS
    assert entry.joiner in ("", " ")
    assert not any(character.isspace() or character.isalnum() for character in entry.enders)
    assert 0.3 <= entry.length_ratio <= 1.5
    assert all(2 <= len(engine_code) <= 7 for engine_code in entry.engine_codes.values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_ends_at_each_ender(code: str) -> None:
    entry = LANGUAGES[code]
    for ender in entry.enders:
        words = ("Alpha beta gamma", "Delta epsilon zeta") if entry.has_spaces else ("甲乙丙", "丁戊己")
        sentences = [word + ender for word in words]
        assert [segment.text for segment in parse(entry.joiner.join(sentences), entry).segments] == sentences


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentencex_takes_each_splitter(code: str) -> None:
    assert "".join(sentencex.segment(LANGUAGES[code].splitter, "Alpha. Beta.")) == "Alpha. Beta."


def test_the_rules_for_sentences_are_those_of_the_splitter_and_of_all() -> None:
    assert LANGUAGES["pt-PT"].rules == LANGUAGES["pt"].rules
    assert {"p. ex", "fig"} <= LANGUAGES["pt"].rules.leads
    assert "p. ex" not in LANGUAGES["en"].rules.leads


def test_no_rule_is_for_a_language_that_is_not_listed() -> None:
    splitters = {entry.splitter for entry in LANGUAGES.values()}
    assert set(yaml.load(sentences_text(), yaml.BaseLoader)["languages"]) <= {"any", *splitters}


def test_an_abbreviation_is_written_without_its_last_period() -> None:
    for entry in LANGUAGES.values():
        rules = entry.rules
        assert not [word for word in rules.leads | rules.numbers | rules.names | rules.ends if word.endswith(".")]


def test_an_unknown_list_of_rules_is_named() -> None:
    with pytest.raises(
        ConfigError, match=r'sentences.yaml:2: unknown key "lead" in languages.en; did you mean "leads"'
    ):
        parse_languages(languages_text(), "languages:\n  en: {lead: [Dr]}\n")


def test_only_scripts_without_a_space_after_a_sentence_join_without_one() -> None:
    assert {code for code, entry in LANGUAGES.items() if not entry.joiner} == {
        "zh", "zh-Hans", "cmn", "zh-TW", "zh-Hant", "zh-HK", "zh-MO", "ja",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("zh-Hans", "Chinese (Simplified)"),
        ("zh-Hans-CN", "Chinese (Simplified)"),
        ("zh_tw", "Chinese (Traditional)"),
        ("zh-Hant-HK", "Chinese (Traditional)"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("PT-pt", "Portuguese (Portugal)"),
        ("es-AR", "Spanish"),
        ("nb", "Norwegian"),
    ],
)
def test_a_code_finds_the_nearest_listed_language_and_stays_as_it_was_written(code: str, name: str) -> None:
    found = language(code, LANGUAGES)
    assert (found.code, found.name) == (code, name)


def test_a_language_that_is_not_listed_gets_the_defaults() -> None:
    assert language("tlh", LANGUAGES) == Language(code="tlh", name="tlh")


@pytest.mark.parametrize(
    ("code", "guess"),
    [
        ("english!!", "; did you mean en for English?"),
        ("Portugese", "; did you mean pt for Portuguese (Brazil)?"),
        ("chinese", "; did you mean zh for Chinese (Simplified)?"),
        ("zh-", "; did you mean zh for Chinese (Simplified)?"),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_malformed_code_is_an_error_that_names_the_nearest_language(code: str, guess: str) -> None:
    with pytest.raises(ConfigError) as caught:
        language(code, LANGUAGES)
    assert str(caught.value) == f'the language must be a code such as zh, pt-BR or zh-Hant, not "{code}"{guess}'


@given(st.text(max_size=12))
def test_any_code_is_a_language_or_a_config_error(code: str) -> None:
    try:
        found = language(code, LANGUAGES)
    except ConfigError:
        return
    assert found.code == code
    assert found.name


def test_problems_of_the_data_file_name_their_lines() -> None:
    text = """\
languages:
  xx: {name: Exish, joinr: ""}
  y: {name: Ypsilon}
  zz: {name: Zed, length_ratio: short, aliases: [yy, "!"]}
"""
    with pytest.raises(ConfigError) as caught:
        parse_languages(text)
    first, *others = str(caught.value).splitlines()
    assert first == 'languages.yaml:2: unknown key "joinr" in languages.xx; did you mean "joiner"?'
    assert [line.split(" ")[0] for line in others] == ["languages.yaml:4:"] * 2


def test_a_code_or_alias_can_not_stand_for_two_languages() -> None:
    text = "languages:\n  y: {name: Y}\n  xx: {name: X, aliases: [zz]}\n  zz: {name: Z}\n"
    with pytest.raises(ConfigError) as caught:
        parse_languages(text)
    assert str(caught.value).splitlines() == [
        'languages.yaml:2: "y" is not a language code',
        'languages.yaml:3: the alias "zz" of xx already belongs to zz',
    ]
