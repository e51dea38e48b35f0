"""Revisions and translations that are made to be slow to match. `benchmarks.hostile_sizes` times them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from bot.model import Versions

Revisions = Callable[[int], Versions[str]]
"""The base, the new English and the translation, each of about so many bytes."""

# For words of the source a word of the translation: texts that a search must align by what it learns.
_FOREIGN = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувжшчз")
_PASSAGE = (
    "the model learns a weight from each example and the loss falls while data of another kind would need more layers "
    "so that every gradient points where training error is least which takes many small steps through its space"
)
_WORDS = tuple(_PASSAGE.split())


def translated(text: str) -> str:
    """The text with other letters: what a translation is to a program that knows no language."""
    return text.translate(_FOREIGN)


def sentences(size: int, seed: int = 0) -> list[str]:
    """Different sentences of about 70 characters."""
    chance = random.Random(seed)
    texts = (" ".join(chance.choices(_WORDS, k=12)) for _ in range(size // 70))
    return [f"{text.capitalize()} {k}." for k, text in enumerate(texts)]


def edited(text: str) -> Versions[str]:
    """Any text with a sentence that comes in half-way, and its translation."""
    place = text.find("\n\n", len(text) // 2)
    middle = len(text) // 2 if place < 0 else place
    fresh = "\n\nA sentence that is new here.\n\n" if place >= 0 else " new "
    return Versions(text, text[:middle] + fresh + text[middle:], translated(text))


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n\n".join(texts) + "\n"


def _shuffled(texts: Sequence[str]) -> list[str]:
    return random.Random(1).sample(texts, len(texts))


def _of(
    change: Callable[[list[str]], Sequence[str]], target: Callable[[list[str]], Sequence[str]] | None = None
) -> Revisions:
    """Different sentences, changed, with the translation of each, or as `target` has it."""

    def make(size: int) -> Versions[str]:
        base = sentences(size)
        translation = [translated(text) for text in (base if target is None else target(base))]
        return Versions(_paragraphs(base), _paragraphs(change(base)), _paragraphs(translation))

    return make


def _one(
    unit: Callable[[int], str], change: Callable[[list[str]], Sequence[str]], around: tuple[str, str] = ("", "")
) -> Revisions:
    """One sentence or block of many pieces that are changed."""

    def make(size: int) -> Versions[str]:
        number = size // len(unit(10_000))
        pieces = [unit(k) for k in range(number)]
        texts = ("".join((around[0], *parts, around[1])) for parts in (pieces, change(pieces)))
        base, new = texts
        return Versions(base, new, translated(base) if not around[0] else base)

    return make


def _equal(size: int) -> list[str]:
    return ["The weights of the model are learned."] * (size // 40)


def _cycle(size: int, length: int) -> list[str]:
    return [f"The weights of part {k % length} are learned." for k in range(size // 40)]


def _same(texts: list[str]) -> list[str]:
    return texts


def _reversed(texts: list[str]) -> list[str]:
    return texts[::-1]


def _one_word(texts: list[str]) -> list[str]:
    return [text.replace(" ", " now ", 1) for text in texts]


def _other(texts: list[str]) -> list[str]:
    return sentences(sum(map(len, texts)), seed=2)


def _versions(base: Sequence[str], new: Sequence[str], target: Sequence[str]) -> Versions[str]:
    return Versions(_paragraphs(base), _paragraphs(new), _paragraphs([translated(text) for text in target]))


REVISIONS: dict[str, Revisions] = {
    "nothing changes": _of(_same),
    "sentences in reverse": _of(_reversed),
    "sentences moved round": _of(lambda texts: texts[len(texts) // 2 :] + texts[: len(texts) // 2]),
    "sentences shuffled": _of(_shuffled),
    "a word in each sentence": _of(_one_word),
    "a word in each shuffled sentence": _of(lambda texts: _one_word(_shuffled(texts))),
    "all sentences new": _of(_other),
    "every second sentence deleted": _of(lambda texts: texts[::2]),
    "every sentence deleted": _of(lambda texts: texts[:1]),
    "every sentence twice": _of(lambda texts: [text for text in texts for _ in range(2)]),
    "sentences joined": _of(lambda texts: [" ".join(texts)]),
    "a translation in reverse": _of(_one_word, _reversed),
    "a translation shuffled": _of(_one_word, _shuffled),
    "a translation of half": _of(_one_word, lambda texts: texts[::2]),
    "a translation twice": _of(_one_word, lambda texts: [text for text in texts for _ in range(2)]),
    "a translation of something else": _of(_one_word, _other),
    "a translation in one paragraph": _of(_one_word, lambda texts: [" ".join(texts)]),
    "a translation in one sentence": _of(_one_word, lambda texts: [" ".join(texts).replace(".", ",")]),
    "no translation": _of(_one_word, lambda _: ["A word."]),
    "the English in the translation's place": lambda size: Versions(
        *(_paragraphs(part(sentences(size))) for part in (_same, _one_word, _same))
    ),
    "equal sentences, more of them": lambda size: _versions(_equal(size), _equal(size) * 2, _equal(size)),
    "equal sentences, fewer translations": lambda size: _versions(_equal(size), _equal(size), _equal(size // 2)),
    "equal sentences, others between": lambda size: _versions(
        _equal(size), [text for k in range(size // 80) for text in (*_equal(40), f"Number {k}.")], _equal(size)
    ),
    "sentences in a cycle of 3": lambda size: _versions(_cycle(size, 3), _cycle(size, 3)[1:], _cycle(size, 3)[:-1]),
    "cycles of 7 and 11": lambda size: _versions(_cycle(size, 7), _cycle(size, 11), _cycle(size, 7)),
    "labels in reverse": lambda size: _versions(
        *([f"# Title {k}\n:label:`sec_{k}`" for k in range(size // 30)][::step] for step in (1, -1, 1))
    ),
    "numbers in a sentence": _one(lambda k: f"word {k} and ", lambda parts: [part + "7 " for part in parts]),
    "formulas in a sentence": _one(lambda k: f"word $x_{k}$ and ", _reversed),
    "code in a sentence": _one(lambda k: f"word `x{k}` and ", lambda parts: [p.replace("x", "y") for p in parts]),
    "links in a sentence": _one(lambda k: f"[word {k}](http://a.b/{k}) ", _shuffled),
    "emphasis in a sentence": _one(lambda k: f"*word {k}* and ", lambda parts: [p.replace("*", "**") for p in parts]),
    "words of a sentence changed": _one(lambda k: f"{_WORDS[k % 38]} {_WORDS[k % 37]} ", _shuffled),
    "words of a sentence added": _one(lambda k: f"{_WORDS[k % 38]} {_WORDS[k % 37]} ", lambda parts: parts * 2),
    "code lines in reverse": _one(lambda k: f"x{k} = {k}  # word\n", _reversed, ("```python\n", "```\n")),
    "code lines changed": _one(
        lambda k: f"x{k} = {k}  # word\n", lambda p: [line.replace("=", "+=") for line in p], ("```python\n", "```\n")
    ),
    "equal code lines": _one(lambda _: "x = 1\n", lambda parts: parts[: len(parts) // 2], ("```python\n", "```\n")),
    "code blocks changed": _one(lambda k: f"```\nx = {k}\n```\n\n", lambda p: [b.replace("=", "+=") for b in p]),
    "code blocks in reverse": _one(lambda k: f"```\nx = {k}\n```\n\n", _reversed),
    "table rows in reverse": _one(lambda k: f"| word {k} | other |\n", _reversed, ("| a | b |\n|---|---|\n", "")),
    "tabs in reverse": _one(lambda k: f":begin_tab:`a`\nWord {k}.\n:end_tab:\n\n", _reversed),
    "directives in reverse": _one(lambda k: f"```{{note}}\nWord {k}.\n```\n\n", _reversed),
}
