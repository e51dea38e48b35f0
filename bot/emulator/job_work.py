"""The work of a batch job: every document below the input folder into every target language, and the details files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.emulator.backend import Backend
from bot.emulator.faults import FaultKind
from bot.emulator.html import billed_text, translate_html
from bot.emulator.machine import Resources, applied_terms
from bot.emulator.pieces import MarkupWords, Translate
from bot.emulator.protocol import EmulatorServiceError, invalid_request
from bot.emulator.settings import EmulatorSettings
from bot.emulator.storage import EmulatedStorage, split_uri

HTML, TEXT = "text/html", "text/plain"
_ACCESS_CHECK = ".write_access_check_file.temp"


@dataclass(frozen=True)
class JobOrder:
    """The work of a job. `input_uri` ends in a slash, `output_uri` is the job's own folder. `resources` are by target
    language; `terminology` and `parallel_data` are their names."""

    job_id: str
    name: str
    input_uri: str
    output_uri: str
    content_type: str
    source: str
    targets: Sequence[str]
    resources: Mapping[str, Resources]
    terminology: str = ""
    parallel_data: str = ""

    def details_place(self, target: str) -> tuple[str, str]:
        """The bucket and key of the details of one language."""
        bucket, prefix = split_uri(self.output_uri)
        return bucket, f"{prefix}details/{target}.auxiliary-translation-details.json"


@dataclass
class JobOutcome:
    """`billed` is characters of the source, by target language."""

    documents: int = 0
    with_errors: int = 0
    billed: dict[str, int] = field(default_factory=dict)


def check_folders(storage: EmulatedStorage, input_uri: str, output_uri: str, region: str) -> None:
    """Raises EmulatorServiceError for buckets that are missing or in another region, and for an input that is no folder
    of documents."""
    for uri in (input_uri, output_uri):
        bucket, _ = split_uri(uri)
        home = storage.region(bucket)
        if home is None:
            raise invalid_request(f"The bucket {bucket} does not exist, or the role has no access to it.")
        if home != region:
            raise invalid_request(f"The bucket {bucket} is in {home}; it must be in {region}, as the endpoint is.")
    bucket, prefix = split_uri(input_uri)
    if not prefix.strip("/"):
        raise invalid_request("The input must be a folder of a bucket, not the bucket.")
    documents = storage.sizes(bucket, prefix)
    if not documents:
        raise invalid_request(f"There are no documents in the input folder {input_uri}.")
    if any("details" in key.removeprefix(prefix).split("/")[:-1] for key in documents):
        raise invalid_request('No folder below the input folder can have the name "details".')


def open_output(storage: EmulatedStorage, given_uri: str, order: JobOrder) -> None:
    """Writes the files that the service writes before any translation: the file that checks the access of the role, and
    empty details."""
    bucket, prefix = split_uri(given_uri)
    storage.write(bucket, f"{prefix}{_ACCESS_CHECK}", b"")
    for target in order.targets:
        storage.write(*order.details_place(target), b"")


def run_job(order: JobOrder, backend: Backend) -> JobOutcome:
    """Raises EmulatorServiceError if the whole job fails."""
    storage, faults, quotas = backend.storage, backend.faults, backend.settings.quotas
    bucket, prefix = split_uri(order.input_uri)
    out_bucket, out_prefix = split_uri(order.output_uri)
    documents = storage.sizes(bucket, prefix)
    if not documents:
        raise invalid_request(f"There are no documents in the input folder {order.input_uri}.")
    if len(documents) > quotas.documents_per_job:
        raise invalid_request(f"The job has {len(documents)} documents, more than {quotas.documents_per_job}.")
    if (size := sum(documents.values())) > quotas.job_bytes:
        raise invalid_request(f"The job has {size} bytes, more than {quotas.job_bytes}.")
    broken = {key for key in documents if faults.take((FaultKind.FAIL_DOCUMENT,), key.removeprefix(prefix))}
    outcome = JobOutcome(documents=len(documents))
    with_errors: set[str] = set()
    for target in order.targets:
        translate: Translate = backend.machine.translator(order.source, target, order.resources[target])
        if order.source != target:
            translate = faults.damaging(translate, count(1))
        details: list[Mapping[str, Any]] = []
        codes: list[str] = []
        billed = 0
        for key, size in documents.items():
            path = key.removeprefix(prefix)
            try:
                if key in broken:
                    raise EmulatorServiceError("InternalServerException", "emulator: failed on request")
                if size > quotas.document_bytes:
                    raise invalid_request(f"The document has {size} bytes, more than {quotas.document_bytes}.")
                text = read_utf8(storage.read(bucket, key))
                translated, source_text = _translate_document(text, order.content_type, translate, backend.settings)
            except EmulatorServiceError as error:
                with_errors.add(key)
                codes.append(error.code)
                failure = {"errorCode": error.code, "errorMessage": error.message}
                details.append({"sourceFile": path, "auxiliaryData": {"error": failure}})
                continue
            folder, slash, name = path.rpartition("/")
            output = f"{folder}{slash}{target}.{name}"
            storage.write(out_bucket, f"{out_prefix}{output}", translated.encode(), order.content_type)
            billed += len(source_text) if order.source != target else 0
            applied = applied_terms(source_text, order.resources[target].terms)
            terms = [{"sourceText": source, "targetText": words} for source, words in applied]
            auxiliary = {"appliedTerminologies": [{"name": order.terminology, "terms": terms}]} if applied else {}
            details.append({"sourceFile": path, "targetFile": output, "auxiliaryData": auxiliary})
        outcome.billed[target] = billed
        server_errors = codes.count("InternalServerException")
        content = {
            "sourceLanguageCode": order.source,
            "targetLanguageCode": target,
            "charactersTranslated": str(billed),
            "documentCountWithCustomerError": str(len(codes) - server_errors),
            "documentCountWithServerError": str(server_errors),
            "inputDataPrefix": order.input_uri,
            "outputDataPrefix": order.output_uri,
            "details": details,
        }
        data = json.dumps(content, ensure_ascii=False, indent=2).encode()
        storage.write(*order.details_place(target), data, "application/json")
    outcome.with_errors = len(with_errors)
    return outcome


def read_utf8(data: bytes) -> str:
    """The text of a document. Raises EmulatorServiceError if it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise invalid_request(f"The document is not UTF-8: byte {error.start}.") from None


def _translate_document(
    text: str, content_type: str, translate: Translate, settings: EmulatorSettings
) -> tuple[str, str]:
    """The translated document, and the billed part of the original: the html element of HTML, all of plain text."""
    source_text, quotas = billed_text(text) if content_type == HTML else text, settings.quotas
    size = len(source_text.encode())
    if size > quotas.document_text_bytes:
        raise invalid_request(f"The document has {size} bytes of text, more than {quotas.document_text_bytes}.")
    if len(source_text) > quotas.document_characters:
        message = f"The document has {len(source_text)} characters, more than {quotas.document_characters}."
        raise invalid_request(message)
    return translate_text(text, translate, settings, is_html=content_type == HTML), source_text


def translate_text(
    text: str, translate: Translate, settings: EmulatorSettings, *, is_html: bool, fragment: bool = False
) -> str:
    """HTML by blocks, plain text by lines. Line ends and the white space around a line stay."""
    if is_html:
        return translate_html(text, translate, fragment=fragment, moves_spaces=settings.moves_spaces)
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if not words:
            lines.append(line)
            continue
        lead, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        pieces = translate([MarkupWords(words)])
        translated = "".join(piece.text if isinstance(piece, MarkupWords) else piece.raw for piece in pieces)
        lines.append(lead + translated + tail)
    return "".join(lines)
