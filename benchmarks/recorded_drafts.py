"""Builds a translation memory of real Amazon Translate output: the raw drafts in the history of the Chinese book.

usage: python -m benchmarks.recorded_drafts OUTPUT.tmx
The list of drafts names a commit and a path for each of 79 articles; beside the path lies the English that it is the
draft of. Sentences are aligned, and whole paragraphs are kept too. The emulator answers from the file
(`amts emulator --memory OUTPUT.tmx`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.books import SHARED, clone, git, lang, read_blobs
from bot.alignment import align
from bot.alignment.beads import paragraph_beads
from bot.documents import decode, parse
from bot.memory import collect_units
from bot.memory.formats import to_tmx
from bot.model import Direction, Document, TranslationUnit

_LANGUAGES = Direction(lang("en"), lang("zh"))


def drafts(repo: Path) -> list[tuple[str, Document, Document]]:
    """Path, English and draft of each article."""
    listed = json.loads((SHARED / "d2l" / "zh-machine-drafts.json").read_text(encoding="utf-8"))
    found = []
    for entry in listed:
        path, commit = entry["path"], entry["commit"]
        english = f"{commit}:{path.removesuffix('.md')}_origin.md"
        texts = dict(read_blobs(repo, [english, f"{commit}:{path}"]))
        if len(texts) == 2:
            documents = [decode(data, name) for name, data in texts.items()]
            found.append((path, parse(documents[0], _LANGUAGES[0]), parse(documents[1], _LANGUAGES[1])))
    return found


def recorded(repo: Path) -> list[TranslationUnit]:
    """What the machine made of each sentence and of each paragraph of more than one."""
    units: list[TranslationUnit] = []
    for path, english, draft in drafts(repo):
        beads = align(english, draft, _LANGUAGES)
        for level in (beads, paragraph_beads(english, draft, beads)):
            units += (unit for unit in collect_units(english, draft, level, path) if unit.kind.is_prose)
    return units


def write_memory(repo: Path, output: Path) -> int:
    """Writes the TMX file; the number of its units."""
    units = list({unit.source: unit for unit in recorded(repo)}.values())
    output.write_text(to_tmx(units, "en", "zh", version="benchmark"), encoding="utf-8")
    return len(units)


def main() -> int:
    output = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        repo = clone("zh", folder)
        print(f"drafts: {git(repo, 'rev-parse', '--short', 'main').strip()} of zh, {len(drafts(repo))} articles")
        print(f"{write_memory(repo, output):,} texts with Amazon Translate's own translation: {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
