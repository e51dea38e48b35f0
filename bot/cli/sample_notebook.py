"""The notebook of the sample book: enough sentences in three languages that an engine can be scored, and the recorded
drafts of another translator. It is made of the forms in `sample/notebook.yaml`, always the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = ("en", "zh", "es")
_SENTENCES_IN_MONTH = 100
_SENTENCES_IN_PARAGRAPH = 5
_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Notebook:
    """`chapters` are the texts by language and path; `drafts` a machine's of each sentence, by language and English."""

    chapters: dict[str, dict[str, bytes]]
    drafts: dict[str, dict[str, str]]


@cache
def notebook() -> Notebook:
    data = yaml.safe_load((resources.files("bot.cli") / "sample" / "notebook.yaml").read_text("utf-8"))
    chapters: dict[str, dict[str, bytes]] = {language: {} for language in LANGUAGES}
    drafts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES[1:]}
    written = _sentences(data)
    for number, month in enumerate(data["months"], 1):
        sentences = [next(written) for _ in range(_SENTENCES_IN_MONTH)]
        for side, language in enumerate(LANGUAGES):
            title = data["title"][side].format(month=month[side])
            text = _chapter(title, [sentence[0][side] for sentence in sentences], "" if language == "zh" else " ")
            chapters[language][f"notebook/{number:02}.md"] = text.encode()
        for texts, others in sentences:
            for language, draft in zip(LANGUAGES[1:], others, strict=True):
                drafts[language][texts[0]] = draft
    return Notebook(chapters, drafts)


def _chapter(title: str, sentences: Sequence[str], joiner: str) -> str:
    starts = range(0, len(sentences), _SENTENCES_IN_PARAGRAPH)
    paragraphs = [joiner.join(sentences[start : start + _SENTENCES_IN_PARAGRAPH]) for start in starts]
    return "\n\n".join([f"# {title}", *paragraphs]) + "\n"


def _sentences(data: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Distinct sentences in all languages, each with its drafts in all but English."""
    # The same book each time, and not for secrets.
    chance, seen = random.Random(1), set[str]()
    while True:
        form = chance.choice(data["forms"])
        filled = {gap: chance.choice(entries) for gap, entries in data["gaps"].items()}
        texts = tuple(_filled(text, filled, side) for side, text in enumerate(form["text"]))
        if texts[0] not in seen:
            seen.add(texts[0])
            yield texts, tuple(_filled(text, filled, side) for side, text in enumerate(form["machine"], 1))


def _filled(form: str, filled: Mapping[str, Sequence[str]], side: int) -> str:
    text = _GAP.sub(lambda gap: filled[gap[1]][side], form).replace(",,", ",")
    return text[0].upper() + text[1:]
