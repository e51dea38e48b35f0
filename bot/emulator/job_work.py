"""What a batch job does: every document below the input folder into every target language, and the details of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.emulator.damage import damage
from bot.emulator.errors import invalid
from bot.emulator.faults import FaultKind, Faults
from bot.emulator.html import billed_text, translate_html
from bot.emulator.machine import Machine, Resources, applied_terms
from bot.emulator.pieces import Piece, Placeable, Words, plain
from bot.emulator.settings import EmulatorSettings, Quotas
from bot.emulator.storage import Storage, StoredObject, split_uri

HTML, TEXT = "text/html", "text/plain"
ACCESS_CHECK = ".write_access_check_file.temp"

Translate = Callable[[Sequence[Piece]], Sequence[Piece]]


@dataclass(frozen=True)
class Order:
    """What a job has to do. `input_uri` ends in a slash, `output_uri` is the job's own folder; `terminology`
    and `parallel_data` are the names of what is in `resources`, which are by target language."""

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


@dataclass
class Outcome:
    """What came of it. `billed` is characters of the source, by target language."""

    documents: int = 0
    with_errors: int = 0
    billed: dict[str, int] = field(default_factory=dict)


class FailedJobError(Exception):
    """The job as a whole failed; the message says why."""


class _FailedDocumentError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_folders(storage: Storage, input_uri: str, output_uri: str, region: str) -> None:
    """Raises ServiceError for buckets that are missing or elsewhere, and for what is no folder of documents."""
    for uri in (input_uri, output_uri):
        bucket, _ = split_uri(uri)
        home = storage.region(bucket)
        if home is None:
            raise invalid(f"The bucket {bucket} does not exist, or the role has no access to it.")
        if home != region:
            raise invalid(f"The bucket {bucket} is in {home}; it must be in {region}, as the endpoint is.")
    bucket, prefix = split_uri(input_uri)
    if not prefix.strip("/"):
        raise invalid("The input must be a folder of a bucket, not the bucket.")
    documents = list(storage.objects(bucket, prefix))
    if not documents:
        raise invalid(f"There are no documents in the input folder {input_uri}.")
    if any("details" in item.key.removeprefix(prefix).split("/")[:-1] for item in documents):
        raise invalid('No folder below the input folder can have the name "details".')


def open_output(storage: Storage, given_uri: str, order: Order) -> None:
    """What stands in the output folder before anything is translated: the file that shows the role may write, and the
    details, empty."""
    bucket, prefix = split_uri(given_uri)
    storage.write(bucket, f"{prefix}{ACCESS_CHECK}", b"")
    for target in order.targets:
        storage.write(*_details_place(order, target), b"")


def run_job(order: Order, storage: Storage, machine: Machine, faults: Faults, settings: EmulatorSettings) -> Outcome:
    """Raises FailedJobError where the job as a whole can't be done."""
    bucket, prefix = split_uri(order.input_uri)
    documents = list(storage.objects(bucket, prefix))
    if not documents:
        raise FailedJobError(f"There are no documents in the input folder {order.input_uri}.")
    if len(documents) > settings.quotas.documents_per_job:
        raise FailedJobError(f"The job has {len(documents)} documents, more than {settings.quotas.documents_per_job}.")
    if (size := sum(document.size for document in documents)) > settings.quotas.job_bytes:
        raise FailedJobError(f"The job has {size} bytes, more than {settings.quotas.job_bytes}.")
    broken = {item.key for item in documents if faults.take((FaultKind.FAIL_DOCUMENT,), item.key.removeprefix(prefix))}
    outcome = Outcome(documents=len(documents))
    with_errors: set[str] = set()
    for target in order.targets:
        translate: Translate = machine.translator(order.source, target, order.resources[target])
        if order.source != target:
            translate = damaging(translate, faults, count(1))
        details: list[Mapping[str, Any]] = []
        codes: list[str] = []
        billed = 0
        for document in documents:
            path = document.key.removeprefix(prefix)
            try:
                text = _read(storage, bucket, document, document.key in broken, settings.quotas)
                translated, source_text = translate_document(
                    text, order.content_type, translate, settings.quotas, settings.moves_spaces
                )
            except _FailedDocumentError as error:
                with_errors.add(document.key)
                codes.append(error.code)
                failure = {"errorCode": error.code, "errorMessage": error.message}
                details.append({"sourceFile": path, "auxiliaryData": {"error": failure}})
                continue
            folder, slash, name = path.rpartition("/")
            output = f"{folder}{slash}{target}.{name}"
            out_bucket, out_prefix = split_uri(order.output_uri)
            storage.write(out_bucket, f"{out_prefix}{output}", translated.encode(), order.content_type)
            billed += len(source_text) if order.source != target else 0
            terms = _auxiliary(order, target, source_text)
            details.append({"sourceFile": path, "targetFile": output, "auxiliaryData": terms})
        outcome.billed[target] = billed
        _write_details(storage, order, target, details, codes, billed)
    outcome.with_errors = len(with_errors)
    return outcome


