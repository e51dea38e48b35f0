"""Asks the engine for the translations that a sync needs: first teaches the engine if that is due, and quotes the
price. A dry run of an engine that costs money only quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import pipeline
from bot.book.book_merge import Prepared
from bot.book.chapters import Scope
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.glossaries import terms_in_force
from bot.book.state import TranslatedFile
from bot.drafts.machine_drafts import examples_of
from bot.engines.base import Engine, Quote, limited
from bot.glossary import Term, unfollowed_warnings
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.parallel_data.push import describe_push, due_content

ScopedFile = tuple[Scope, TranslatedFile]


@dataclass(frozen=True, slots=True)
class Translated:
    """The answers to all requests; the cost of each pull request with requests, now or in an earlier run that was cut
    short; the engine's name for people; and whether it is a service that text is `sent` to."""

    answers: Mapping[ScopedFile, Sequence[Translation]]
    quotes: Mapping[Scope, Quote]
    engine: str
    sent: bool = True


def translate_requests(edition: LanguageEdition, prepared: Prepared[ScopedFile], options: SyncOptions) -> Translated:
    """Answers the requests of all pull requests as one job of the engine, and teaches the engine first if that is due.
    Raises EngineError if the engine can't work, PendingError if it needs time that nobody waits for."""
    direction = edition.direction
    keyed = [(key, request) for key, requests in prepared.requests.items() for request in requests]
    due = due_content(edition) if keyed else None
    pairs = due.content.pairs if due else None
    engine = edition.project.engine(
        edition.name, wait=options.wait, tell=options.tell, pairs=pairs, taught=not options.dry_run
    )
    examples = examples_of(edition, engine, prepared.memory) if keyed else prepared.memory
    by_scope: defaultdict[Scope, list[Request]] = defaultdict(list)
    for (scope, _), request in keyed:
        by_scope[scope].append(request)
    answers: defaultdict[ScopedFile, list[Translation]] = defaultdict(list)
    if options.dry_run and engine.spends:
        quotes = {scope: _price(engine, requests, direction, examples) for scope, requests in by_scope.items()}
        for (scope, file), request in keyed:
            price = quotes[scope].describe() or "all of it is paid already"
            left = f"not translated: a dry run spends nothing; in all {price}"
            answers[scope, file].append(Translation(request.text, left=left))
        return Translated(answers, quotes, engine.label)
    if due and not options.dry_run and (taught := describe_push(due.push())):
        options.tell(f"{edition.name}: {taught}")
    terms = terms_in_force(edition.project, edition.name) if keyed else ()
    translated = pipeline.translate([request for _, request in keyed], engine, direction, examples)
    for (key, request), answer in zip(keyed, translated, strict=True):
        answers[key].append(_checked(request, answer, terms, direction))
    quotes = {scope: _price(engine, requests, direction, examples, anew=True) for scope, requests in by_scope.items()}
    return Translated(answers, quotes, engine.label, engine.translates_anything)


def _price(
    engine: Engine,
    requests: Sequence[Request],
    direction: Direction,
    examples: TranslationMemory,
    *,
    anew: bool = False,
) -> Quote:
    return limited(engine, lambda: engine.price(requests, direction, examples, anew=anew))


def _checked(request: Request, answer: Translation, terms: Sequence[Term], direction: Direction) -> Translation:
    """The answer of any engine, with a warning for each term of the glossary that it does not follow. A sentence that
    is left, or only copied, is no translation."""
    if answer.left or answer.text == request.text:
        return answer
    warnings = unfollowed_warnings(terms, request.text, answer.text, direction)
    return replace(answer, warnings=tuple(dict.fromkeys((*answer.warnings, *warnings))))
