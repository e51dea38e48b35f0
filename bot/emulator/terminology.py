"""Custom terminologies: imported at once, and replaced in what the machine says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.emulator.backend import ACCOUNT, Backend, Call, given, moment, page
from bot.emulator.errors import ServiceError, not_found
from bot.emulator.importing import Imported, UnreadableError, import_file
from bot.emulator.tagging import Tagging

_TERM_BYTES = 200


@dataclass(frozen=True)
class Terminology:
    name: str
    arn: str
    description: str | None
    encryption: Mapping[str, str] | None
    directionality: str | None
    form: str
    data: bytes
    imported: Imported
    created: float
    updated: float

    def terms(self, source: str, target: str) -> Mapping[str, str]:
        """Terms of one language with those of another. Only one that is MULTI has any from a language that is not its
        source."""
        columns = [{self.imported.source: text, **words} for text, words in self.imported.records.items()]
        if source != self.imported.source and self.directionality != "MULTI":
            return {}
        return {words[source]: words[target] for words in columns if source in words and target in words}


class TerminologyStore:
    """The operations on terminologies."""

    def __init__(self, backend: Backend, tagging: Tagging) -> None:
        self._backend = backend
        self._tagging = tagging
        self._items: dict[tuple[str, str], Terminology] = {}

    def clear(self) -> None:
        self._items.clear()

    def all(self) -> list[tuple[str, Terminology]]:
        """Each with its region."""
        return [(region, item) for (region, _), item in sorted(self._items.items())]

    def find(self, region: str, name: str) -> Terminology:
        """Raises ServiceError where there is none."""
        if (region, name) not in self._items:
            raise not_found("Terminology", name)
        return self._items[(region, name)]

    def import_terms(self, call: Call) -> Mapping[str, Any]:
        """Creates or overwrites."""
        members, quotas = call.members, self._backend.settings.quotas
        name, file = members["Name"], members["TerminologyData"]
        arn = f"arn:aws:translate:{call.region}:{ACCOUNT}:terminology/{name}/LATEST"
        old = self._items.get((call.region, name))
        if old is None and sum(region == call.region for region, _ in self._items) >= quotas.terminologies:
            raise ServiceError("LimitExceededException", "The account has the most terminologies it can have.")
        self._tagging.check(arn, members.get("Tags", ()))
        try:
            imported = import_file(file["File"], file["Format"], _TERM_BYTES)
        except UnreadableError as error:
            message = f"The terminology is not formatted correctly: {error}"
            raise ServiceError("InvalidParameterValueException", message) from None
        if len(imported.targets) > quotas.terminology_targets:
            message = f"A terminology can have at most {quotas.terminology_targets} target languages."
            raise ServiceError("LimitExceededException", message)
        now = self._backend.now()
        item = Terminology(
            name,
            arn,
            members.get("Description"),
            members.get("EncryptionKey"),
            file.get("Directionality"),
            file["Format"],
            file["File"],
            imported,
            now if old is None else old.created,
            now,
        )
        self._items[(call.region, name)] = item
        self._tagging.put(arn, members.get("Tags", ()))
        return given({"TerminologyProperties": _properties(item), "AuxiliaryDataLocation": self._report(item)})

    def get(self, call: Call) -> Mapping[str, Any]:
        item = self.find(call.region, call.members["Name"])
        wanted = call.members.get("TerminologyDataFormat", item.form)
        if wanted != item.form:
            message = f"emulator: terminology {item.name} was imported as {item.form} and is not converted to {wanted}"
            raise ServiceError("InvalidParameterValueException", message)
        return given(
            {
                "TerminologyProperties": _properties(item),
                "TerminologyDataLocation": self._backend.files.offer(item.data, f"{item.name}.{item.form.lower()}"),
                "AuxiliaryDataLocation": self._report(item),
            }
        )

    def delete(self, call: Call) -> Mapping[str, Any]:
        item = self.find(call.region, call.members["Name"])
        del self._items[(call.region, item.name)]
        self._tagging.drop(item.arn)
        return {}

    def list(self, call: Call) -> Mapping[str, Any]:
        items = [item for (region, _), item in sorted(self._items.items()) if region == call.region]
        found, token = page(call, items)
        return {"TerminologyPropertiesList": [_properties(item) for item in found], **token}

    def _report(self, item: Terminology) -> Mapping[str, str] | None:
        if not item.imported.messages:
            return None
        return self._backend.files.offer(json.dumps(item.imported.report()).encode(), "errors.json")


def _properties(item: Terminology) -> Mapping[str, Any]:
    return given(
        {
            "Name": item.name,
            "Description": item.description,
            "Arn": item.arn,
            "SourceLanguageCode": item.imported.source,
            "TargetLanguageCodes": item.imported.targets,
            "EncryptionKey": item.encryption,
            "SizeBytes": len(item.data),
            "TermCount": len(item.imported.records),
            "CreatedAt": moment(item.created),
            "LastUpdatedAt": moment(item.updated),
            "Directionality": item.directionality,
            "SkippedTermCount": item.imported.skipped + item.imported.failed,
            "Format": item.form,
        }
    )