def translate_document(
    text: str, content_type: str, translate: Translate, quotas: Quotas, moves_spaces: bool
) -> tuple[str, str]:
    """The translated document, and the text of the original that is billed: of HTML that in the html element, of plain
    text all of it, which is translated line by line."""
    is_html = content_type == HTML
    source_text = billed_text(text) if is_html else text
    size = len(source_text.encode())
    if size > quotas.document_text_bytes:
        message = f"The document has {size} bytes of text, more than {quotas.document_text_bytes}."
        raise _FailedDocumentError("InvalidRequestException", message)
    if len(source_text) > quotas.document_characters:
        message = f"The document has {len(source_text)} characters, more than {quotas.document_characters}."
        raise _FailedDocumentError("InvalidRequestException", message)
    if is_html:
        return translate_html(text, translate, moves_spaces=moves_spaces), source_text
    return translate_plain(text, translate), source_text


def translate_plain(text: str, translate: Translate) -> str:
    """Each line by itself, its line end and the white space around it kept."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if not words:
            lines.append(line)
            continue
        lead, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        said = "".join(piece.text if isinstance(piece, Words) else piece.raw for piece in translate([Words(words)]))
        lines.append(lead + said + tail)
    return "".join(lines)


def damaging(translate: Translate, faults: Faults, number: Iterator[int]) -> Translate:
    """Numbers the sentences that have a placeable, and damages those that a fault names."""

    def translate_and_damage(pieces: Sequence[Piece]) -> Sequence[Piece]:
        translated = translate(pieces)
        if not any(isinstance(piece, Placeable) for piece in pieces):
            return translated
        how = faults.damage(next(number), plain(pieces))
        return translated if how is None else damage(translated, how)

    return translate_and_damage


def _read(storage: Storage, bucket: str, document: StoredObject, is_broken: bool, quotas: Quotas) -> str:
    if is_broken:
        raise _FailedDocumentError("InternalServerException", "emulator: failed on request")
    if document.size > quotas.document_bytes:
        message = f"The document has {document.size} bytes, more than {quotas.document_bytes}."
        raise _FailedDocumentError("InvalidRequestException", message)
    try:
        return storage.read(bucket, document.key).decode()
    except UnicodeDecodeError as error:
        raise _FailedDocumentError(
            "InvalidRequestException", f"The document is not UTF-8: byte {error.start}."
        ) from None


def _auxiliary(order: Order, target: str, text: str) -> Mapping[str, object]:
    found = applied_terms(text, order.resources[target].terms)
    if not found:
        return {}
    terms = [{"sourceText": source, "targetText": words} for source, words in found]
    return {"appliedTerminologies": [{"name": order.terminology, "terms": terms}]}


def _details_place(order: Order, target: str) -> tuple[str, str]:
    bucket, prefix = split_uri(order.output_uri)
    return bucket, f"{prefix}details/{target}.auxiliary-translation-details.json"


def _write_details(
    storage: Storage,
    order: Order,
    target: str,
    details: Sequence[Mapping[str, Any]],
    codes: Sequence[str],
    billed: int,
) -> None:
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
    storage.write(*_details_place(order, target), data, "application/json")
