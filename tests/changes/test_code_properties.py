"""The promises of a merge of lines, on generated blocks whose comments or texts are all translated."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.changes.code import CodeMerge, merge_code
from bot.changes.line_shapes import read_lines
from bot.model import Versions

COMMENTS = {
    "python": "# {}",
    "js": "// {}",
    "c": "/* {} */",
    "sql": "-- {}",
    "latex": "% {}",
    "lisp": ";; {}",
    "html": "<!-- {} -->",
    "bat": "rem {}",
    "vb": "' {}",
    "ocaml": "(* {} *)",
    "ini": "; {}",
    "fortran": "! {}",
    "": "# {}",
}
TEXTS = {
    "{glossary}": ("Term {0}", "  {0}"),
    "{list-table} Parts": ("* - {0}", "  - {0}"),
    "{admonition} Care": ("- {0}", "  {0}", "1. {0}"),
}
WORDS = ("open", "the", "box", "with", "a", "red", "key", "and", "count", "its", "parts", "slowly", "today", "again")
HAN = "打开红色盒子用钥匙慢数部件今天再来一次完"


class Line(NamedTuple):
    """A line in English and in Chinese, and what the English became: None if deleted; `before` are new lines."""

    english: str
    chinese: str
    became: str | None
    before: tuple[str, ...]
    own: tuple[str, ...]


class Block(NamedTuple):
    fence: str
    lines: list[Line]

    def text(self, lines: list[str]) -> str:
        return "\n".join([f"```{self.fence}", *lines, "```"])

    @property
    def versions(self) -> Versions[str]:
        base = [line.english for line in self.lines]
        new = [text for line in self.lines for text in (*line.before, *([line.became] if line.became else ()))]
        target = [text for line in self.lines for text in (line.chinese, *line.own)]
        return Versions(*map(self.text, (base, new, target)))

    def merged(self) -> CodeMerge:
        return merge_code(self.versions)


@st.composite
def blocks(draw: st.DrawFn, *, is_text: bool) -> Block:
    fence = draw(st.sampled_from(sorted(TEXTS if is_text else COMMENTS)))
    numbers = iter(range(100))

    def wording() -> str:
        words = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6))
        number = next(numbers)
        return " ".join([*words, f"{chr(97 + number // 26)}{chr(97 + number % 26)}" * 3])

    def english(form: str) -> str:
        return form.format(wording())

    lines: list[Line] = []
    for _ in range(draw(st.integers(1, 8))):
        shape = draw(st.sampled_from(TEXTS[fence])) if is_text else COMMENTS[fence]
        chinese = "".join(draw(st.lists(st.sampled_from(HAN), min_size=2, max_size=9)))
        old, theirs = english(shape), shape.format(chinese)
        if not is_text and draw(st.booleans()):
            code = f"x{next(numbers)} = f({next(numbers)})"
            old = theirs = code
            if draw(st.booleans()):
                old, theirs = f"{code}  {english(shape)}", f"{code}  {shape.format(chinese)}"
        change = draw(st.sampled_from(["keep", "keep", "keep", "change", "delete"]))
        became = {"keep": old, "delete": None, "change": english(shape)}[change]
        if change == "change" and " = " in old:
            became = f"{old.split('  ')[0].replace('f(', 'g(')}  {english(shape)}"
        before = (english(shape),) if draw(st.integers(0, 6)) == 0 else ()
        is_code = not is_text and old == theirs
        own = (f"own{next(numbers)}()",) if is_code and draw(st.integers(0, 4)) == 0 else ()
        lines.append(Line(old, theirs, became, before, own))
    return Block(fence, lines)


def check(block: Block) -> None:
    merge, new = block.merged(), block.versions.new
    result = merge.text.split("\n")
    standing = [line.chinese for line in block.lines if line.became == line.english]
    own = [text for line in block.lines for text in line.own]
    # Translations whose English stands, and lines that the translators added, are there in their order.
    expected = [text for line in block.lines for text in ([line.chinese] if line.became == line.english else [])]
    at = iter(result)
    assert all(text in at for text in expected), (expected, result)
    assert not Counter([*standing, *own]) - Counter(result)
    # Each line of the new English stands once, in either language.
    assert len(result) == len(new.split("\n")) + len(own)
    localised = Counter(line.chinese for line in block.lines if line.chinese != line.english)
    gone = localised - Counter(standing) - Counter(new.split("\n"))
    told = Counter(text.rstrip("\n") for pair in merge.replaced for text in pair.localised)
    assert not gone - told, "a translation that was replaced is told"
    assert merge_code(Versions(new, new, merge.text)).text == merge.text


@settings(max_examples=60)
@given(blocks(is_text=False))
def test_each_line_of_code_is_people_s_or_the_new_english(block: Block) -> None:
    check(block)


@settings(max_examples=60)
@given(blocks(is_text=True))
def test_each_line_of_a_text_is_people_s_or_the_new_english(block: Block) -> None:
    check(block)


@settings(max_examples=60)
@given(blocks(is_text=False))
def test_without_comments_the_code_is_the_english_one(block: Block) -> None:
    own = {text for line in block.lines for text in line.own}
    codes = [
        [line.code for line in read_lines([f"{text}\n" for text in version.split("\n")]) if line.code]
        for version in (block.versions.new, block.merged().text)
    ]
    if block.fence not in ("", "bat"):  # without a language, or with `rem` behind code, a comment is not sure to be one
        assert [code for code in codes[1] if code not in own] == codes[0]


@settings(max_examples=60)
@given(st.booleans().flatmap(lambda is_text: blocks(is_text=is_text)))
def test_what_the_translation_has_already_is_not_added_again(block: Block) -> None:
    assume(all(line.became for line in block.lines))
    once = block.merged().text
    assert merge_code(block.versions._replace(target=once)).text == once
