"""What a sync asks of the engine: taught first where that is due, quoted, and in a dry run not asked at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.glossaries import terms_in_force
from bot.book.opening import LanguageEdition, SyncOptions
from bot.engines.base import FREE, Engine, Quote
from bot.glossary import Term, unfollowed_warnings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation


@dataclass(frozen=True, slots=True)
class Translated:
    """The answers to all requests of a pull request, what they cost (now, or in a run before that was cut short), and
    who gave them, for a person to read."""

    answers: Sequence[Translation]
    quote: Quote
    engine: str


def translate_requests(
    edition: LanguageEdition,
    asked: Sequence[Sequence[Request]],
    memory: TranslationMemory,
    options: SyncOptions,
    teach: Callable[[], str],
) -> list[Translated]:
    """The requests of each pull request, answered as one job. `teach` brings up to date what the engine learns from,
    and says so. Raises EngineError where the engine can't work, PendingError where it needs time that nobody waits for.
    """
    project, name, direction = edition.project, edition.name, edition.direction
    engine = project.engine(name, wait=options.wait, tell=options.tell, taught=not options.dry_run)
    everything = [request for requests in asked for request in requests]
    if everything and not options.dry_run and (taught := teach()):
        options.tell(f"{name}: {taught}")
    if options.dry_run and engine.spends:
        return [_quoted(engine, requests, direction) for requests in asked]
    terms = terms_in_force(project, name) if everything else ()
    translated = pipeline.translate(everything, engine, direction, memory)
    answers = (_checked(*pair, terms, direction) for pair in zip(everything, translated, strict=True))
    return [
        Translated(
            [next(answers) for _ in requests],
            engine.quote(requests, source=direction.source, target=direction.target, anew=True) if requests else FREE,
            engine.label,
        )
        for requests in asked
    ]


def _checked(request: Request, answer: Translation, terms: Sequence[Term], direction: Direction) -> Translation:
    """With a warning for each term of the glossary that it did not follow, whichever engine gave it. What is left, or
    only copied, is no translation."""
    if answer.left or answer.text == request.text:
        return answer
    warnings = unfollowed_warnings(terms, request.text, answer.text, direction)
    return replace(answer, warnings=tuple(dict.fromkeys((*answer.warnings, *warnings))))


def _quoted(engine: Engine, requests: Sequence[Request], direction: Direction) -> Translated:
    """What a dry run says in place of translations."""
    quote = engine.quote(requests, source=direction.source, target=direction.target) if requests else FREE
    left = f"not translated: a dry run spends nothing; in all {quote.describe() or 'all of it is paid already'}"
    return Translated([Translation(request.text, left=left) for request in requests], quote, engine.label)
