"""Parallel data in Amazon Translate: pushed when it changed, awaited by the right status, deleted, downloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.emulator import Quotas
from bot.engines.amazon.clients import Clients, ServiceError
from bot.errors import EngineError
from tests.support.amazon_pushing import CUP, PUSHES, TEA, calls, content, key, killed_in_sleep, service, state, taught
from tests.support.amazon_run import SETTINGS, Killed, StartWorld, World, changed, wrapped
from tests.support.emulator_fixture import BUCKET


def test_the_first_push_creates_and_waits_until_it_is_active(importing: World) -> None:
    before = calls(importing, *PUSHES)
    done = taught(importing, TEA, CUP)
    assert done.changed
    assert (done.state.status, done.state.imported, done.state.skipped, done.state.failed) == ("ACTIVE", 2, 0, 0)
    assert (done.state.level, done.state.pairs, done.state.hash) == ("sentence", 2, content(TEA, CUP).hash)
    assert (done.state.source, done.state.targets) == ("en", ("zh",))
    assert sum(importing.time.slept) >= 10
    assert importing.time.slept == sorted(importing.time.slept)
    assert max(importing.time.slept) <= SETTINGS.max_poll_seconds
    assert importing.cloud.keys("amts/") == [key(importing, content(TEA, CUP))]
    assert [now - then for now, then in zip(calls(importing, *PUSHES), before, strict=True)] == [1, 0, 1]


def test_nothing_is_pushed_when_the_content_is_in_force(importing: World) -> None:
    taught(importing, TEA)
    before = calls(importing, *PUSHES)
    done = taught(importing, TEA)
    assert not done.changed
    assert done.state.imported == 1
    assert calls(importing, *PUSHES) == before
    assert taught(importing, TEA, force=True).changed
    assert calls(importing, *PUSHES) == [before[0], before[1] + 1, before[2] + 1]


def test_an_update_is_awaited_by_its_own_status_and_replaces_everything(importing: World) -> None:
    taught(importing, TEA)
    seen: list[tuple[str, str]] = []

    def watch(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        if name == "get_parallel_data":
            found = state(importing)
            seen.append((found.status, found.update))
        return call(**members)

    done = service(importing, clients=wrapped(watch)(importing.clients())).push(content(CUP))
    assert ("ACTIVE", "UPDATING") in seen
    assert (done.changed, done.state.update, done.state.imported) == (True, "ACTIVE", 1)
    assert done.state.hash == content(CUP).hash
    assert importing.cloud.keys("amts/") == [key(importing, content(CUP))]
    found = service(importing).download()
    assert found is not None
    assert found[1] == content(CUP).data


def test_a_content_that_comes_back_is_pushed_again(world: World) -> None:
    for pair in (TEA, CUP, TEA):
        assert taught(world, pair).changed
    assert state(world).hash == content(TEA).hash
    service(world).delete()
    assert taught(world, TEA).changed
    assert state(world).is_usable


@pytest.mark.parametrize("first", [True, False], ids=["created", "updated"])
def test_records_that_the_service_leaves_out_come_with_its_reasons(world: World, first: bool) -> None:
    if not first:
        taught(world, TEA)
    done = taught(world, TEA, ("", "空"), ("=x", "y"))
    assert (done.state.imported, done.state.skipped, done.state.failed) == (1, 1, 1)
    assert [reason.record for reason in done.reasons] == ["Line 3", "Line 4"]
    assert "empty" in done.reasons[0].message
    assert service(world).reasons() == list(done.reasons)


def test_a_content_that_is_refused_at_first_is_an_error_with_the_message_of_the_service(world: World) -> None:
    with pytest.raises(EngineError, match="no record that can be imported") as raised:
        taught(world, ("", ""))
    assert "stays" not in str(raised.value)
    assert state(world).status == "FAILED"
    assert taught(world, TEA).state.is_usable
    assert world.cloud.keys("amts/") == [key(world, content(TEA))]


def test_a_refused_update_leaves_what_was_in_force(world: World) -> None:
    taught(world, TEA)
    for _ in range(2):  # the token of the first try must not bring back its answer
        with pytest.raises(EngineError, match="what was in force before stays"):
            taught(world, ("", ""))
    assert calls(world, "UpdateParallelData") == [2]
    assert state(world).is_usable
    assert key(world, content(TEA)) in world.cloud.keys("amts/")
    found = service(world).download()
    assert found is not None
    assert found[1] == content(TEA).data
    assert taught(world, TEA).changed, "whether the content in force is the one described is not certain"
    assert world.cloud.keys("amts/") == [key(world, content(TEA))]


def test_a_push_waits_while_the_account_imports_something_else(importing: World) -> None:
    with pytest.raises(Killed):
        service(importing, language="de", clients=killed_in_sleep(importing)).push(content(CUP))
    done = taught(importing, TEA)
    assert done.state.is_usable
    assert importing.state.count("CreateParallelData", failed=True) >= 1
    assert [one.name for one in service(importing).list_all()] == ["amts-de", "amts-zh"]


def test_a_push_gives_up_after_a_while_and_says_what_to_do(start_world: StartWorld) -> None:
    importing = start_world(quotas=Quotas(parallel_data=0))
    with pytest.raises(ServiceError, match="amts parallel-data list") as raised:
        service(importing, changed(poll_seconds=60.0, max_poll_seconds=600.0)).push(content(TEA))
    assert raised.value.code == "LimitExceededException"
    assert 3600 < sum(importing.time.slept) <= 2 * 3600


def test_encryption_and_tags_go_with_the_file_and_the_resource(world: World) -> None:
    settings = changed(encryption_key="arn:aws:kms:us-east-1:123456789012:key/a", tags={"book": "d2l + more"})
    clients = world.clients()
    service(world, settings, clients=clients).push(content(TEA))
    head = clients.s3.head_object(Bucket=BUCKET, Key=key(world, content(TEA)))
    assert head["ServerSideEncryption"] == "aws:kms"
    tags = clients.s3.get_object_tagging(Bucket=BUCKET, Key=key(world, content(TEA)))["TagSet"]
    assert tags == [{"Key": "book", "Value": "d2l + more"}]
    properties = clients.translate.get_parallel_data(Name="amts-zh")["ParallelDataProperties"]
    assert properties["EncryptionKey"] == {"Type": "KMS", "Id": settings.encryption_key}
    assert len(properties["Description"]) <= 256
    assert clients.translate.list_tags_for_resource(ResourceArn=properties["Arn"])["Tags"] == tags


def test_delete_waits_until_it_is_gone_and_takes_the_files_with_it(importing: World) -> None:
    assert not service(importing).delete()
    taught(importing, TEA)
    other = key(importing, content(TEA), "de")
    importing.cloud.put(other, "")
    assert service(importing).delete()
    assert service(importing).find() is None
    assert importing.cloud.keys("amts/") == [other]


def test_a_push_during_a_deletion_waits_and_creates(importing: World) -> None:
    taught(importing, TEA)
    importing.clients().translate.delete_parallel_data(Name="amts-zh")
    assert taught(importing, TEA).changed
    assert state(importing).is_usable


def test_there_is_nothing_to_download_before_the_first_push(importing: World) -> None:
    assert service(importing).download() is None
    assert service(importing).reasons() == []
    with pytest.raises(Killed):
        service(importing, clients=killed_in_sleep(importing)).push(content(TEA))
    with pytest.raises(EngineError, match="no content in force"):
        service(importing).download()


def answering(importing: World, location: str) -> Clients:
    class Answer:
        def get_parallel_data(self, **_: Any) -> Any:
            properties = {"Name": "amts-zh", "Status": "ACTIVE"}
            return {"ParallelDataProperties": properties, "DataLocation": {"Location": location}}

    return replace(importing.clients(), translate=Answer())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "location",
    [
        "{endpoint}/_emulator/files/none?X-Amz-Signature=secret",
        "http://127.0.0.1:1/?X-Amz-Signature=secret",
        "http://bad host/?X-Amz-Signature=secret",
        "file:///etc/passwd?X-Amz-Signature=secret",
    ],
)
def test_an_address_that_opens_the_file_is_never_shown(world: World, location: str) -> None:
    with pytest.raises(EngineError) as raised:
        service(world, clients=answering(world, location.format(endpoint=world.cloud.emulator.endpoint_url))).download()
    assert "secret" not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_every_page_of_the_list_is_read(world: World) -> None:
    class Pages:
        def list_parallel_data(self, NextToken: str = "0", **_: Any) -> Any:  # noqa: N803
            number = int(NextToken)
            more = {"NextToken": str(number + 1)} if number < 2 else {}
            return {"ParallelDataPropertiesList": [{"Name": NextToken}], **more}

    clients = replace(world.clients(), translate=Pages())  # type: ignore[arg-type]
    assert [one.name for one in service(world, clients=clients).list_all()] == ["0", "1", "2"]


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "ages"),
    [
        ("every-run", [True, True, True, True, True]),
        ("daily", [True, False, True, True, True]),
        ("weekly", [True, False, False, True, True]),
        ("monthly", [True, False, False, False, True]),
        ("by-hand", [False] * 5),
    ],
)
def test_when_parallel_data_is_due(world: World, policy: str, ages: Sequence[bool]) -> None:
    moments = [None, *(NOW - timedelta(days=days) for days in (0.9, 1, 7, 30))]
    assert [_is_due(world, policy, moment) for moment in moments] == ages


def _is_due(world: World, policy: str, updated: datetime | None) -> bool:
    class Answer:
        def get_parallel_data(self, **_: Any) -> Any:
            return {"ParallelDataProperties": {"Name": "amts-zh", "LastUpdatedAt": updated}}

    clients = replace(world.clients(), translate=Answer(), clock=lambda: NOW)  # type: ignore[arg-type]
    return service(world, changed(refresh=policy), clients=clients).is_due()
