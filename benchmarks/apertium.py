"""How Debian's Apertium translates into Spanish what people translated: BLEU, what comes back damaged, and its speed.

usage: python -m benchmarks.apertium
Two sets of sentences. Those of the demo's sample book (bot/cli/sample: `en-1` and its Spanish), which this project
wrote itself: few, and in plain words, so that figure says that the way to Apertium works, and not how well it
translates another book. And what people translated of the programs on this machine (the catalogues in
/usr/share/locale/es, read and not kept): 400 messages that are a sentence of six words or more, none with a place for
a value; which programs depends on the machine, and the figure says which.
"""

from __future__ import annotations

import gettext
import re
import shutil
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

from benchmarks.books import lang
from bot.alignment import align
from bot.documents import parse
from bot.engines import EngineOptions
from bot.engines.command.settings import CommandSettings
from bot.evaluation.reading import as_read
from bot.evaluation.scores import Metric, score
from bot.memory import TranslationMemory, collect_units
from bot.model import Direction, Request, TranslationUnit

SAMPLE = Path(__file__).parents[1] / "bot" / "cli" / "sample"
COMMAND = ("apertium", "-u", "-f", "html", "eng-spa")
_LEAST_SCORE = 0.5
CATALOGUES = Path("/usr/share/locale/es/LC_MESSAGES")
_MOST = 400
_SENTENCE = re.compile(r"[A-ZÁÉÍÓÚÑ¿¡](?:[^\s%<>{}\\`*_|&~=]+ ){5,}[^\s%<>{}\\`*_|&~=]+[.!?]")
GOAL_LEFT = 0.05
"""The most sentences whose answer may come back damaged, as a share."""


def sample_pairs(direction: Direction) -> list[TranslationUnit]:
    """The sentences of the sample book with people's translations."""
    units: list[TranslationUnit] = []
    for path in sorted((SAMPLE / "es").rglob("*.md")):
        name = path.relative_to(SAMPLE / "es")
        english, spanish = (SAMPLE / "en-1" / name).read_text("utf-8"), path.read_text("utf-8")
        sides = parse(english, direction.source, name.as_posix()), parse(spanish, direction.target, name.as_posix())
        units += collect_units(*sides, align(*sides, direction), name.as_posix())
    unique = {unit.source: unit for unit in units if unit.kind.is_prose and unit.score >= _LEAST_SCORE}
    return list(unique.values())


def installed_pairs() -> list[TranslationUnit]:
    """A sample of the messages of programs on this machine that are sentences, the same for the same programs."""
    units: dict[str, TranslationUnit] = {}
    for path in sorted(CATALOGUES.glob("*.mo")):
        with path.open("rb") as file:
            catalogue: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no other way to its keys
        for english, spanish in catalogue.items():
            if isinstance(english, str) and _SENTENCE.fullmatch(english) and _SENTENCE.fullmatch(spanish):
                units.setdefault(english, TranslationUnit(english, spanish, path.stem))
    return sorted(units.values(), key=lambda unit: sha256(unit.source.encode()).digest())[:_MOST]


def main() -> int:
    direction = Direction(lang("en"), lang("es"))
    if shutil.which(COMMAND[0]) is None:
        print("skipped: Apertium is not installed")
        return 0
    failed = measure("the project's own sample book", sample_pairs(direction), direction)
    installed = installed_pairs()
    if len(installed) == _MOST:
        programs = Counter(unit.path for unit in installed).most_common(5)
        failed |= measure(f"messages of {', '.join(name for name, _ in programs)} …", installed, direction)
    return int(failed)


def measure(name: str, pairs: list[TranslationUnit], direction: Direction) -> bool:
    """Prints the figures of one set; whether too many answers came back damaged."""
    print(f"-- {name}")
    requests = []
    for pair in pairs:
        placeables = tuple(p.text for s in parse(pair.source, direction.source).segments for p in s.placeables)
        requests.append(Request(pair.source, pair.kind, placeables))
    engine = CommandSettings(kind="command", command=COMMAND, protocol="apertium").create(EngineOptions(str, "es"))
    began = time.perf_counter()
    answers = engine.translate(requests, direction, TranslationMemory())
    seconds = time.perf_counter() - began
    words = sum(len(pair.source.split()) for pair in pairs)
    left = [(pair.source, answer.left) for pair, answer in zip(pairs, answers, strict=True) if answer.left]
    print(f"{len(pairs)} sentences, {words:,} words in {seconds:.1f} s ({words / seconds:,.0f} a second)")
    print(f"left for a person: {len(left)}")
    for source, reason in left:
        print(f"  {reason}: {source}")
    read = [as_read(answer.text, direction.target) for answer in answers]
    people = [as_read(pair.target, direction.target) for pair in pairs]
    untranslated = [as_read(pair.source, direction.target) for pair in pairs]
    for system, texts in (("Apertium", read), ("the English itself", untranslated)):
        scores = [score(metric, texts, people, direction.target, "") for metric in (Metric.BLEU, Metric.CHRF)]
        print(f"{system}: " + ", ".join(f"{one.metric} {one.value:.1f} ± {one.margin or 0:.1f}" for one in scores))
        print("  " + " ".join(one.signature for one in scores))
    return len(left) > GOAL_LEFT * len(pairs)


if __name__ == "__main__":
    sys.exit(main())
