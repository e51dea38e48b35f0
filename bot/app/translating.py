"""What a sync asks of the engine: taught first where that is due, quoted, and in a dry run not asked at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import pipeline
from bot.app.merging_book import Prepared
from bot.app.project import Project
from bot.engines.base import FREE, Quote
from bot.model import Translation


@dataclass(frozen=True, slots=True)
class Options:
    """What of a language to sync: `patterns` choose the files (all where empty). A dry run writes and spends nothing;
    without `wait`, a batch job that takes time raises PendingError. `tell` is given one line on what is going on."""

    patterns: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = True
    tell: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Translated:
    """The answers to all requests of a language, what they cost (now, or in a run before that was cut short), and who
    gave them, for a person to read."""

    answers: Sequence[Translation]
    quote: Quote
    engine: str


def translate_requests(
    project: Project, name: str, prepared: Prepared, options: Options, teach: Callable[[], str]
) -> Translated:
    """`teach` brings up to date what the engine learns from, and says so. Raises EngineError where the engine can't
    work, PendingError where it needs time that nobody waits for."""
    languages = project.languages(name)
    engine = project.engine(name, wait=options.wait, tell=options.tell, taught=not options.dry_run)
    asked = prepared.asked
    if not asked:
        return Translated((), FREE, engine.label)
    if not options.dry_run and (taught := teach()):
        options.tell(f"{name}: {taught}")
    quote = engine.quote(asked, source=languages[0], target=languages[1])
    if options.dry_run and engine.spends:
        left = f"not translated: a dry run spends nothing; in all {quote.describe() or 'all of it is paid already'}"
        return Translated([Translation(request.text, left=left) for request in asked], quote, engine.label)
    answers = pipeline.translate(asked, engine, languages, prepared.memory)
    cost = engine.quote(asked, source=languages[0], target=languages[1], anew=True)
    return Translated(answers, cost, engine.label)
