"""Sentences as HTML for Amazon Translate, and its answers as Markdown again."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.markup import copying_faults, damage_faults, damages, reordered, shifted
from bot.documents import fold, parse
from bot.engines.html.markup import Decoded, decode, encode
from bot.merging import check_translation
from bot.model import Direction, Kind, Language, PlaceableKind, TagKind
from tests.documents.test_properties import ARBITRARY, MARKDOWN
from tests.support.gitrepo import git

ENGLISH = Language("en", "English")
GERMAN = Language("de", "German", splitter="de")
FRENCH = Language("fr", "French", splitter="fr")
KOREAN = Language("ko", "Korean", splitter="ko")
CHINESE = Language("zh", "Chinese", joiner="", splitter="zh")

PIECES = [
    *("word", "two words", "Ünï", "7", "3.5", "50\\%", "\\$5", "a\\_b", "&lt;bos&gt;", "&amp;", "x < y & z"),
    *("isn't", '"q"', "[", "|", "5 * 3"),
    *("$x$", "$a_b < c$", "`f(x)`", "`` a`b ``", ":numref:`sec_a`", "{ref}`a`", "https://a.b/c_d?e=1&f", "<br>"),
    *("[^1]", "`a`[^b]"),
    *("![an *image*](i.png)", "*word*", "**two $y$**", "~~gone~~", "[words](a.md)", "[*w* `c`](b.md)", "[**mark**]"),
    *("(**mark of $z$**)", "[**bold**](c.md)", "*outer **inner***", ",", ".", ";", "(", ")", "—", "*", "_"),
]  # fmt: skip
SENTENCES = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=12).map(
    lambda pairs: fold("".join(piece + space for piece, space in pairs))
)
CHANCE = st.integers(0, 10_000).map(random.Random)
TARGETS = st.sampled_from([GERMAN, CHINESE, FRENCH, KOREAN])


def answered(text: str, answer: str, target: Language = GERMAN) -> Decoded:
    """`{0}` is the first placeable of the sentence's HTML, `<em 1>` a tag with the id t1."""
    encoded = encode(text, ENGLISH)
    placeables = re.findall(r"<span.*?</span>", encoded.html)
    answer = re.sub(r"\{(\d)\}", lambda match: placeables[int(match[1])], answer)
    return decode(encoded, re.sub(r"<(\w+) (\d)>", r'<\1 id="t\2">', answer), target)


def translated(text: str, answer: str, target: Language = GERMAN) -> str:
    decoded = answered(text, answer, target)
    assert decoded.problem == ""
    return decoded.text


def test_placeables_are_kept_from_the_machine_and_tags_enclose_their_words() -> None:
    encoded = encode("See [the **docs** of $a<b$](d.md), 50\\% & 3.", ENGLISH)
    assert encoded.html == (
        'See <a id="t0">the <strong id="t1">docs</strong> of <span translate="no" id="p2">$a&lt;b$</span></a>, '
        '<span translate="no" id="p3">50\\%</span> &amp; 3.'
    )
    assert encoded.characters == len("See the docs of $a<b$, 50\\% & 3.")


@pytest.mark.parametrize(
    "placeable", ["-", "*https://a.b/x*y", "[](e)", "<b>", "50\\%", "&lt;bos&gt;", "a\\_b\\_c", "[^1]"]
)
def test_what_a_machine_might_take_for_words_is_a_placeable(placeable: str) -> None:
    encoded = encode(f"{placeable} is", ENGLISH)
    element = f'<span translate="no" id="p{len(encoded.elements) - 1}">{html.escape(placeable, quote=False)}</span>'
    assert encoded.html == f"{element} is"


@pytest.mark.parametrize("text", ["\\:numref:`a` is.", "a\\\\$x$ b", "C:\\dir *x*", "a***b** c* d"])
def test_what_looks_like_other_markup_stays_as_it_is(text: str) -> None:
    assert decode(encode(text, ENGLISH), encode(text, ENGLISH).html, GERMAN) == Decoded(text)


def test_words_are_what_is_left_to_translate() -> None:
    assert encode("See $x$.", ENGLISH).has_words
    assert not encode("<!-- a comment -->", ENGLISH).has_words
    assert not encode("$x$, `y` 3.", ENGLISH).has_words


def test_references_that_only_the_document_defines_are_placeables() -> None:
    encoded = encode("See [paper] and [this][ref] 5.", ENGLISH, ["[paper]", "][ref]", "5"])
    assert 'See <span translate="no" id="p0">[paper]</span> and [this<span' in encoded.html
    assert encoded.html.endswith("</span> 5.")


