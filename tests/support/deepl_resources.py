"""What the double of DeepL keeps for an account: multilingual glossaries (v3), and translation memories with the jobs
and the storage addresses that fill and read them."""

from __future__ import annotations

import json
from itertools import count
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

from tests.support.service_double import Call, Reply, ServiceDouble

TARGETS = frozenset(
    {"AR", "DA", "DE", "EN-GB", "EN-US", "ES", "FI", "FR", "JA", "KO", "NB", "NL", "PT-BR", "PT-PT", "RU", "TR", "VI"}
    | {"ZH", "ZH-HANS", "ZH-HANT"}
)
SOURCES = frozenset(code.partition("-")[0] for code in TARGETS)
_TIME = "2026-11-02T09:14:07.250000Z"


class RefusalError(Exception):
    def __init__(self, status: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.reply = Reply(status, {"message": message, **({"detail": detail} if detail else {})})


class Resources(ServiceDouble):
    """`polls` is how often a job is looked at before it is done."""

    def __init__(self, polls: int) -> None:
        super().__init__()
        self.glossaries: dict[str, dict[str, Any]] = {}
        self.memories: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self._polls = polls
        self._ids = (f"00000000-0000-4000-8000-{number:012d}" for number in count(1))

    def found(self, things: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
        if key not in things:
            raise RefusalError(404, "Not found")
        return things[key]

    def glossary(self, call: Call, rest: list[str]) -> Reply:
        if call.method == "GET" and not rest:
            return Reply(content={"glossaries": [_glossary_info(key, g) for key, g in self.glossaries.items()]})
        if call.method == "POST" and not rest:
            fields = fields_of(call)
            if not fields.get("name") or not fields.get("dictionaries"):
                raise RefusalError(400, "Missing or invalid argument")
            dictionaries = dict(map(_dictionary, fields["dictionaries"]))
            key = next(self._ids)
            self.glossaries[key] = {"name": fields["name"], "dictionaries": dictionaries}
            return Reply(201, _glossary_info(key, self.glossaries[key]))
        glossary = self.found(self.glossaries, rest[0])
        match call.method, rest[1:]:
            case "GET", []:
                pass
            case "DELETE", []:
                del self.glossaries[rest[0]]
                return Reply(204)
            case "PATCH", []:
                glossary["name"] = fields_of(call).get("name") or glossary["name"]
            case "PUT", ["dictionaries"]:
                (source, target), terms = _dictionary(fields_of(call))
                glossary["dictionaries"][source, target] = terms
                return Reply(content={"source_lang": source, "target_lang": target, "entry_count": len(terms)})
            case _:
                raise RefusalError(405, "Method not allowed")
        return Reply(content=_glossary_info(rest[0], glossary))

    def memory(self, call: Call, rest: list[str]) -> Reply:
        match call.method, rest:
            case "GET", []:
                query = {name: int(values[0]) for name, values in parse_qs(call.query).items()}
                size = min(query.get("page_size", 10), 25)
                infos = [_memory_info(key, memory) for key, memory in self.memories.items()]
                start = query.get("page", 0) * size
                found = {"translation_memories": infos[start : start + size], "total_count": len(infos)}
                return Reply(content=found)
            case "POST", ["import"]:
                fields = fields_of(call)
                size = fields.get("source_file", {}).get("content_length")
                if not isinstance(size, int) or size < 1 or not fields["source_file"].get("file_name"):
                    raise RefusalError(400, "Invalid source_file")
                key = next(self._ids)
                name = fields.get("parameters", {}).get("display_name") or fields["source_file"]["file_name"]
                self.jobs[key] = {
                    "operation": "import",
                    "status": "awaiting_input",
                    "name": name,
                    "size": size,
                    "polls": 0,
                }
                upload = f"{self.url}/storage/{key}?X-Signature=2c9d"
                return Reply(201, {"job_id": key, "upload_url": upload, "expires_at": _TIME})
            case "GET", ["jobs", key]:
                return self._job(key)
            case "POST", [key, "export"]:
                self.found(self.memories, key)
                job = next(self._ids)
                self.jobs[job] = {"operation": "export", "status": "processing", "memory": key, "polls": 0}
                return Reply(202, {"job_id": job, "parameters": {"translation_memory_id": key}})
            case "GET", [key]:
                return Reply(content=_memory_info(key, self.found(self.memories, key)))
            case "DELETE", [key]:
                self.found(self.memories, key)
                del self.memories[key]
                return Reply(204)
            case _:
                raise RefusalError(404, "Not found")

    def _job(self, key: str) -> Reply:
        job = self.found(self.jobs, key)
        job["polls"] += 1
        if job["status"] == "processing" and job["polls"] > self._polls:
            job["status"] = "completed"
            if job["operation"] == "import":
                self._imported(job)
            else:
                job["download_url"] = f"{self.url}/storage/{key}?X-Signature=77ab"
        result = {name: job[name] for name in ("status", "translation_memory_id", "download_url", "error",
                                               "skipped_segment_count") if name in job}  # fmt: skip
        return Reply(content={"job_id": key, "operation": job["operation"], "results": [result]})

    def _imported(self, job: dict[str, Any]) -> None:
        try:
            root = ElementTree.fromstring(job["data"])
        except ElementTree.ParseError as error:
            job.update(status="failed", error={"message": f"not a TMX file: {error}"})
            return
        rows = [[(tuv.get("{http://www.w3.org/XML/1998/namespace}lang", ""), "".join(tuv.itertext()).strip())
                 for tuv in unit.iter("tuv")] for unit in root.iter("tu")]  # fmt: skip
        key = next(self._ids)
        segments = {row[0][1]: row[1][1] for row in rows}
        self.memories[key] = {"name": job["name"], "segments": segments, "data": job["data"],
                              "source": rows[0][0][0], "target": rows[0][1][0]}  # fmt: skip
        job.update(translation_memory_id=key, skipped_segment_count=len(rows) - len(segments))

    def storage(self, call: Call) -> Reply:
        """The pre-signed addresses: they take no key, and must not get one."""
        job = self.found(self.jobs, call.path.rpartition("/")[2])
        if "authorization" in call.headers or "X-Signature" not in call.query:
            raise RefusalError(403, "SignatureDoesNotMatch")
        if call.method == "GET":
            return Reply(200, self.memories[job["memory"]]["data"], {"Content-Type": "application/xml"})
        if len(call.body) != job["size"]:
            raise RefusalError(400, "content length differs")
        job.update(data=call.body, status="processing")
        return Reply(200, b"")


def fields_of(call: Call) -> dict[str, Any]:
    try:
        fields = json.loads(call.body)
    except ValueError:
        raise RefusalError(400, "Bad request: invalid JSON") from None
    if not isinstance(fields, dict):
        raise RefusalError(400, "Bad request: no object")
    return fields


def _dictionary(fields: dict[str, Any]) -> tuple[tuple[str, str], dict[str, str]]:
    source, target = fields["source_lang"].upper(), fields["target_lang"].upper()
    if source not in SOURCES or target not in SOURCES or fields["entries_format"] not in ("tsv", "csv"):
        raise RefusalError(400, "Unsupported glossary source and target language pair")
    rows = [line.split("\t") for line in fields["entries"].split("\n") if line.strip()]
    if any(len(row) != 2 or not all(row) or max(len(cell.encode()) for cell in row) > 1024 for row in rows):
        raise RefusalError(400, "Invalid glossary entries provided", "an entry misses its tab, or is too long")
    if len({row[0] for row in rows}) != len(rows):
        raise RefusalError(400, "Invalid glossary entries provided", "a key is duplicated")
    return (source, target), {row[0]: row[1] for row in rows}


def _glossary_info(key: str, glossary: dict[str, Any]) -> dict[str, Any]:
    dictionaries = [
        {"source_lang": source.lower(), "target_lang": target.lower(), "entry_count": len(terms)}
        for (source, target), terms in glossary["dictionaries"].items()
    ]
    return {"glossary_id": key, "name": glossary["name"], "dictionaries": dictionaries, "creation_time": _TIME}


def _memory_info(key: str, memory: dict[str, Any]) -> dict[str, Any]:
    return {
        "translation_memory_id": key,
        "name": memory["name"],
        "source_language": memory["source"],
        "target_languages": [memory["target"]],
        "segment_count": len(memory["segments"]),
        "creation_time": _TIME,
        "updated_time": _TIME,
    }
