"""Which terms a translation did not follow: found as words in the source, with any suffix in the translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.package_data import known_language
from bot.glossary import Term, read_glossary, unfollowed
from bot.model import Direction

EN, ZH, TR, ES = map(known_language, ("en", "zh", "tr", "es"))


def missed(source: str, translation: str, *terms: Term, target: str = "tr") -> list[str]:
    return [term.source for term in unfollowed(terms, source, translation, Direction(EN, known_language(target)))]


KERNEL = Term("kernel", ("çekirdek",))


@pytest.mark.parametrize("translation", ["Çekirdek", "çekirdeğin", "ÇEKİRDEKLER", "**çekirdek**ten"])
def test_turkish_suffixes_and_capitals_are_followed(translation: str) -> None:
    assert missed("The kernel is small.", f"Bu {translation} küçük.", KERNEL) == []


@pytest.mark.parametrize(
    ("target", "translation"),
    [
        ("hata matrisi", "hata matrislerinin"),
        ("geçerleme kümesi", "Geçerleme Kümelerinde"),
        ("ön işlemek", "ön işliyoruz ve ön işlenir"),
        ("kitap", "kitabı"),
        ("ışın arama", "IŞIN ARAMASI"),
        ("iniş", "İNİŞİN"),
        ("koordinat yönlü", "koordinat-yönlü"),
        ("GPU", "GPU'nun"),
    ],
)
def test_the_stem_of_each_word_counts(target: str, translation: str) -> None:
    assert missed("the thing", f"Bir {translation} var.", Term("thing", (target,))) == []


def test_another_word_is_not_taken_for_the_term() -> None:
    assert missed("The kernel.", "Kernel.", KERNEL) == ["kernel"]
    assert missed("The batch.", "Otoplu.", Term("batch", ("toplu",))) == ["batch"]
    assert missed("The set.", "Hata büyük matrisi.", Term("set", ("hata matrisi",))) == ["set"]


@pytest.mark.parametrize("source", ["Kernels", "kernel", "KERNEL", "the *kernel*", "kernel's"])
def test_the_source_term_is_found_in_any_case_and_number(source: str) -> None:
    assert missed(f"See {source} here.", "Yok.", KERNEL) == ["kernel"]


@pytest.mark.parametrize(
    "source", ["kernelize", "multi-kernel", "`kernel`", "$kernel$", "[x](http://kernel)", "x_kernel"]
)
def test_parts_of_words_code_formulas_and_addresses_are_no_terms(source: str) -> None:
    assert missed(f"See {source} here.", "Yok.", KERNEL) == []


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("fully-connected layer", "fully connected layers"),
        ("entropy", "entropies"),
        ("gated recurrent units", "a gated recurrent unit"),
        ("batch", "batches"),
        ("Zipf's law", "Zipf’s law"),
        ("loss", "the loss"),
        ("bias", "the bias"),
    ],
)
def test_singular_plural_hyphen_and_apostrophe(term: str, text: str) -> None:
    assert missed(f"It is {text}.", "Yok.", Term(term, ("var",))) == [term]


def test_a_term_in_capitals_is_found_in_capitals_only() -> None:
    assert missed("It is and IT is.", "yok", Term("IT", ("BT",))) == ["IT"]
    assert missed("It is.", "yok", Term("IT", ("BT",))) == []


def test_the_longest_term_counts_and_each_once() -> None:
    loss, function = Term("loss function", ("kayıp fonksiyonu",)), Term("function", ("fonksiyon",))
    assert missed("A loss function, a loss function.", "Kayıp.", function, loss) == ["loss function"]
    assert missed("A function of a loss function.", "Kayıp.", loss, function) == ["function", "loss function"]
    assert missed("A loss function.", "Kayıp fonksiyonu.", Term("loss", ("yitim",)), loss) == []


def test_idioms_are_no_terms() -> None:
    example = Term("example", ("örnek",))
    assert missed("For example, this. As an example, that.", "Yani bu.", example) == []
    assert missed("For example, an example.", "Yani bu.", example) == ["example"]


def test_any_allowed_target_will_do() -> None:
    assert missed("A batch.", "Bir toplu.", Term("batch", ("toptan", "toplu"))) == []


def test_chinese_is_compared_without_spaces_and_markup() -> None:
    term = Term("softmax regression", ("softmax回归",))
    assert missed("A softmax regression.", "一个 *softmax* 回归。", term, target="zh") == []
    assert missed("A softmax regression.", "一个回归。", term, target="zh") == ["softmax regression"]


def test_spanish_plurals_are_followed() -> None:
    assert missed("The model.", "Los modelos", Term("model", ("modelo",)), target="es") == []


def test_no_terms_no_doubts() -> None:
    assert unfollowed((), "A kernel.", "x", Direction(EN, TR)) == ()


def test_a_chinese_source_has_no_word_boundaries() -> None:
    terms = (Term("鞍点", ("saddle point",)),)
    assert unfollowed(terms, "这是鞍点。", "This is it.", Direction(ZH, EN)) == terms
    assert unfollowed(terms, "这是鞍点。", "These are saddle points.", Direction(ZH, EN)) == ()


def test_most_terms_of_the_real_books_are_followed(shared: Path) -> None:
    glossary = read_glossary((shared / "d2l" / "terminology.zh.md").read_bytes(), Direction(EN, ZH), "zh")
    pair = (
        "The loss function of a multilayer perceptron is minimized by minibatch gradient descent.",
        ("多层感知机的损失函数通过小批量梯度下降法最小化。"),
    )
    assert unfollowed(glossary.terms, *pair, Direction(EN, ZH)) == ()
