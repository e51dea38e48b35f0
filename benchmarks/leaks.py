"""Plants leaks among the sentences of the real books: each must be found, and nothing else be taken for one.

usage: python -m benchmarks.leaks [--seed S]
In each language 200 sentences of five articles, drawn by chance, are planted among the sentences of all others: in turn
as they are, wrapped otherwise, and with one word changed. The others have some sentences near one of the five
articles by themselves: what is found and was not planted is measured by a second, slow implementation, and is a
false positive where that says otherwise. In a script without spaces a changed word is two characters, of sentences of
ten or more: below that one word is more than the fifth that may differ.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.books import clone, git, lang, read_blobs
from bot.documents import parse
from bot.evaluation.leaks import THRESHOLD, Leak, find_leaks
from bot.model import Language

_PLANTED = 200
_ARTICLES = 5
_LEAST_WORDS, _LEAST_CHARACTERS = 3, 10
_LANGUAGES = ("en", "zh", "tr")


def read_sentences(repo: Path, language: Language, generator: random.Random) -> tuple[list[str], list[str]]:
    """The distinct sentences of the articles that are examined, and those of all others."""
    paths = [path for path in git(repo, "ls-tree", "-r", "--name-only", "main").splitlines() if path.endswith(".md")]
    chapters = [f"main:{path}" for path in paths if path.startswith("chapter_") and not path.endswith("_origin.md")]
    texts = [
        [one.text for one in parse(data.decode("utf-8"), language).segments if one.is_prose]
        for _, data in read_blobs(repo, chapters)
    ]
    generator.shuffle(texts)
    texts.sort(key=lambda text: sum(_is_long(one, language) for one in text) < _PLANTED // _ARTICLES)
    examined, others = (
        dict.fromkeys(one for text in some for one in text) for some in (texts[:_ARTICLES], texts[_ARTICLES:])
    )
    return list(examined), list(others)


def plant(sentences: Sequence[str], language: Language, generator: random.Random) -> list[str]:
    """Leaks of `_PLANTED` sentences: every third as it is, wrapped otherwise, with a word changed."""
    long = [text for text in sentences if _is_long(text, language)]
    chosen = generator.sample(long, _PLANTED)
    return [
        (text, _wrapped(text, generator), _changed(text, language, generator))[n % 3] for n, text in enumerate(chosen)
    ]


def _is_long(text: str, language: Language) -> bool:
    return len(text.split()) >= _LEAST_WORDS if language.has_spaces else len(text) >= _LEAST_CHARACTERS


def _wrapped(text: str, generator: random.Random) -> str:
    """A line break for one of its spaces, or in the middle where it has none."""
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    if not spaces:
        place = generator.randrange(1, len(text))
        return f"{text[:place]}\n{text[place:]}"
    place = generator.choice(spaces)
    return f"{text[:place]}\n  {text[place + 1 :]}"


def _changed(text: str, language: Language, generator: random.Random) -> str:
    if language.has_spaces:
        words = text.split()
        words[generator.randrange(len(words))] = "otherwise"
        return " ".join(words)
    place = generator.randrange(len(text) - 1)
    return f"{text[:place]}别的{text[place + 2 :]}"


def is_near(one: str, other: str) -> bool:
    """The definition, written down plainly: similarity of the characters, or all but a word on each side the same."""
    left, right = (" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in (one, other))
    if 2 * _common(left, right) >= THRESHOLD * (len(left) + len(right)):
        return True
    words = left.split(), right.split()
    return min(map(len, words)) > 1 and _common(*words) >= max(map(len, words)) - 1


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for one in left:
        before = 0
        for place, other in enumerate(right, 1):
            before, row[place] = row[place], before + 1 if one == other else max(row[place], row[place - 1])
    return row[-1]


def measure(name: str, repo: Path, generator: random.Random) -> bool:
    """Whether all is found and nothing else; prints the figures of a language."""
    language = lang(name)
    examined, others = read_sentences(repo, language, generator)
    planted = plant(examined, language, generator)
    started = time.perf_counter()
    found = find_leaks([*others, *planted], examined).found
    seconds = time.perf_counter() - started
    missed = sum(leak is None for leak in found[len(others) :])
    by_themselves = list(_leaks(found[: len(others)]))
    false = [leak for leak in by_themselves if not is_near(leak.taught, leak.examined)]
    print(
        f"{name}: {len(others):,} sentences compared with {len(examined):,} in {seconds:.1f} s; "
        f"{_PLANTED - missed} of {_PLANTED} planted leaks found; {len(by_themselves)} near by themselves, "
        f"{len(false)} of them falsely"
    )
    for leak in false:
        print(f"    {leak.taught!r} is not near {leak.examined!r}")
    return not missed and not false


def _leaks(found: Sequence[Leak | None]) -> Iterator[Leak]:
    return (leak for leak in found if leak is not None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        right = [measure(name, clone(name, folder), generator) for name in _LANGUAGES]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
