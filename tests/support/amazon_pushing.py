"""Parallel data of a few pairs, as the tests push it to Amazon Translate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.engines.amazon.clients import Clients
from bot.engines.amazon.parallel_data import AmazonParallelData
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.amazon.storage import BucketStorage
from bot.engines.teaching import ParallelDataContent, ParallelDataState, PushResult
from tests.support.amazon_run import SETTINGS, Killed, World

TEA, CUP = ("Tea is hot.", "茶是热的。"), ("A cup of tea.", "一杯茶。")
PUSHES = ("CreateParallelData", "UpdateParallelData", "s3:PUT")


def content(*pairs: tuple[str, str], form: str = "csv") -> ParallelDataContent:
    text = "".join(f"{source},{target}\n" for source, target in (("en", "zh"), *pairs))
    return ParallelDataContent(text.encode(), form, "sentence", len(pairs))


def service(
    world: World, settings: AmazonSettings = SETTINGS, language: str = "zh", clients: Clients | None = None
) -> AmazonParallelData:
    return AmazonParallelData(world.session(settings, language, clients))


def key(world: World, of: ParallelDataContent, language: str = "zh") -> str:
    return BucketStorage(world.session(language=language)).key(f"parallel-data/{of.hash}.csv")


def taught(world: World, *pairs: tuple[str, str], **options: Any) -> PushResult:
    return service(world).push(content(*pairs), **options)


def state(world: World) -> ParallelDataState:
    found = service(world).find()
    assert found is not None
    return found


def calls(world: World, *operations: str) -> list[int]:
    return [world.state.count(operation) for operation in operations]


def killed_in_sleep(world: World) -> Clients:
    def stop(_seconds: float) -> None:
        raise Killed

    return replace(world.clients(), sleep=stop)
