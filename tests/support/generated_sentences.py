"""Hypothesis strategies: a sentence of a book, its next revision, and what people made of the first.

A sentence is a list of parts. Its translation has the same placeables and marks, its words by a known rule, and
people's liberties: other places, a part left out or added, a mark that is not theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from bot.model import Language
from tests.support.generated_blocks import WORDS

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish", splitter="es")
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")

_PLACEABLES = {
    "code": ("`run()`", "`x`", "`stop`"),
    "formula": ("$a$", "$b_1$", "$c+d$"),
    "number": ("4", "42", "2023"),
    "reference": (":numref:`fig_a`", ":cite:`Ada`", ":eqref:`eq_b`"),
    "name": ("GPU_A", "GPU_B", "TPU_A"),
    "tag": ("<br/>", '<a id="x"/>', "<wbr/>"),
}
_ADDRESSES = ("http://e.org/a", "http://e.org/b", "http://e.org/en/c.html")
_MARKS = ("*", "**", "[**")
_SIGNS = {"zh": {".": "。", "?": "？", ":": "："}}
NAMES = re.compile(r"[GT]PU_[AB]")
_CLOSING = {"[**": "**]"}
_EDITS = (
    *("exchange", "exchange", "exchange", "exchange everywhere", "words", "mark", "unmark", "link"),
    *("delete", "insert", "move", "article"),
)


@dataclass(frozen=True)
class Part:
    """Words, a placeable (`kind` says which), or the words of a link to `address`; `mark` opens emphasis around it."""

    text: str
    kind: str = ""
    address: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Revised:
    """The English of one sentence before and after, and people's translation of it before. Each is a paragraph."""

    base: str
    new: str
    target: str
    language: Language


def words_of(text: str) -> str:
    """The words of a text without placeables, marks, signs and white space, in lower case."""
    text = NAMES.sub(" ", text)
    text = re.sub(r"`[^`]*`|\$[^$]*\$|:\w+:`[^`]*`|<[^>]*>|\]\([^)]*\)|\d+", " ", text)
    return "".join(re.findall(r"\w+", text.lower()))


def word_in(language: Language, word: str) -> str:
    """The word of a translation for an English one."""
    if not language.has_spaces:
        return chr(0x4E00 + 97 * WORDS.index(word)) * 2
    return word[::-1] + "o"


def _written(parts: list[Part], sign: str, language: Language) -> str:
    texts = []
    for part in parts:
        text = part.text
        if language != ENGLISH and not part.kind:
            text = language.joiner.join(word_in(language, word) for word in part.text.split())
        if part.address:
            text = f"[{text}]({part.address})"
        texts.append(f"{part.mark}{text}{_CLOSING.get(part.mark, part.mark)}")
    text = " ".join(texts) + _SIGNS.get(language.code, {}).get(sign, sign)
    return text[0].upper() + text[1:]


_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
_placeables = st.sampled_from([(kind, text) for kind, texts in _PLACEABLES.items() for text in texts])
_described = _placeables.map(lambda pair: Part(pair[1], pair[0]))
_parts = st.one_of(
    st.builds(Part, _words),
    st.builds(Part, _words, mark=st.sampled_from(_MARKS)),
    st.builds(Part, _words, address=st.sampled_from(_ADDRESSES)),
    _described,
)


@st.composite
def revised(draw: st.DrawFn, *, changed: bool = True) -> Revised:
    """A sentence that begins with a word; not `changed`: the English is the same."""
    base = [Part("the", "word"), Part(draw(_words)), draw(_described), *draw(st.lists(_parts, min_size=1, max_size=4))]
    sign = draw(st.sampled_from([".", "?", ":", ""]))
    language = draw(st.sampled_from([SPANISH, CHINESE]))
    target = draw(_translated(base[1:]))
    new, new_sign = list(base), sign
    for _ in range(draw(st.integers(1, 3)) if changed else 0):
        draw(_edit(new))
    if changed:
        new_sign = draw(st.sampled_from([sign, sign, sign, ".", ":"]))
    return Revised(
        _written(base, sign, ENGLISH), _written(new, new_sign, ENGLISH), _written(target, sign, language), language
    )


@st.composite
def _translated(draw: st.DrawFn, parts: list[Part]) -> list[Part]:
    made = draw(st.permutations(parts)) if draw(st.booleans()) else list(parts)
    liberty = draw(st.sampled_from(["none"] * 4 + ["omit", "add", "unmark"]))
    at = draw(st.integers(0, len(made) - 1))
    if liberty == "omit" and len(made) > 1:
        del made[at]
    elif liberty == "add":
        made.insert(at, draw(_parts))
    elif liberty == "unmark":
        made[at] = replace(made[at], mark="")
    return made


@st.composite
def _edit(draw: st.DrawFn, parts: list[Part]) -> None:
    """Changes one part of the sentence, which begins with an article, in place."""
    what = draw(st.sampled_from(_EDITS))
    fitting = {
        "exchange": [place for place, part in enumerate(parts) if place and (part.kind or part.address)],
        "unmark": [place for place, part in enumerate(parts) if part.mark],
    }.get(what)
    at = draw(st.sampled_from(fitting or range(1, len(parts))))
    part = parts[at]
    if what == "exchange" and part.kind:
        parts[at] = replace(part, text=draw(st.sampled_from(_PLACEABLES[part.kind])))
    elif what == "exchange everywhere" and part.kind:
        text = draw(st.sampled_from(_PLACEABLES[part.kind]))
        parts[:] = [replace(each, text=text) if each.text == part.text else each for each in parts]
    elif what == "exchange" and part.address:
        parts[at] = replace(part, address=draw(st.sampled_from(_ADDRESSES)))
    elif what == "words" and not part.kind:
        parts[at] = replace(part, text=draw(_words))
    elif what == "mark" and not part.kind and not part.address:
        parts[at] = replace(part, mark=draw(st.sampled_from(["", *_MARKS])))
    elif what == "unmark":
        parts[at] = replace(part, mark="")
    elif what == "link" and not part.mark:
        parts[at] = replace(part, address="" if part.address else draw(st.sampled_from(_ADDRESSES)))
    elif what == "delete" and at > 1:
        del parts[at]
    elif what == "insert":
        parts.insert(at + 1, draw(_parts))
    elif what == "move" and len(parts) > 2:
        parts.insert(draw(st.integers(1, len(parts) - 1)), parts.pop(at))
    elif what == "article":
        parts[0] = Part("a", "word")
