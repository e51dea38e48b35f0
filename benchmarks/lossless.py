"""Parses every distinct Markdown blob of the books' history and CommonMark's examples, and puts it together again.

usage: python -m benchmarks.lossless [--every N]
`--every N` takes one in N of the distinct blobs, in the order of their hashes.
Lossless means: render(parse(text)) == text, segments sorted and apart, and nothing but structure between them.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor

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


def check(job: tuple[str, bytes, str]) -> list[str]:
    name, data, code = job
    return [f"{name}: {fault}" for fault in faults(data.decode("utf-8"), lang(code))[:3]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, metavar="N")
    every = parser.parse_args().every
    wrong = 0
    counts = []
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor() as pool:
        for name, code in (("en", "en"), ("zh", "zh"), ("tr", "tr")):
            repo = clone(name, folder)
            started = time.perf_counter()
            blobs = [(blob, data, code) for blob, data in read_blobs(repo, markdown_blobs(repo)[::every])]
            found = [lines for lines in pool.map(check, blobs, chunksize=32) if lines]
            wrong += len(found)
            counts.append(len(blobs))
            for lines in found:
                print("\n".join(lines))
            size, seconds = sum(len(data) for _, data, _ in blobs), time.perf_counter() - started
            sample = f"one in {every} of the distinct Markdown blobs"
            print(f"{name}: {len(blobs)} ({sample}), {size:,} bytes, {seconds:.1f} s")
    spec = (SHARED / "commonmark" / "spec.txt").read_text(encoding="utf-8")
    examples = re.findall(r"^`{32} example\n(.*?)^\.\n", spec, re.MULTILINE | re.DOTALL)
    for example in [*examples, spec]:
        lines = check((f"CommonMark {example[:30]!r}", example.replace("→", "\t").encode(), "en"))
        wrong += bool(lines)
        print("\n".join(lines), end="\n" if lines else "")
    print(f"CommonMark 0.31.2: {len(examples)} examples and the text itself")
    print(f"not lossless: {wrong}")
    return 1 if wrong or not examples or not all(counts) else 0


if __name__ == "__main__":
    sys.exit(main())
