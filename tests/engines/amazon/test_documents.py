"""The documents and names of batch jobs, held against the service's limits and model."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.emulator.protocol import service_model, violations
from bot.engines.amazon import documents
from bot.engines.amazon.clients import Session
from bot.engines.amazon.documents import BatchBlock, make_key, pack, read_blocks, render, split_jobs
from bot.engines.amazon.jobs import BatchJob, Jobs, LanguagePair, job_name
from bot.engines.amazon.storage import BucketStorage
from tests.support.amazon_run import World, changed


def blocks(*texts: str, path: str = "a.md") -> list[BatchBlock]:
    return [BatchBlock(make_key(text, ["en", "zh"]), text, len(text), path) for text in texts]


class TestDocuments:
    def test_what_is_billed_is_the_text_of_the_blocks(self) -> None:
        text = render(blocks("One.", "<em>Two</em>."), "en")
        assert text.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"></head><body><p id="k')
        assert re.sub(r"<[^>]+>", "", text).lstrip() == "One.Two."

    def test_documents_stay_below_the_limit_and_hold_every_block_once(self) -> None:
        many = blocks(*(f"Sentence {number} 漢字." for number in range(100)))
        packed = pack([*many, *many], limit=1000)
        assert [block for document in packed for block in document.blocks] == many
        assert all(len(render(document.blocks, "en").encode()) <= 1000 for document in packed)
        assert len(packed) < 12

    def test_names_are_flat_safe_and_distinct(self) -> None:
        paths = ["a/b.md", "a-b.md", "a b.md", "目录/文件.md", "目录/文字.md", "details/x.md", "x" * 500, ""]
        names = [pack(blocks("x", path=path))[0].name for path in paths]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9-]{1,100}\.html", name) for name in names)

    def test_blocks_are_found_whatever_the_service_does_to_the_tags(self) -> None:
        one, two, three = (block.key for block in blocks("1", "2", "3"))
        text = f"<P class='x' ID='k{one}' >Uno\n<b>x</b></P ><p id=k{two}>dos</p> <p id='k{three}'>tres"
        assert read_blocks(text, [one, two, three]) == {one: "Uno\n<b>x</b>", two: "dos", three: None}

    def test_jobs_stay_within_both_limits(self) -> None:
        many = pack(blocks(*(f"Sentence {number}." for number in range(40))), limit=400)
        size = len(render(many[0].blocks, "xx-XX").encode())
        assert [len(job) for job in split_jobs(many, count=3)][:2] == [3, 3]
        assert [len(job) for job in split_jobs(many, size=2 * size + 10)][:1] == [2]
        assert [document for job in split_jobs(many, count=3) for document in job] == many

    def test_the_limits_are_the_service_s(self) -> None:
        assert documents.MAX_DOCUMENT_BYTES <= 1_000_000
        assert documents.MAX_JOB_BYTES <= 5 * 1024**3


def no_calls(language: str = "zh", **changes: object) -> Session:
    return Session(None, changed(**changes), language)  # type: ignore[arg-type]  # without clients


class TestNames:
    """What the service model allows, and botocore does not check."""

    @pytest.mark.parametrize("language", ["zh", "zh_Hant.2", "x" * 300, "日本語", "a--b", "-a-"])
    def test_whatever_the_language_is_called_the_call_keeps_to_the_model(self, language: str) -> None:
        session = no_calls(language, name="n" * 64, encryption_key="alias/a", formality="informal")
        storage = BucketStorage(session)
        packed = pack(blocks("x"))
        pair = LanguagePair("en", "zh", session.resource, session.resource)
        job = BatchJob(job_name(session, packed, pair), {}, pair, "ledger/x", ["1", "2"])
        call = Jobs(session, storage)._call(job)
        shape = service_model().operation_model("StartTextTranslationJob").input_shape
        assert list(violations(shape, call)) == []
        parallel_data = service_model().operation_model("GetParallelData").input_shape
        assert list(violations(parallel_data, {"Name": session.resource})) == []

    def test_names_of_different_languages_differ(self) -> None:
        names = ["a.b", "a-b", "a_b", "x" * 100, "x" * 101]
        assert len({no_calls(name).resource for name in names}) == len(names)

    def test_the_job_s_name_follows_from_what_is_asked(self) -> None:
        pair = LanguagePair("en", "zh")
        name = job_name(no_calls(), pack(blocks("x", "y")), pair)
        assert name == job_name(no_calls(), pack(blocks("x", "y")), pair)
        others = [
            job_name(no_calls(), pack(blocks("x")), pair),
            job_name(no_calls(), pack(blocks("x", "y", path="b.md")), pair),
            job_name(no_calls(), pack(blocks("x", "y")), replace(pair, parallel_data="amts-zh")),
            job_name(no_calls(formality="formal"), pack(blocks("x", "y")), pair),
        ]
        assert name not in others
        assert len(set(others)) == len(others)

    def test_the_token_is_the_attempt_s(self) -> None:
        job = BatchJob("amts-zh-0", {}, LanguagePair("en", "zh"), "ledger/x", ["1", "2"])
        assert job.token == replace(job, spent=["2", "1"]).token
        assert job.token != replace(job, spent=["1"]).token


def test_pauses_grow_from_the_first_to_the_greatest(world: World) -> None:
    session = world.session(changed(poll_seconds=30.0, max_poll_seconds=100.0))
    ends = [seconds for _, seconds in zip(range(6), session.attempts(), strict=False)]
    assert world.time.slept == [30, 45, 67.5, 100, 100]
    assert ends == [30, 75, 142.5, 242.5, 342.5, 442.5]