@given(SENTENCES, TARGETS)
def test_a_machine_that_copies_gives_the_sentence(text: str, target: Language) -> None:
    encoded = encode(text, ENGLISH)
    assert decode(encoded, encoded.html, target) == Decoded(text)
    assert encoded.characters == len(html.unescape(re.sub(r"<[^>]*>", "", encoded.html)))


@given(st.one_of(MARKDOWN, ARBITRARY).map(fold), TARGETS)
def test_any_text_survives_a_machine_that_copies(text: str, target: Language) -> None:
    encoded = encode(text, ENGLISH)
    assert decode(encoded, encoded.html, target) == Decoded(text)


@given(SENTENCES, TARGETS, CHANCE)
def test_shifted_white_space_and_escaped_entities_are_put_back(
    text: str, target: Language, chance: random.Random
) -> None:
    encoded = encode(text, ENGLISH)
    assert decode(encoded, shifted(encoded.html, chance), target) == Decoded(text)


@given(SENTENCES, CHANCE)
def test_all_damage_is_found(text: str, chance: random.Random) -> None:
    encoded = encode(text, ENGLISH)
    for damage, answer in damages(encoded, chance).items():
        assert decode(encoded, answer, GERMAN).problem.startswith("the machine "), damage


@given(SENTENCES)
def test_another_order_is_reported(text: str) -> None:
    encoded = encode(text, ENGLISH)
    answer = reordered(encoded)
    assume(answer is not None)
    assert answer is not None
    decoded = decode(encoded, answer, GERMAN)
    assert (decoded.problem, decoded.reordered) == ("", True)


def test_sentences_of_the_real_book_survive_and_their_damage_is_found(real_book: Callable[[str], Path]) -> None:
    repo = real_book("en")
    names = [name for name in git(repo, "ls-tree", "-r", "--name-only", "v0.17.4").split() if "recurrent" in name]
    texts = {
        s.text for name in names for s in parse(git(repo, "show", f"v0.17.4:{name}"), ENGLISH).segments if s.is_prose
    }
    marked = [text for text in sorted(texts) if encode(text, ENGLISH).elements][:1000]
    assert len(marked) > 500
    chance = random.Random(1)
    assert copying_faults(marked, ENGLISH, [GERMAN, CHINESE], chance) == []
    missed, tried = damage_faults(marked[::4], ENGLISH, GERMAN, chance)
    assert missed == []
    assert len(tried) == 16


@given(st.text(st.sampled_from("ab *_$`[]()<>~\\|&;:#-.1!"), min_size=1))
def test_words_that_a_machine_adds_never_become_markup(words: str) -> None:
    """Of the kinds that a book's own text holds; `a~~b` strikes nothing and yet can't be written otherwise."""
    encoded = encode("Words here.", ENGLISH)
    got = parse(decode(encoded, html.escape(f"a{words}"), GERMAN).text, GERMAN).segments
    assert [tag.kind for segment in got for tag in segment.tags if tag.kind is not TagKind.STRIKE] == []
    assert {p.kind for segment in got for p in segment.placeables} <= {PlaceableKind.NUMBER}


@pytest.mark.parametrize(
    ("text", "answer", "problem"),
    [
        ("In $x$ is `a`.", "In ist {1}.", "the machine lost $x$"),
        ("In $x$ is `a`.", "In {0} ist {1} {1}.", "the machine doubled `a`"),
        ("In $x$ is `a`.", 'In <span id="p0">$y$</span> ist {1}.', "the machine changed $x$ to “$y$”"),
        ("In $x$ is.", "{0} <b>ist</b>.", "the machine added the HTML element <b>"),
        ("In $x$ is.", "{0} <!-- a --> ist.", "the machine added an HTML comment"),
        ("In $x$ *is $y$*.", "{0} {1} <em 1>ist</em>.", "the machine moved $y$ out of its emphasis"),
        ("In $x$ *is $y$*.", "<em 1>{0} ist {1}</em>.", "the machine moved $x$ into the emphasis of “is $y$”"),
        ("In $x$ *is*.", "In {0} ist.", "the machine lost the emphasis of “is”"),
        ("In $x$ *is*.", "In {0} ist <em 1> </em>.", "the machine lost the words of the emphasis of “is”"),
        ("In it $x$ is.", "{0}", "the machine lost all words"),
        ("In $x$ is.", "", "the machine lost $x$"),
        ("*A* **b**.", "<em 0>A <strong 1>b</em></strong>.", "the machine broke the markup"),
        ("In $x$ is.", "In {0} ist</em>.", "the machine broke the markup"),
        ("*A* **b**.", "<em 0>A<strong 1>b</strong></em>", "the machine moved the strong emphasis of “b” into"
         " the emphasis of “A”"),
    ],
)  # fmt: skip
def test_a_problem_is_a_short_sentence(text: str, answer: str, problem: str) -> None:
    found = answered(text, answer)
    assert (found.text, found.problem) == ("", problem)


