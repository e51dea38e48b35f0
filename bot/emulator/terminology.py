"""Custom terminologies: an import takes effect at once, and its terms replace words in every translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.emulator.backend import Backend, Call
from bot.emulator.importing import ImportedRecords, UnreadableError, import_file
from bot.emulator.protocol import Members, invalid_parameter, limit_exceeded
from bot.emulator.resources import Catalog, Tagging, given, moment, page, picked
from bot.emulator.storage import ACCOUNT

_MAX_TERM_BYTES = 200


@dataclass(frozen=True)
class EmulatedTerminology:
    """`members` come from the request that imported the terminology."""

    members: Members
    arn: str
    imported: ImportedRecords
    created: float
    updated: float

    @property
    def file(self) -> Members:
        members: Members = self.members["TerminologyData"]
        return members

    def terms(self, source: str, target: str) -> Mapping[str, str]:
        """Terms of one language with their translations. Only a MULTI terminology translates from a language that is
        not its source."""
        rows = [{self.imported.source: text, **words} for text, words in self.imported.records.items()]
        if source != self.imported.source and self.file.get("Directionality") != "MULTI":
            return {}
        return {words[source]: words[target] for words in rows if source in words and target in words}


class TerminologyStore:
    """The operations on terminologies."""

    def __init__(self, backend: Backend, tagging: Tagging) -> None:
        self.items: Catalog[EmulatedTerminology] = Catalog("Terminology")
        self._backend = backend
        self._tagging = tagging

    def import_terms(self, call: Call) -> Members:
        """Creates or overwrites."""
        members, quotas = call.members, self._backend.settings.quotas
        name, file, tags = members["Name"], members["TerminologyData"], members.get("Tags", ())
        arn = f"arn:aws:translate:{call.region}:{ACCOUNT}:terminology/{name}/LATEST"
        old = self.items.get((call.region, name))
        if old is None and len(self.items.in_region(call.region)) >= quotas.terminologies:
            raise limit_exceeded("The account has the most terminologies it can have.")
        self._tagging.check(arn, tags)
        try:
            imported = import_file(file["File"], file["Format"], _MAX_TERM_BYTES)
        except UnreadableError as error:
            raise invalid_parameter(f"The terminology is not formatted correctly: {error}") from None
        if len(imported.targets) > quotas.terminology_targets:
            raise limit_exceeded(f"A terminology can have at most {quotas.terminology_targets} target languages.")
        now = self._backend.now()
        item = EmulatedTerminology(members, arn, imported, now if old is None else old.created, now)
        self.items[call.region, name] = item
        self._tagging.put(arn, tags)
        return given({"TerminologyProperties": _properties(item), "AuxiliaryDataLocation": self._report(item)})

    def get(self, call: Call) -> Members:
        name = call.members["Name"]
        item = self.items.find(call.region, name)
        imported_form = item.file["Format"]
        form = call.members.get("TerminologyDataFormat", imported_form)
        if form != imported_form:
            message = f"emulator: terminology {name} was imported as {imported_form} and is not converted to {form}"
            raise invalid_parameter(message)
        return given(
            {
                "TerminologyProperties": _properties(item),
                "TerminologyDataLocation": self._backend.files.offer(item.file["File"], f"{name}.{form.lower()}"),
                "AuxiliaryDataLocation": self._report(item),
            }
        )

    def delete(self, call: Call) -> Members:
        item = self.items.find(call.region, call.members["Name"])
        del self.items[call.region, call.members["Name"]]
        self._tagging.drop(item.arn)
        return {}

    def list(self, call: Call) -> Members:
        items, token = page(call, self.items.in_region(call.region))
        return {"TerminologyPropertiesList": [_properties(item) for item in items], **token}

    def _report(self, item: EmulatedTerminology) -> Mapping[str, str] | None:
        return self._backend.files.offer(item.imported.report(), "errors.json")


def _properties(item: EmulatedTerminology) -> Members:
    return {
        **picked(item.members, "Name", "Description", "EncryptionKey"),
        **picked(item.file, "Directionality", "Format"),
        "Arn": item.arn,
        "SourceLanguageCode": item.imported.source,
        "TargetLanguageCodes": item.imported.targets,
        "SizeBytes": len(item.file["File"]),
        "TermCount": len(item.imported.records),
        "CreatedAt": moment(item.created),
        "LastUpdatedAt": moment(item.updated),
        "SkippedTermCount": item.imported.skipped + item.imported.failed,
    }
