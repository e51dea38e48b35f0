"""The output of a job of Amazon Translate in S3 is read to its end, whatever fails on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.emulator import FaultKind
from bot.engines.amazon.documents import BatchBlock, pack
from tests.support.amazon_run import SETTINGS, Call, World, wrapped


class TestOutput:
    def test_a_folder_that_can_not_be_deleted_at_once_costs_no_answer(self, world: World) -> None:
        refused = 0

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            nonlocal refused
            answer = call(**arguments)
            if name == "delete_objects" and refused < 2:
                refused += 1
                world.fail(FaultKind.THROTTLE, "s3:POST", times=SETTINGS.max_attempts)
                return call(**arguments)
            return answer

        assert not any(answer.left for answer in world.translate(wrap=wrapped(around)))
        assert world.clean()

    def test_a_document_that_is_missing_without_a_reason_is_an_error_of_its_sentences(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "get_object" and re.search(r"/zh\.b-c-md", arguments["Key"]):
                arguments = arguments | {"Key": "not there"}
            return call(**arguments)

        answers = world.translate(wrap=wrapped(around))
        assert [bool(answer.left) for answer in answers] == [False, False, False, True, True]
        assert answers[4].left == "Amazon Translate returned no translation of its document, and no reason"

    @pytest.mark.parametrize("looks", [1, 3, 100])
    def test_details_that_are_empty_at_first_are_looked_at_again(self, world: World, looks: int) -> None:
        world.fail(FaultKind.FAIL_DOCUMENT, "b-c-md-*")
        left = looks

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            nonlocal left
            answer = call(**arguments)
            if name == "get_object" and "/details/" in arguments["Key"] and left:
                left -= 1
                answer["Body"].read()
                return {**answer, "Body": Body(b"")}
            return answer

        answers = world.translate(wrap=wrapped(around))
        assert answers[3].left.startswith("Amazon Translate")
        assert not answers[0].left
        assert ("emulator" in answers[3].left) is (looks < 6)
        assert len(world.time.slept) == min(looks, 5)

    def test_only_the_expected_files_are_read(self, world: World) -> None:
        keys: list[str] = []

        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            if name == "get_object" and "/out/" in arguments["Key"]:
                keys.append(re.sub(r".*-TranslateText-\w+", "", arguments["Key"]))
            return call(**arguments)

        world.translate(wrap=wrapped(around))
        assert sorted(keys) == [
            "/details/zh.auxiliary-translation-details.json",
            f"/zh.{file_name('a.md')}",
            f"/zh.{file_name('b/c.md')}",
        ]

    def test_a_document_without_a_sentence_or_with_it_twice_leaves_that_sentence(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            answer = call(**arguments)
            if name == "get_object" and "/zh.a-md" in arguments["Key"]:
                text = answer["Body"].read().decode()
                first, second = re.findall(r"<p .*?</p>", text)
                return {**answer, "Body": Body(text.replace(first, "").replace(second, second * 2).encode())}
            return answer

        answers = world.translate(wrap=wrapped(around))
        assert answers[0].left == answers[1].left == "Amazon Translate returned its document without this sentence"

    def test_what_is_not_utf_8_leaves_the_sentences(self, world: World) -> None:
        def around(name: str, call: Call, arguments: dict[str, Any]) -> Any:
            answer = call(**arguments)
            if name == "get_object" and "/zh.a-md" in arguments["Key"]:
                return {**answer, "Body": Body(answer["Body"].read().decode().encode("utf-16"))}
            return answer

        assert "not UTF-8" in world.translate(wrap=wrapped(around))[0].left


def file_name(path: str) -> str:
    return pack([BatchBlock("", "", 0, path)])[0].name


class Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self) -> bytes:
        return self.content
