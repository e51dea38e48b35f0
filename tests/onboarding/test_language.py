"""Which language a repository is in."""

from __future__ import annotations

import pytest

from bot.book.package_data import known_language
from bot.errors import UsageError
from bot.onboarding.language import code_in, identify_language

ENGLISH = known_language("en")


@pytest.mark.parametrize(
    ("word", "code"),
    [("zh", "zh"), ("ZH_cn", "zh-CN"), ("pt-br", "pt-BR"), ("zh-Hant", "zh-Hant"), ("zh-bare", ""), ("book", "")],
)
def test_words_that_are_language_codes(word: str, code: str) -> None:
    assert code_in(word) == code


@pytest.mark.parametrize(
    ("target", "source", "paths", "texts", "code"),
    [
        ("https://github.com/d2l-ai/d2l-zh.git", "https://github.com/d2l-ai/d2l-en", "", {}, "zh"),
        ("../docs-pt-br/", "../docs", "", {}, "pt-BR"),
        ("git@github.com:reactjs/ja.react.dev.git", "https://github.com/reactjs/react.dev", "", {}, "ja"),
        ("my-book-tr", "my-book", "", {}, "tr"),
        ("anything", "book", "es", {}, "es"),
        ("anything", "book", "", {"a.md": "---\ntitle: x\nlang: de\n---\n\nHallo\n"}, "de"),
    ],
)
def test_a_language_is_told_by_names(
    target: str, source: str, paths: str, texts: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.onboarding.language.detect", lambda _: "")
    assert identify_language(target, source, paths, texts, ENGLISH).code == code


def test_a_language_is_told_by_words() -> None:
    pytest.importorskip("py3langid")
    turkish = "# Giriş\n\nBu kitap makine öğrenmesini anlatır ve herkes için yazılmıştır. Okumaya başlayalım.\n"
    assert identify_language("book-two", "book", "", {"a.md": turkish}, ENGLISH).code == "tr"
    doubtful = identify_language("book-zh", "book", "", {"a.md": turkish}, ENGLISH)
    assert (doubtful.code, doubtful.doubt) == ("zh", "py3langid takes its words for tr")
    english = "# Introduction\n\nThis book is about machine learning, and it is written for everybody.\n"
    with pytest.raises(UsageError, match="its documents are in English, as the source is; name the source first"):
        identify_language("book-two", "book", "", {"a.md": english}, ENGLISH)


def test_a_language_that_nothing_tells_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.onboarding.language.detect", lambda _: "")
    with pytest.raises(UsageError, match="name it with --language"):
        identify_language("book-two", "book", "", {"a.md": "# x\n"}, ENGLISH)
