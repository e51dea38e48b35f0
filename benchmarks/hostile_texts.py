"""Texts that are made to be slow to read: one kind each, of any length. `benchmarks.hostile_sizes` times them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

Text = Callable[[int], str]
"""A text of about so many bytes."""


def repeated(unit: str) -> Text:
    """The same over and over."""
    return lambda size: unit * (size // len(unit.encode()) + 1)


def numbered(piece: Callable[[int], str]) -> Text:
    """Pieces that differ by a number, one behind the other."""
    return lambda size: "".join(_until(size, map(piece, count(1))))


def nested(opening: Callable[[int, int], str], closing: Callable[[int, int], str], inside: str) -> Text:
    """Openings and closings around a text; both are given the depth and the number of all."""

    def make(size: int) -> str:
        depth = 1
        while sum(len(opening(k, depth) + closing(k, depth)) for k in (0, depth // 2, depth - 1)) * depth < 3 * size:
            depth = int(depth * 1.2) + 1
        return (
            "".join(opening(k, depth) for k in range(depth))
            + inside
            + "".join(closing(k, depth) for k in reversed(range(depth)))
        )

    return make


def _until(size: int, pieces: Iterator[str]) -> Iterator[str]:
    made = 0
    while made < size:
        piece = next(pieces)
        made += len(piece.encode())
        yield piece


# Marks that open something and are never closed: who looks for the end of each looks through all that follows.
_UNCLOSED = {
    "brackets": "[",
    "brackets and words": "[word ",
    "images": "![",
    "brackets closed and opened": "](",
    "links without an end": "[word](",
    "stars": "*word ",
    "double stars": "**word ",
    "stars of three widths": "*word **word ***word ",
    "underscores": "_word ",
    "stars amid words": "word*word_word ",
    "tildes": "~~word ",
    "dollars": "$word ",
    "double dollars": "$$word ",
    "double dollars on lines": "word $$word\n",
    "tags": "<word ",
    "tags with attributes": '<word word="',
    "comments": "<!-- ",
    "processing instructions": "<? ",
    "declarations": "<!A ",
    "marked sections": "<![CDATA[ ",
    "parentheses": "(word ",
    "quotation marks": '"word ',
    "curly quotation marks": "“word. ",
    "footnote marks": "[^word ",
    "footnote definitions": "[^word]: ",
    "backslashes": "\\",
    "ampersands": "&word",
    "braces": "{word ",
    "roles": ":label:`",
    "addresses": "http://",
    "slide marks": "(**word ",
}

# Long runs of one kind in a paragraph.
_RUNS = {
    "one letter": "a",
    "abbreviations": "e.g. ",
    "full stops": ".",
    "numbers with full stops": "1.2.",
    "list numbers": "No. 1. ",
    "single letters with full stops": "A. ",
    "small letters with full stops": "a. ",
    "question and exclamation marks": "?! ",
    "dots and spaces": "... ",
    "spaces": " " * 64 + "w",
    "tabs": "\tw",
    "combining marks": "\u0301",
    "Chinese without stops": "学习",
    "Chinese stops": "。",
    "Chinese words of one letter": "学。",
    "emoji": "\U0001f468\u200d\U0001f469 ",
    "right to left": "שלום. ",
    "words of one sentence": "word ",
    "one-word sentences": "Word. ",
    "equal sentences": "The weights of the model are learned. ",
    "quoted sentences": "“The weights of the model. Learned from it.” ",
    "bracketed sentences": "(The weights of the model. Learned.) ",
    "hyphens": "-",
    "equal signs": "=",
    "bars": "|",
    "hashes": "#",
    "hard breaks": "Word.  \n",
    "backslash breaks": "word\\\n",
    "short lines": "w\n",
    "carriage returns": "w\r",
    "blank lines": "\n",
    "inline formulas": "The $x$ and $y$. ",
    "code spans": "The `x` and `y`. ",
    "links": "The [word](http://a.b/c). ",
    "addresses in brackets": "<http://a.b/c> ",
    "emphasis": "*Word.* **Word** ",
    "tags in pairs": "<b>word</b> ",
    "labels amid words": "word :label:`x` ",
    "escapes": "\\*\\_",
    "entities": "&amp;&#x41;",
    "superscripts": "word.<sup>1</sup> ",
}

# Blocks by the thousand, and blocks in blocks.
_BLOCKS: dict[str, Text] = {
    "paragraphs of one letter": repeated("a\n\n"),
    "equal paragraphs": repeated("The weights of the model are learned.\n\n"),
    "equal headings": repeated("# A title\n\n"),
    "headings with one label": repeated("# A title\n:label:`sec_one`\n\n"),
    "headings with labels": numbered(lambda k: f"# A title\n:label:`sec_{k}`\n\n"),
    "underlined headings": repeated("A title\n=======\n\n"),
    "list items": numbered(lambda k: f"- item {k}\n"),
    "loose list items": repeated("1. item\n\n"),
    "table rows": lambda size: "| a | b |\n|---|---|\n" + numbered(lambda k: f"| row {k} | word |\n")(size),
    "table columns": lambda size: "\n".join(("| a " * (size // 12), "|---" * (size // 12), "| b " * (size // 12))),
    "definitions of one label": repeated("[label]: http://a.b/c\n"),
    "definitions": numbered(lambda k: f"[label {k}]: http://a.b/{k}\n"),
    "references to definitions": numbered(lambda k: f"[label {k}]: http://a.b/{k}\n\nSee [label {k}] here.\n\n"),
    "footnotes": numbered(lambda k: f"A word.[^{k}]\n\n[^{k}]: A note.\n\n"),
    "code blocks": repeated("```\nx\n```\n\n"),
    "fences that grow": lambda size: "\n".join("`" * (3 + k) + "\nx\n" for k in range(int((2 * size) ** 0.5))),
    "fences that open": repeated("```python\n\n~~~~\n"),
    "one code block": lambda size: "```python\n" + numbered(lambda k: f"value = {k}  # a word\n")(size) + "```\n",
    "front matter": lambda size: "---\n" + numbered(lambda k: f"key{k}: value\n")(size) + "---\n\nText.\n",
    "tags of blocks": repeated("<div>\n\n"),
    "comment blocks": repeated("<!-- a word -->\n\n"),
    "lines of comments": repeated("% a word\n"),
    "rules": repeated("---\n\n"),
    "images": numbered(lambda k: f"![A word.](img/{k}.png)\n:width:`100px`\n\n"),
    "formulas": numbered(lambda k: f"$$x = {k}$$\n\n"),
    "formulas on lines": repeated("$$\nx = 1\n> y\n$$\n\n"),
    "tabs of a book": repeated(":begin_tab:`a`\nWord.\n:end_tab:\n\n"),
    "tabs without end": repeated(":begin_tab:`a`\nWord.\n\n"),
    "directives": repeated("```{note}\nWord.\n```\n\n"),
    "colon fences": repeated(":::{note}\nWord.\n:::\n\n"),
    "colon fences without end": repeated(":::{note}\n\n"),
    "captions": repeated(":A word.\n:label:`x`\n"),
    "quotes": repeated("> A word.\n\n"),
    "quotes in quotes": lambda size: ">" * size + " word",
    "lists in lists": lambda size: "- " * (size // 2) + "word",
    "lists by indentation": lambda size: "".join("  " * k + "- word\n" for k in range(int(size**0.5))),
    "quotes and lists": repeated("> - "),
    "numbers in numbers": repeated("1. "),
    "quoted lines": numbered(lambda k: ">" * (k % 60) + " word\n"),
    "brackets in brackets": nested(lambda _k, _n: "[", lambda _k, _n: "]", "word"),
    "links in links": nested(lambda _k, _n: "[", lambda _k, _n: "](a)", "word"),
    "images in images": nested(lambda _k, _n: "![", lambda _k, _n: "](a)", "word"),
    "sentences in emphasis": nested(lambda _k, _n: "*A word. **B. ", lambda _k, _n: " C.** D.*", "word"),
    "emphasis in emphasis": nested(lambda _k, _n: "*a **b ", lambda _k, _n: " b** a*", "word"),
    "directives in directives": nested(
        lambda k, n: "`" * (n + 3 - k) + "{note}\n", lambda k, n: "`" * (n + 3 - k) + "\n", "Word.\n"
    ),
    "backticks of all widths": lambda size: " ".join("`" * k for k in range(1, int((2 * size) ** 0.5))),
}

TEXTS: dict[str, Text] = {
    **{f"unclosed {name}": repeated(unit) for name, unit in _UNCLOSED.items()},
    **{f"a run of {name}": repeated(unit) for name, unit in _RUNS.items()},
    **_BLOCKS,
}
