"""What differs between a machine's two translations, put into people's sentence, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Language
from bot.repair import graft

SPANISH, CHINESE = Language("es", "Spanish"), Language("zh", "Chinese", joiner="")
TEXT = "De día, una cámara barata hace buenas fotos en la casa."


@pytest.mark.parametrize(
    ("text", "old", "new", "grafted"),
    [
        # a word, whose neighbours people wrote otherwise
        (TEXT, "Una cámara toma buenas fotos.", "Una cámara toma buenas copias.", TEXT.replace("fotos", "copias")),
        # with its article, which agrees
        (TEXT, "La luz en la casa.", "La luz en el barco.", TEXT.replace("la casa", "el barco")),
        # two places
        (TEXT, "Una cámara barata en la casa.", "Una cámara cara en la iglesia.",
         TEXT.replace("barata", "cara").replace("casa", "iglesia")),
        # what came between neighbours that people have too, and what went
        (TEXT, "Una cámara barata allí.", "Una cámara muy barata allí.", TEXT.replace("cámara", "cámara muy")),
        (TEXT, "Hay una cámara barata.", "Hay una cámara.", TEXT.replace("cámara barata", "cámara")),
        # what came at an end of the sentence
        ("La taza está llena.", "La taza es llena.", "La taza es llena de agua.", "La taza está llena de agua."),
        ("El té está listo.", "El té está listo.", "Hoy el té está listo.", "Hoy el té está listo."),
        # the case of the sentence
        ("Perros y gatos.", "Hay perros.", "Hay lobos.", "Lobos y gatos."),
    ],
)  # fmt: skip
def test_a_difference_takes_its_place(text: str, old: str, new: str, grafted: str) -> None:
    assert graft(text, old, new, SPANISH) == grafted


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (TEXT, "Una cámara.", "Una cámara."),  # no difference
        (TEXT, "Un aparato barato.", "Un aparato caro."),  # people say it otherwise
        ("La casa y la casa.", "Veo la casa.", "Veo la torre."),  # twice
        (TEXT, "Es en mi casa.", "Es por mi casa."),  # a short word alone
        (TEXT, "Esa cámara funciona.", "Esa cámara no funciona."),  # nobody knows where
        (TEXT, "Una cámara barata hace fotos.", "El perro negro duerme mucho."),  # another sentence
        (TEXT, "Una cámara barata en la plaza.", "Una cámara cara en la iglesia."),  # one place of two
        # at the end of the machine's sentence, and in the middle of people's
        (
            "La mediana es la del centro.",
            "No importa cuál es.",
            "No importa cuál es, ni dónde.",
        ),
        ("No lo hagas sin agua.", "Eso no.", "Eso no, nunca."),
        ("La casa es grande y vieja.", "Veo una casa.", "Veo una casa roja."),
        (TEXT, "", "Una cámara."),
        (TEXT, "Una cámara.", ""),
    ],
)
def test_people_s_sentence_stands_where_a_place_is_not_known(text: str, old: str, new: str) -> None:
    assert graft(text, old, new, SPANISH) is None


def test_scripts_without_spaces() -> None:
    assert graft("那座旧桥很有名。", "我看见旧桥。", "我看见石桥。", CHINESE) == "那座石桥很有名。"


WORDS = st.lists(st.sampled_from(["la", "casa", "grande", "una", "cámara", ".", "muy", "¿", "`x`"]), max_size=8)


@given(WORDS, WORDS, WORDS)
def test_any_texts_give_a_text_of_their_words_or_none(text: list[str], old: list[str], new: list[str]) -> None:
    made = graft(" ".join(text), " ".join(old), " ".join(new), SPANISH)
    if made is not None:
        assert set(made.lower().split()) <= set(" ".join([*text, *new]).lower().split())
