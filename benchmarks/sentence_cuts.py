"""Counts wrong and missed cuts between sentences, language by language.

usage: python -m benchmarks.sentence_cuts [--history]
Three tables: on the paragraphs of tests/golden/sentences, where a person marked every cut; on the gold documents; and
on the whole books, where nobody marked any, the cuts that look wrong or missing. `--history` adds every version that
the books ever had, where broken emphasis is found.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import sentencex

from benchmarks.books import SHARED, clone, git, markdown_blobs, read_blobs
from bot.book.package_data import known_language
from bot.documents import parse
from bot.model import Document

CORPUS = Path(__file__).parents[1] / "tests" / "golden" / "sentences"
_SPACE = re.compile(r"\s+")
# An end in the middle of a sentence that leaves no doubt: a full stop of Chinese, or a long word and a capital.
_INNER_END = re.compile(r"[。！？](?=[\w`$:])|[^\W\d_]{4,}[.?!]\s+(?=[A-ZÇĞİÖŞÜ][a-zçğıöşü])")
_ASIDES = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]|[“\"「][^“”\"「」]*[”\"」]|`[^`]*`|\$[^$]*\$")
_WRONG_END = re.compile(r"(?<!\w)(?:e\.g|i\.e|cf|[Ff]igs?|[Ee]qs?|[Bb]kz|[Öö]rn|[Vv]s|Dr|Prof|[A-Z])\.$")
_TABLE = "{:16}{:>11}{:>18}{:>10}{:>14}{:>10}"


def cuts(parts: Iterable[str]) -> set[int]:
    """Where the second, third … part begins, counted in characters that are no white space."""
    at, found = 0, set()
    for part in parts:
        found.add(at)
        at += len(_SPACE.sub("", part))
    return found - {0}


def _differences(wanted: set[int], found: set[int]) -> tuple[int, int]:
    return len(found - wanted), len(wanted - found)


def print_corpus() -> None:
    print(_TABLE.format("own sentences", "cuts", "sentencex wrong", "missed", "AMTS wrong", "missed"))
    sums = [0] * 5
    for path in sorted(CORPUS.glob("*.txt")):
        row, language = [0] * 5, known_language(path.stem)
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.replace("| ", "").replace("|", "")
            wanted = cuts(line.split("|"))
            theirs = _differences(wanted, cuts(sentencex.segment(language.splitter, text)))
            ours = _differences(wanted, cuts(segment.text for segment in parse(text, language).segments))
            row = [a + b for a, b in zip(row, (len(wanted), *theirs, *ours), strict=True)]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        print(_TABLE.format(path.stem, *row))
    print(_TABLE.format("all", *sums))


def print_gold() -> None:
    print(f"\n{'gold sentences':16}{'cuts':>11}{'wrong':>18}{'missed':>10}")
    for name in ("vi", "zh"):
        for side in ("en", "xx"):
            wrong = missed = total = 0
            for path in sorted((SHARED / "gold" / name).glob("*.gold.json")):
                gold = json.loads(path.read_text(encoding="utf-8"))
                text = path.with_name(path.name.replace("gold.json", f"{side}.md")).read_text(encoding="utf-8")
                document = parse(text, known_language("en" if side == "en" else gold["lang"]))
                starts = [start for start, _ in gold[side]]
                for block in document.blocks:
                    wanted = {start for start in starts if block.start <= start < block.end}
                    if wanted and block.kind.is_prose:
                        found = {document.segments[i].start for i in range(block.first, block.last)}
                        extra, lost = _differences(wanted, found)
                        wrong, missed, total = wrong + extra, missed + lost, total + len(wanted) - 1
            print(f"{name + ' ' + side:16}{total:11,}{wrong:18}{missed:10}")


def _documents(name: str, folder: str, *, history: bool) -> Iterator[Document]:
    repository = clone(name, folder)
    listed = git(repository, "ls-tree", "-r", "--name-only", "main").splitlines()
    names = [f"main:{path}" for path in listed if path.endswith(".md") and not path.endswith(("_origin.md", "_en.md"))]
    for _, data in read_blobs(repository, markdown_blobs(repository) if history else names):
        yield parse(data.decode(), known_language(name))


def print_books(*, history: bool) -> None:
    title = "every version" if history else "books, newest"
    print(f"\n{title:16}{'sentences':>11}{'looks wrong':>18}{'missed':>10}{'glued by *':>14}{'longest':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("zh", "tr") if history else ("en", "zh", "tr"):
            sentences = wrong = missed = glued = longest = 0
            seen: set[tuple[str, ...]] = set()
            for document in _documents(name, folder, history=history):
                for block in document.blocks:
                    texts = tuple(document.segments[i].text for i in range(block.first, block.last))
                    if not block.kind.is_prose or texts in seen:
                        continue
                    seen.add(texts)
                    sentences += len(texts)
                    wrong += sum(bool(_WRONG_END.search(text)) for text in texts[:-1])
                    for text in texts:
                        inside = len(_INNER_END.findall(_ASIDES.sub("x", text)))
                        missed += inside
                        if inside >= 2 and "*" in text:
                            glued, longest = glued + 1, max(longest, inside + 1)
            print(f"{name:16}{sentences:11,}{wrong:18}{missed:10}{glued:14}{longest:10}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--history", action="store_true", help="every version of the books, too")
    arguments = parser.parse_args()
    print_corpus()
    print_gold()
    print_books(history=False)
    if arguments.history:
        print_books(history=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
