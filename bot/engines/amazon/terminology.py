"""The translators' glossary as a custom terminology of Amazon Translate: imported when it changed, never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.engines.amazon.clients import LanguageResource, ServiceError, if_present, listed, part, service_errors
from bot.engines.amazon.settings import language_codes
from bot.engines.teaching import ImportedTerminology, TerminologyState
from bot.glossary import Term, Terminology, terminology_csv
from bot.model import Direction

if TYPE_CHECKING:
    from mypy_boto3_translate.type_defs import TerminologyPropertiesTypeDef

_HASH = re.compile(r"\bsha256 ([0-9a-f]{64})\b")
# Imports happen one at a time. An import is synchronous and takes seconds.
_PATIENCE_SECONDS = 600.0


class AmazonTerminology(LanguageResource):
    """The TerminologyService of one language."""

    def import_terms(
        self, terms: Sequence[Term], direction: Direction, *, force: bool = False
    ) -> ImportedTerminology | None:
        content = terminology_csv(terms, *language_codes(direction))
        if not content.terms:
            return None
        state = self.find()
        if not force and state is not None and state.hash == _hash(content):
            return ImportedTerminology(False, state, content.dropped)
        return ImportedTerminology(True, self._import(content), content.dropped)

    def is_current(self, state: TerminologyState, terms: Sequence[Term], direction: Direction) -> bool:
        return state.hash == _hash(terminology_csv(terms, *language_codes(direction)))

    def find(self) -> TerminologyState | None:
        get = self.session.clients.translate.get_terminology
        answer = if_present(
            f"looking for the terminology {self.name}", lambda: part(get(Name=self.name), "TerminologyProperties")
        )
        return _state(answer) if answer is not None else None

    def list_all(self) -> Iterator[TerminologyState]:
        clients = self.session.clients
        call, member = clients.translate.list_terminologies, "TerminologyPropertiesList"
        yield from map(_state, listed(clients, "listing the terminologies", call, member))

    def delete(self) -> bool:
        delete = self.session.clients.translate.delete_terminology
        return if_present(f"deleting the terminology {self.name}", lambda: delete(Name=self.name)) is not None

    def _import(self, content: Terminology) -> TerminologyState:
        for next_attempt in self.session.attempts():
            try:
                with service_errors(f"importing the terminology {self.name}"):
                    answer = self.session.clients.translate.import_terminology(
                        Name=self.name,
                        MergeStrategy="OVERWRITE",
                        Description=f"AMTS glossary; {content.terms} terms; sha256 {_hash(content)}",
                        # Bytes: boto3 encodes them itself.
                        TerminologyData={"File": content.data, "Format": "CSV", "Directionality": "UNI"},
                        **self.session.settings.creation_attributes(),
                    )
                    properties = part(answer, "TerminologyProperties")
                return _state(properties)
            except ServiceError as error:
                if error.code != "ConcurrentModificationException" or next_attempt > _PATIENCE_SECONDS:
                    raise
        raise AssertionError("attempts() never ends")


def _hash(content: Terminology) -> str:
    return sha256(content.data).hexdigest()


def _state(properties: TerminologyPropertiesTypeDef) -> TerminologyState:
    match = _HASH.search(properties.get("Description", ""))
    return TerminologyState(
        name=properties.get("Name", ""),
        hash=match[1] if match else "",
        terms=properties.get("TermCount", 0),
        skipped=properties.get("SkippedTermCount", 0),
        message=properties.get("Message", ""),
        source=properties.get("SourceLanguageCode", ""),
        targets=tuple(properties.get("TargetLanguageCodes", [])),
        updated=properties.get("LastUpdatedAt"),
    )
