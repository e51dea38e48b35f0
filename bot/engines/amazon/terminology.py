"""The translators' glossary as a custom terminology of Amazon Translate: imported when it changed, never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.engines.amazon.clients import Clients, ServiceError, service_errors
from bot.engines.amazon.jobs import pauses
from bot.engines.amazon.settings import Settings, service_code
from bot.glossary import Term, Terminology, read_glossary, terminology_csv
from bot.model import Direction

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import TerminologyPropertiesTypeDef

_HASH = re.compile(r"\bsha256 ([0-9a-f]{64})\b")
# One import at a time; another one takes seconds, as it is synchronous.
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class State:
    """A terminology as the service describes it. `hash` is that of the content where AMTS imported it, else ""."""

    name: str
    hash: str
    terms: int
    skipped: int
    message: str
    source: str
    targets: tuple[str, ...]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a glossary: whether it had to be imported, what the service says, and the terms left out."""

    changed: bool
    state: State
    dropped: tuple[tuple[Term, str], ...]


def ensure(clients: Clients, settings: Settings, language: str, glossary_text: str, direction: Direction) -> str | None:
    """The name of the terminology that holds this glossary, imported if need be; None where none of its terms fits.

    `language` is the entry in the configuration. Raises InputError for a glossary that can't be read.
    """
    glossary = read_glossary(glossary_text.encode(), direction, f"the glossary of {language}")
    imported = import_terms(clients, settings, glossary.terms, direction)
    return imported.state.name if imported is not None else None


def import_terms(
    clients: Clients,
    settings: Settings,
    terms: Sequence[Term],
    direction: Direction,
    *,
    force: bool = False,
) -> Imported | None:
    """Import the terms unless exactly they are there already (`force`: even then). None where no term fits."""
    content = terminology_csv(terms, service_code(direction.source), service_code(direction.target))
    if not content.terms:
        return None
    state = show(clients, settings)
    if not force and state is not None and state.hash == _hash(content):
        return Imported(False, state, content.dropped)
    return Imported(True, _import(clients, settings, content), content.dropped)


def is_current(state: State, terms: Sequence[Term], direction: Direction) -> bool:
    """Whether a terminology holds exactly these terms."""
    return state.hash == _hash(terminology_csv(terms, service_code(direction.source), service_code(direction.target)))


def show(clients: Clients, settings: Settings) -> State | None:
    """This language's terminology; None where there is none."""
    try:
        with service_errors(f"looking for the terminology {settings.resource}"):
            answer = clients.translate.get_terminology(Name=settings.resource)
    except ServiceError as error:
        if error.code == "ResourceNotFoundException":
            return None
        raise
    return _state(answer["TerminologyProperties"])


def list_all(clients: Clients) -> Iterator[State]:
    """Every terminology of the account in the region."""
    with service_errors("listing the terminologies"):
        pages = list(clients.translate.get_paginator("list_terminologies").paginate())
    for page in pages:
        yield from map(_state, page.get("TerminologyPropertiesList", []))


def delete(clients: Clients, settings: Settings) -> bool:
    """Delete this language's terminology; False where there is none."""
    try:
        with service_errors(f"deleting the terminology {settings.resource}"):
            clients.translate.delete_terminology(Name=settings.resource)
    except ServiceError as error:
        if error.code == "ResourceNotFoundException":
            return False
        raise
    return True


def _import(clients: Clients, settings: Settings, content: Terminology) -> State:
    description = f"AMTS glossary; {content.terms} terms; sha256 {_hash(content)}"
    key = settings.encryption_key
    more: dict[str, Any] = {"EncryptionKey": {"Type": "KMS", "Id": key}} if key else {}
    if settings.tags:
        more["Tags"] = [{"Key": name, "Value": value} for name, value in settings.tags.items()]
    waited = 0.0
    for pause in pauses(settings):
        try:
            with service_errors(f"importing the terminology {settings.resource}"):
                answer = clients.translate.import_terminology(
                    Name=settings.resource,
                    MergeStrategy="OVERWRITE",
                    Description=description,
                    # Bytes: boto3 encodes them itself.
                    TerminologyData={"File": content.data, "Format": "CSV", "Directionality": "UNI"},
                    **more,
                )
            return _state(answer["TerminologyProperties"])
        except ServiceError as error:
            if error.code != "ConcurrentModificationException" or waited + pause > _PATIENCE_SECONDS:
                raise
        clients.sleep(pause)
        waited += pause
    raise AssertionError("pauses() never ends")


def _hash(content: Terminology) -> str:
    return sha256(content.data).hexdigest()


def _state(properties: TerminologyPropertiesTypeDef) -> State:
    found = _HASH.search(properties.get("Description", ""))
    return State(
        name=properties.get("Name", ""),
        hash=found[1] if found else "",
        terms=properties.get("TermCount", 0),
        skipped=properties.get("SkippedTermCount", 0),
        message=properties.get("Message", ""),
        source=properties.get("SourceLanguageCode", ""),
        targets=tuple(properties.get("TargetLanguageCodes", [])),
        updated=properties.get("LastUpdatedAt"),
    )
