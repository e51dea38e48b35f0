"""Parallel data of a few pairs, as the tests push it to Amazon Translate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.engines.amazon.clients import Clients
from bot.engines.amazon.parallel_data import Content, Pushed, push
from bot.engines.amazon.parallel_data_state import State, find
from bot.engines.amazon.settings import Settings
from tests.support.amazon_run import SETTINGS, Killed, World

TEA, CUP = ("Tea is hot.", "茶是热的。"), ("A cup of tea.", "一杯茶。")
PUSHES = ("CreateParallelData", "UpdateParallelData", "s3:PUT")


def content(*pairs: tuple[str, str], form: str = "csv") -> Content:
    text = "".join(f"{source},{target}\n" for source, target in (("en", "zh"), *pairs))
    return Content(text.encode(), form, "sentence", len(pairs))


def key(of: Content, settings: Settings = SETTINGS) -> str:
    return settings.key(f"parallel-data/{of.hash}.csv")


def taught(world: World, *pairs: tuple[str, str], **options: Any) -> Pushed:
    return push(world.clients(), SETTINGS, content(*pairs), **options)


def state(world: World) -> State:
    found = find(world.clients(), SETTINGS)
    assert found is not None
    return found


def calls(world: World, *operations: str) -> list[int]:
    return [world.state.count(operation) for operation in operations]


def killed_in_sleep(world: World) -> Clients:
    def stop(_seconds: float) -> None:
        raise Killed

    return replace(world.clients(), sleep=stop)
