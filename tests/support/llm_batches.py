"""Files and batches of the double of a language model."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from tests.support.llm_requests import Refusal

if TYPE_CHECKING:
    from tests.support.llm_double import LLMDouble


class Batches:
    """What was uploaded, and the batches made of it. `hold`: batches do not end until it is False."""

    def __init__(self, double: LLMDouble) -> None:
        self._double = double
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.hold = False

    def handle(self, method: str, path: str, data: bytes, kind: str) -> Any:
        """The answer to a request. Raises Refusal."""
        parts = path.strip("/").split("/")
        match method, parts:
            case "POST", ["files"]:
                return self._upload(data, kind)
            case "GET", ["files", name, "content"] if name in self.files:
                return self.files[name]
            case "GET", ["files", name] if name in self.files:
                return self._file(name)
            case "POST", ["batches"]:
                return self._create(json.loads(data))
            case "GET", ["batches"]:
                newest = list(reversed(self.batches))
                return {"object": "list", "data": [self._look(name) for name in newest], "has_more": False}
            case "GET", ["batches", name] if name in self.batches:
                return self._look(name)
        raise Refusal(f"Invalid URL ({method} {path})", status=404)

    def _upload(self, data: bytes, kind: str) -> dict[str, Any]:
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + data)
        fields = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        if fields.keys() != {"purpose", "file"} or fields["purpose"].get_content().strip() != "batch":
            raise Refusal("a file needs a purpose and a content")
        name = f"file-{next(self._double.numbers)}"
        content = fields["file"].get_payload(decode=True)
        assert isinstance(content, bytes)
        self.files[name] = content
        return self._file(name)

    def _file(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "file", "bytes": len(self.files[name]), "created_at": 1_796_000_000,
                "filename": "batch.jsonl", "purpose": "batch", "status": "processed"}  # fmt: skip

    def _create(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if asked.keys() - {"input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"}:
            raise Refusal("Unknown parameter of a batch")
        if asked.get("completion_window") != "24h" or asked.get("endpoint") != "/v1/chat/completions":
            raise Refusal("Invalid completion_window or endpoint")
        if asked.get("input_file_id") not in self.files:
            raise Refusal("No such File object", status=404)
        name = f"batch_{next(self._double.numbers)}"
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": asked["endpoint"], "completion_window": "24h",
            "input_file_id": asked["input_file_id"], "status": "in_progress", "created_at": int(time.time()),
            "metadata": asked.get("metadata"), "output_file_id": None, "error_file_id": None, "errors": None,
        }  # fmt: skip
        return self.batches[name]

    def _look(self, name: str) -> dict[str, Any]:
        batch = self.batches[name]
        if batch["status"] == "in_progress" and not self.hold:
            self._run(batch)
        return batch

    def _run(self, batch: dict[str, Any]) -> None:
        done: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for line in self.files[batch["input_file_id"]].splitlines():
            asked = json.loads(line)
            result = {"id": f"batch_req_{next(self._double.numbers)}", "custom_id": asked["custom_id"], "error": None}
            try:
                reply = self._double.complete(asked["body"])
                assert not isinstance(reply, bytes)
                body = self._double.completion(reply, asked["body"])
                result["response"] = {"status_code": reply.status, "request_id": "r", "body": body}
                (done if reply.status == 200 else failed).append(result)
            except Refusal as refusal:
                body = {"error": {"message": str(refusal), "code": refusal.code}}
                failed.append({**result, "response": {"status_code": refusal.status, "request_id": "r", "body": body}})
        for what, lines in (("output_file_id", done), ("error_file_id", failed)):
            if lines:
                batch[what] = f"file-{next(self._double.numbers)}"
                # In any order, as the description says.
                self.files[batch[what]] = "".join(json.dumps(one) + "\n" for one in reversed(lines)).encode()
        batch["status"] = "completed"