def test_the_words_of_a_damaged_answer_are_kept_for_a_person() -> None:
    assert answered("In $x$ & *y* is.", 'In $x$ &amp; <em id="t1">y</em> ist.').rejected == "In $x$ & y ist."


def test_equal_placeables_in_each_others_place_are_no_other_order() -> None:
    assert answered("In $x$ is $x$.", "In {1} ist {0}.") == Decoded("In $x$ ist $x$.")


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("In $x$ is.", "Im{0}ist.", "Im $x$ ist."),  # both are missed
        ("An $n$-gram is.", "Ein {0} -Gramm ist.", "Ein $n$-Gramm ist."),  # the same neighbour
        ("Use `f`s now.", "Nutze {0} lang.", "Nutze `f` lang."),  # the machine's own
        ("See $x$ for it.", "Siehe {0} , bitte.", "Siehe $x$, bitte."),
        ("See $x$ for it.", "Siehe ( {0} ) bitte.", "Siehe ($x$) bitte."),
        ("Use `a` now.", "Mit {0} .NET.", "Mit `a` .NET."),
        ("See *foo* bar.", "Siehe<em 0> Fuß </em>dort.", "Siehe *Fuß* dort."),
        ("See *foo* bar.", "<em 0> Fuß </em>.", "*Fuß*."),
        ("See (*foo*).", "Siehe<em 0> Fuß </em>dort.", "Siehe *Fuß* dort."),
        ("See *of $x$* it.", "Siehe <em 0>{0}von</em> es.", "Siehe *$x$ von* es."),
        ("Say “$x$” now.", "Sag „{0} “ jetzt.", "Sag „$x$“ jetzt."),
        ("*One $x$.", "{0} {1} eins.", "*$x$ eins."),
        ("The *new $x$.*", "<em 0>{0}</em>", "*$x$*"),  # words that another language does without
        ("See *$x$ and*.", "Siehe <em 0> und {0} </em>.", "Siehe *und $x$*."),
        ("$a$ is $b$.", "Ist {0}{1}.", "Ist $a$ $b$."),
        ("See *foo* bar.", "Siehe <em 0>(Fuß)</em>dort.", "Siehe *(Fuß)* dort."),
        ("*Half of it.", "{0} Halb.", "*Halb."),
        ("It is[^1] so.", "So {0} ist es.", "So[^1] ist es."),
    ],
)
def test_spaces_in_a_language_that_has_them(text: str, answer: str, expected: str) -> None:
    assert translated(text, answer) == expected


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("In $x$ is `f`.", "在 {0} 中 {1} 是。", "在$x$中`f`是。"),
        ("In :numref:`a` is.", "在{0} 中。", "在 :numref:`a`中。"),
        ("It (:numref:`a`) is.", "它（{0} ）是。", "它（ :numref:`a`）是。"),
        ("See *foo* bar.", "这是 <em 0> 多层 </em> 的。", "这是*多层*的。"),
        ("See *MLP (x)* bar.", "这是 <em 0>感知器（MLP）</em> 通常。", "这是*感知器（MLP）* 通常。"),
        ("See [**MLP (x)**] bar.", "这是 <b 0>感知器（MLP）</b> 通常。", "这是[**感知器（MLP）**]通常。"),
        ("See _foo_ bar.", "这是<em 0>多层</em>的。", "这是*多层*的。"),
        ("In $x$ is.", "在 softmax {0} 中。", "在 softmax $x$中。"),
    ],
)
def test_spaces_in_chinese_are_those_of_the_book(text: str, answer: str, expected: str) -> None:
    assert translated(text, answer, CHINESE) == expected


def test_korean_particles_stay_at_their_formula_and_french_marks_apart() -> None:
    assert translated("Now $x$ is.", "이제 {0}는.", KOREAN) == "이제 $x$는."
    assert translated("Is it $x$ now.", "Est-ce {0} ?", FRENCH) == "Est-ce $x$ ?"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("5 * 3 `c` $d$ _e_ f_g a|b", "5 \\* 3 \\`c\\` \\$d\\$ \\_e\\_ f_g a\\|b"),
        ("a &lt;b&gt; c", "a \\<b> c"),
        ("1. Erstens", "1\\. Erstens"),
        ("# Titel", "\\# Titel"),
        ("a [b](c)", "a \\[b\\](c)"),
        ("[0, 1) und x < y ~ z", "[0, 1) und x < y ~ z"),
        ("C:\\dir \\* ", "C:\\dir \\\\\\*"),
    ],
)
def test_an_answers_words_are_no_markup(answer: str, expected: str) -> None:
    assert translated("Words.", answer) == expected
    assert check_translation("Words.", expected, Kind.PARAGRAPH, Direction(ENGLISH, GERMAN)) == ""
