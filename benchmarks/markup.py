"""Every distinct sentence of the English book through HTML for Amazon Translate and back, and damage to it.

usage: python -m benchmarks.markup [--all]
A machine that copies (as the service does it: white space shifted around inline elements, entities escaped) must give
the sentence itself; one that drops, doubles, alters, nests or swaps elements must be found out, and one that reorders
them reported. Goal: 100 % of 1,000 sentences, or of all.
"""

from __future__ import annotations

import argparse
import html
import itertools
import random
import re
import sys
import tempfile
import time
from collections import Counter

from benchmarks.books import clone, git, lang
from bot.documents import parse
from bot.engines.html.markup import Decoded, Encoded, decode, encode
from bot.model import Language

SENTENCES = 1000
_PLACEABLE = re.compile(r'<span translate="no" id="\w+">[^<]*</span>')
_TAG = re.compile(r"</?[a-z]+[^>]*>")
_TOKEN = re.compile(rf"({_PLACEABLE.pattern}|{_TAG.pattern})")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def shifted(answer: str, chance: random.Random) -> str:
    """A copy as the service may return it."""
    pieces = _TOKEN.split(answer)
    for index, piece in enumerate(pieces):
        if index % 2:
            if piece.startswith("<span"):
                content = _escaped(_content(piece), chance)
                space = chance.choice(["", "", "", " "])
                pieces[index] = piece.replace(f">{_content(piece)}<", f">{space}{content}{space}<")
        else:
            pieces[index] = _spaces(piece, chance)
    return "".join(pieces)


def _spaces(text: str, chance: random.Random) -> str:
    words = text.strip()
    if not words:
        return chance.choice(["", " ", "\n", text])
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return chance.choice(["", " ", lead]) + _escaped(words, chance) + chance.choice(["", " ", trail])


def _escaped(text: str, chance: random.Random) -> str:
    return chance.choice([text, text.replace('"', "&quot;").replace("'", "&#39;").replace(">", "&#62;")])


def damages(encoded: Encoded, chance: random.Random) -> dict[str, str]:
    """Answers in which one placeable or tag is not what it was, by what happened to it."""
    answer = encoded.html
    found: dict[str, str] = {}
    placeables = list(_PLACEABLE.finditer(answer))
    tags = list(re.finditer(r'<(em|strong|s|a|b) id="\w+">', answer))
    if placeables:
        one = chance.choice(placeables)
        inside = one[0].index(">") + 1
        found["placeable dropped"] = answer[: one.start()] + answer[one.end() :]
        found["placeable doubled"] = f"{answer} {one[0]}"
        found["placeable altered"] = answer[: one.start() + inside] + "x" + answer[one.start() + inside :]
        found["placeable without its id"] = answer.replace(one[0], re.sub(r' id="\w+"', "", one[0]))
        found["placeable as text"] = answer.replace(one[0], re.sub(r"<[^>]*>", "", one[0]))
        found["placeable in a new element"] = answer.replace(one[0], f"<b>{one[0]}</b>")
        others = [other for other in placeables if other is not one]
        if others:
            other = chance.choice(others)
            nested = other[0].replace("</span>", f"{one[0]}</span>")
            found["placeable nested"] = answer.replace(one[0], "").replace(other[0], nested)
            if _content(one[0]) != _content(other[0]):
                swap = {one[0]: _with_content(one[0], other[0]), other[0]: _with_content(other[0], one[0])}
                found["contents swapped"] = _PLACEABLE.sub(lambda m: swap.get(m[0], m[0]), answer)
    if tags:
        tag = chance.choice(tags)
        end = _end(answer, tag)
        closing = f"</{tag[1]}>"
        found["tag dropped"] = answer[: tag.start()] + answer[tag.end() : end] + answer[end + len(closing) :]
        found["tag not closed"] = answer[:end] + answer[end + len(closing) :]
        found["tag doubled"] = answer + answer[tag.start() : tag.end()] + "x" + closing
        found["tag split"] = answer[: tag.end()] + f"x{closing}{tag[0]}" + answer[tag.end() :]
        found["tag emptied of words"] = answer[: tag.end()] + answer[end:]
        inner = _PLACEABLE.search(answer, tag.end(), end)
        if inner:
            found["placeable out of its tag"] = (
                answer[: inner.start()] + answer[inner.end() : end] + closing + inner[0] + answer[end + len(closing) :]
            )
        outer = next((m for m in placeables if m.end() <= tag.start() or m.start() >= end), None)
        if outer and not re.search(r"<", answer[min(outer.end(), tag.end()) : max(outer.start(), tag.start())]):
            found["placeable into a tag"] = answer.replace(outer[0], "").replace(tag[0], tag[0] + outer[0])
    return found


