"""Parses every distinct Markdown blob of the three books' history and the CommonMark examples, and puts it together again.

usage: python -m benchmarks.lossless
Lossless means: render(parse(text)) == text, segments sorted and apart, and nothing but structure between them.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time

from benchmarks.books import SHARED, clone, lang, markdown_blobs, read_blobs
from bot.documents import parse, render
from bot.model import Document, Language

_NOT_STRUCTURE = re.compile(r"[^\W\d_]")


def faults(text: str, language: Language) -> list[str]:
    document = parse(text, language)
    found = [] if render(document) == text else ["render differs"]
    position = 0
    for segment in document.segments:
        if not position <= segment.start < segment.end:
            found.append(f"segment {segment.start}-{segment.end} overlaps or is empty")
        position = segment.end
    found += [f"between segments: {lead!r}" for lead in _words_between(document)]
    return found


def _words_between(document: Document) -> list[str]:
    leads = [re.sub(r"\[\^[^\]\n]+\]:|\[[xX]\]", "", document.lead(i)) for i in range(len(document.segments) + 1)]
    return [lead for lead in leads if _NOT_STRUCTURE.search(lead)]


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, code in (("en", "en"), ("zh", "zh"), ("tr", "tr")):
            repo = clone(name, folder)
            blobs = markdown_blobs(repo)
            started, size, segments = time.perf_counter(), 0, 0
            for blob, data in read_blobs(repo, blobs):
                text = data.decode("utf-8")
                size += len(text)
                found = faults(text, lang(code))
                if found:
                    wrong += 1
                    print(f"{name} {blob}: {'; '.join(found[:3])}")
            seconds = time.perf_counter() - started
            print(f"{name}: {len(blobs)} distinct Markdown blobs, {size:,} characters, {seconds:.1f} s")
    spec = (SHARED / "commonmark" / "spec.txt").read_text(encoding="utf-8")
    examples = re.findall(r"^`{32} example\n(.*?)^\.\n", spec, re.MULTILINE | re.DOTALL)
    for example in [*examples, spec]:
        text = example.replace("→", "\t")
        found = faults(text, lang("en"))
        if found:
            wrong += 1
            print(f"CommonMark example {text!r}: {'; '.join(found[:3])}")
    print(f"CommonMark 0.31.2: {len(examples)} examples and the text itself")
    print(f"not lossless: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
