"""Parallel data in Amazon Translate when a push is killed, calls fail or answers are late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.emulator import FaultKind
from bot.errors import EngineError
from tests.support.amazon_pushing import CUP, TEA, calls, content, key, killed_in_sleep, service, state, taught
from tests.support.amazon_run import Killed, StartWorld, World, changed, wrapped


def test_a_killed_push_is_found_and_awaited_by_the_next_one(importing: World) -> None:
    with pytest.raises(Killed):
        service(importing, clients=killed_in_sleep(importing)).push(content(TEA))
    assert state(importing).status == "CREATING"
    done = taught(importing, TEA, force=True)
    assert (done.changed, done.state.status) == (True, "ACTIVE")
    assert calls(importing, "CreateParallelData", "UpdateParallelData") == [1, 0]
    with pytest.raises(Killed):
        service(importing, clients=killed_in_sleep(importing)).push(content(CUP))
    assert state(importing).update == "UPDATING"
    done = taught(importing, CUP)
    assert (done.changed, done.state.update, done.state.imported) == (True, "ACTIVE", 1)
    assert calls(importing, "CreateParallelData", "UpdateParallelData") == [1, 1]


def test_killed_before_or_after_any_call_the_next_push_ends_the_same(importing: World) -> None:
    for number in range(100):
        importing.cloud.reset()
        taught(importing, TEA)
        made = 0

        def kill(_name: str, call: Callable[..., Any], members: dict[str, Any], at: int = number) -> Any:
            """Even numbers are killed before a call, odd ones after it."""
            nonlocal made
            made += 1
            if 2 * made == at + 2:
                raise Killed
            answer = call(**members)
            if 2 * made == at + 1:
                raise Killed
            return answer

        try:
            service(importing, clients=wrapped(kill)(importing.clients())).push(content(CUP))
        except Killed:
            taught(importing, CUP)
            assert calls(importing, "CreateParallelData", "UpdateParallelData") == [1, 1]
            assert state(importing).active_hash == content(CUP).hash
            assert importing.cloud.keys("amts/") == [key(importing, content(CUP))]
        else:
            assert number > 10
            return
    raise AssertionError("a push makes fewer calls")


def test_a_content_that_changed_after_a_kill_waits_for_the_former_one(importing: World) -> None:
    with pytest.raises(Killed):
        service(importing, clients=killed_in_sleep(importing)).push(content(TEA))
    done = taught(importing, CUP)
    assert done.state.hash == content(CUP).hash
    assert calls(importing, "CreateParallelData", "UpdateParallelData") == [1, 1]


@pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP, FaultKind.DROP_BEFORE])
@pytest.mark.parametrize("operation", ["CreateParallelData", "UpdateParallelData", "GetParallelData", "s3:PUT"])
def test_one_failing_call_is_repeated(world: World, kind: FaultKind, operation: str) -> None:
    taught(world, TEA)
    if operation == "CreateParallelData":
        service(world).delete()
    world.fail(kind, operation)
    assert taught(world, CUP).state.is_usable
    assert state(world).active_hash == content(CUP).hash
    assert world.state.faults == ()


def test_an_answer_from_before_the_update_is_not_taken_for_its_end(importing: World) -> None:
    taught(importing, TEA)
    taught(importing, CUP)
    old = importing.clients().translate.get_parallel_data(Name="amts-zh")
    importing.time.sleep(60)
    clients = importing.clients()

    class Stale:
        looks = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(clients.translate, name)

        def get_parallel_data(self, **members: Any) -> Any:
            self.looks += 1
            return old if self.looks in (2, 3) else clients.translate.get_parallel_data(**members)

    done = service(importing, clients=replace(clients, translate=Stale())).push(content(TEA, CUP))  # type: ignore[arg-type]
    assert done.state.imported == 2


def test_waiting_ends_at_the_time_limit_and_a_later_push_waits_on(start_world: StartWorld) -> None:
    importing = start_world(parallel_data_seconds=7200.0)
    patient = changed(poll_seconds=60.0, max_poll_seconds=600.0)
    with pytest.raises(EngineError, match="after 1 hours; push again later"):
        service(importing, changed(patient, timeout_hours=1.0)).push(content(TEA))
    assert service(importing, patient).push(content(TEA)).state.is_usable
    assert calls(importing, "CreateParallelData") == [1]


def test_reasons_that_cannot_be_fetched_do_not_undo_the_push(world: World) -> None:
    looks = 0

    def fail_the_third(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        nonlocal looks
        looks += name == "get_parallel_data"
        if looks == 3:
            world.fail(FaultKind.THROTTLE, "GetParallelData", times=None)
        return call(**members)

    done = service(world, clients=wrapped(fail_the_third)(world.clients())).push(content(TEA, ("", "x")))
    assert (done.state.imported, done.state.skipped) == (1, 1)
    assert "TooManyRequestsException" in done.reasons[0].message