def _content(placeable: str) -> str:
    return placeable[placeable.index(">") + 1 : placeable.rindex("<")]


def _with_content(placeable: str, other: str) -> str:
    return placeable[: placeable.index(">") + 1] + _content(other) + "</span>"


def _end(answer: str, tag: re.Match[str]) -> int:
    """Where the closing tag of `tag` begins."""
    depth = 0
    for match in re.finditer(rf"<(/?){tag[1]}\b[^>]*>", answer[tag.end() :]):
        if not match[1]:
            depth += 1
        elif depth == 0:
            return tag.end() + match.start()
        else:
            depth -= 1
    raise ValueError(f"{tag[0]} is not closed in {answer}")


def reordered(encoded: Encoded) -> str | None:
    """The answer with two different placeables of the same parent in each other's place, if there are any."""
    parents, elements = encoded.line.parents, encoded.elements
    keys = [key for key in parents if not elements[key].is_tag]
    for one, other in itertools.combinations(keys, 2):
        if parents[one] == parents[other] and elements[one].opening != elements[other].opening:
            spans = {_id(match[0]): match[0] for match in _PLACEABLE.finditer(encoded.html)}
            return encoded.html.replace(spans[one], "\0").replace(spans[other], spans[one]).replace("\0", spans[other])
    return None


def _id(placeable: str) -> str:
    return placeable.split('id="', 1)[1].split('"', 1)[0]


def sentences(english: Language) -> list[str]:
    """The distinct sentences of the English book at main."""
    found: dict[str, None] = {}
    with tempfile.TemporaryDirectory() as folder:
        repo = clone("en", folder)
        for name in git(repo, "ls-tree", "-r", "--name-only", "main").splitlines():
            if name.endswith(".md"):
                segments = parse(git(repo, "show", f"main:{name}"), english).segments
                found.update((segment.text, None) for segment in segments if segment.is_prose)
    return list(found)


def copying_faults(texts: list[str], source: Language, targets: list[Language], chance: random.Random) -> list[str]:
    """The sentences that don't come back from a machine that copies, exactly or as the service does."""
    wrong: list[str] = []
    for text in texts:
        encoded = encode(text, source)
        target = chance.choice(targets)
        for answer in (encoded.html, shifted(encoded.html, chance)):
            if (decoded := decode(encoded, answer, target)) != Decoded(text):
                wrong.append(f"{text!r} came back as {decoded} from {answer}")
        if encoded.characters != len(html.unescape(_TAG.sub("", encoded.html))):
            wrong.append(f"{encoded.characters} characters are not those of {encoded.html}")
    return wrong


def damage_faults(
    texts: list[str], source: Language, target: Language, chance: random.Random
) -> tuple[list[str], Counter[str]]:
    """The damage that was not found, and how often each kind was tried."""
    wrong: list[str] = []
    tried: Counter[str] = Counter()
    for text in texts:
        encoded = encode(text, source)
        for name, answer in damages(encoded, chance).items():
            tried[name] += 1
            if not decode(encoded, answer, target).problem:
                wrong.append(f"{name} not found: {answer}")
        if answer := reordered(encoded) or "":
            tried["reordered"] += 1
            if not decode(encoded, answer, target).reordered:
                wrong.append(f"reordered not reported: {answer}")
    return wrong, tried


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="every sentence of the book, not 1,000 with markup")
    wants_all = parser.parse_args().all
    english, german = lang("en"), lang("de")
    chance = random.Random(1)
    texts = sentences(english)
    if not wants_all:
        texts = chance.sample([text for text in texts if encode(text, english).elements], SENTENCES)
    started = time.perf_counter()
    changed = copying_faults(texts, english, [german, lang("zh")], chance)
    seconds = time.perf_counter() - started
    missed, tried = damage_faults(texts, english, german, chance)
    print("\n".join([*changed[:10], *missed[:10]]))
    print(
        f"{len(texts):,} distinct sentences, each copied twice in {seconds:.1f} s altogether; changed: {len(changed)}"
    )
    print(f"damaged answers: {tried.total():,}; not found: {len(missed)}")
    print(", ".join(f"{name} {count:,}" for name, count in tried.items()))
    return 1 if changed or missed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
