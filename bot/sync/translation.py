"""Asks the engine for what a sync must translate: teaches it first if that is due, and quotes the price. A dry run of
an engine that costs money only quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.glossaries import terms_in_force
from bot.book.state import TranslatedFile
from bot.engines.base import FREE, Engine, Quote
from bot.glossary import Term, unfollowed_warnings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation

Requests = Mapping[TranslatedFile, Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Translated:
    """The answers to all requests of a pull request, what they cost (now, or in an earlier run that was cut short), and
    the engine's name for people."""

    answers: Mapping[TranslatedFile, Sequence[Translation]]
    quote: Quote
    engine: str


def translate_requests(
    edition: LanguageEdition,
    asked: Mapping[Scope, Requests],
    memory: TranslationMemory,
    options: SyncOptions,
    teach: Callable[[], str],
) -> dict[Scope, Translated]:
    """Answers the requests of all pull requests as one job of the engine. `teach` brings up to date what the engine
    learns from, and says so. Raises EngineError if the engine can't work, PendingError if it needs time that nobody
    waits for."""
    direction = edition.direction
    engine = edition.project.engine(edition.name, wait=options.wait, tell=options.tell, taught=not options.dry_run)
    keyed = [
        (scope, file, request)
        for scope, files in asked.items()
        for file, requests in files.items()
        for request in requests
    ]
    if keyed and not options.dry_run and (taught := teach()):
        options.tell(f"{edition.name}: {taught}")
    if options.dry_run and engine.spends:
        return {scope: _quoted(engine, requests, direction) for scope, requests in asked.items()}
    terms = terms_in_force(edition.project, edition.name) if keyed else ()
    translated = pipeline.translate([request for _, _, request in keyed], engine, direction, memory)
    answers: dict[Scope, defaultdict[TranslatedFile, list[Translation]]] = {scope: defaultdict(list) for scope in asked}
    for (scope, file, request), answer in zip(keyed, translated, strict=True):
        answers[scope][file].append(_checked(request, answer, terms, direction))
    return {
        scope: Translated(answers[scope], _quote(engine, requests, direction, anew=True), engine.label)
        for scope, requests in asked.items()
    }


def _checked(request: Request, answer: Translation, terms: Sequence[Term], direction: Direction) -> Translation:
    """The answer, with a warning for each term of the glossary that it does not follow, whichever engine gave it. A
    sentence that is left, or only copied, is no translation."""
    if answer.left or answer.text == request.text:
        return answer
    warnings = unfollowed_warnings(terms, request.text, answer.text, direction)
    return replace(answer, warnings=tuple(dict.fromkeys((*answer.warnings, *warnings))))


def _quoted(engine: Engine, asked: Requests, direction: Direction) -> Translated:
    """The text that a dry run shows in place of translations."""
    quote = _quote(engine, asked, direction)
    left = f"not translated: a dry run spends nothing; in all {quote.describe() or 'all of it is paid already'}"
    answers = {file: [Translation(request.text, left=left) for request in requests] for file, requests in asked.items()}
    return Translated(answers, quote, engine.label)


def _quote(engine: Engine, asked: Requests, direction: Direction, *, anew: bool = False) -> Quote:
    requests = [request for requests in asked.values() for request in requests]
    if not requests:
        return FREE
    return engine.quote(requests, direction, anew=anew)
