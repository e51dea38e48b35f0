"""Parallel data in Amazon Translate: pushed when it changed, awaited by the right status, found again after a kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.emulator import FaultKind, Quotas
from bot.engines.amazon.clients import Clients, ServiceError
from bot.engines.amazon.parallel_data import Content, Pushed, delete, due, push
from bot.engines.amazon.parallel_data_state import State, download, find, list_all, reasons
from bot.engines.amazon.settings import Settings
from bot.errors import EngineError
from tests.amazon_run import SETTINGS, Killed, Time, World, make_world, wrapped
from tests.emulator_fixture import BUCKET, Cloud

SECONDS = 10.0
TEA, CUP = ("Tea is hot.", "茶是热的。"), ("A cup of tea.", "一杯茶。")


def content(*pairs: tuple[str, str], form: str = "csv") -> Content:
    text = "".join(f"{source},{target}\n" for source, target in (("en", "zh"), *pairs))
    return Content(text.encode(), form, "sentence", len(pairs))


def key(of: Content, settings: Settings = SETTINGS) -> str:
    return settings.key(f"parallel-data/{of.hash}.csv")


Start = Callable[..., World]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]) -> Start:
    """An emulator whose time passes while somebody sleeps, with settings of its own."""

    def make(**settings: Any) -> World:
        passing = Time()
        return make_world(start_cloud(clock=passing, **settings), monkeypatch, passing)

    return make


@pytest.fixture
def aws(start: Start) -> World:
    return start(parallel_data_seconds=SECONDS)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> World:
    """Where every import is done at the first look."""
    return make_world(cloud, monkeypatch)


def taught(aws: World, *pairs: tuple[str, str], **options: Any) -> Pushed:
    return push(aws.clients(), SETTINGS, content(*pairs), **options)


def state(aws: World) -> State:
    found = find(aws.clients(), SETTINGS)
    assert found is not None
    return found


def calls(aws: World, *operations: str) -> list[int]:
    return [aws.state.count(operation) for operation in operations]


PUSHES = ("CreateParallelData", "UpdateParallelData", "s3:PUT")


def test_the_first_push_creates_and_waits_until_it_is_active(aws: World) -> None:
    before = calls(aws, *PUSHES)
    done = taught(aws, TEA, CUP)
    assert done.changed
    assert (done.state.status, done.state.imported, done.state.skipped, done.state.failed) == ("ACTIVE", 2, 0, 0)
    assert (done.state.level, done.state.pairs, done.state.hash) == ("sentence", 2, content(TEA, CUP).hash)
    assert (done.state.source, done.state.targets) == ("en", ("zh",))
    assert sum(aws.time.slept) >= SECONDS
    assert aws.time.slept == sorted(aws.time.slept)
    assert max(aws.time.slept) <= SETTINGS.max_poll_seconds
    assert aws.cloud.keys("amts/") == [key(content(TEA, CUP))]
    assert [now - then for now, then in zip(calls(aws, *PUSHES), before, strict=True)] == [1, 0, 1]


def test_nothing_is_pushed_when_the_content_is_in_force(aws: World) -> None:
    taught(aws, TEA)
    before = calls(aws, *PUSHES)
    done = taught(aws, TEA)
    assert not done.changed
    assert done.state.imported == 1
    assert calls(aws, *PUSHES) == before
    assert taught(aws, TEA, force=True).changed
    assert calls(aws, *PUSHES) == [before[0], before[1] + 1, before[2] + 1]


def test_an_update_is_awaited_by_its_own_status_and_replaces_everything(aws: World) -> None:
    taught(aws, TEA)
    seen: list[tuple[str, str]] = []

    def watch(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        if name == "get_parallel_data":
            found = state(aws)
            seen.append((found.status, found.update))
        return call(**members)

    done = push(wrapped(watch)(aws.clients()), SETTINGS, content(CUP))
    assert ("ACTIVE", "UPDATING") in seen
    assert (done.changed, done.state.update, done.state.imported) == (True, "ACTIVE", 1)
    assert done.state.hash == content(CUP).hash
    assert aws.cloud.keys("amts/") == [key(content(CUP))]
    found = download(aws.clients(), SETTINGS)
    assert found is not None
    assert found[1] == content(CUP).data


def test_a_content_that_comes_back_is_pushed_again(quick: World) -> None:
    for pair in (TEA, CUP, TEA):
        assert taught(quick, pair).changed
    assert state(quick).hash == content(TEA).hash
    delete(quick.clients(), SETTINGS)
    assert taught(quick, TEA).changed
    assert state(quick).is_usable


@pytest.mark.parametrize("first", [True, False], ids=["created", "updated"])
def test_records_that_the_service_leaves_out_come_with_its_reasons(quick: World, first: bool) -> None:
    if not first:
        taught(quick, TEA)
    done = taught(quick, TEA, ("", "空"), ("=x", "y"))
    assert (done.state.imported, done.state.skipped, done.state.failed) == (1, 1, 1)
    assert [reason.record for reason in done.reasons] == ["Line 3", "Line 4"]
    assert "empty" in done.reasons[0].message
    assert reasons(quick.clients(), SETTINGS) == list(done.reasons)


def test_a_content_that_is_refused_at_first_is_an_error_with_the_message_of_the_service(quick: World) -> None:
    with pytest.raises(EngineError, match="no record that can be imported") as raised:
        taught(quick, ("", ""))
    assert "stays" not in str(raised.value)
    assert state(quick).status == "FAILED"
    assert taught(quick, TEA).state.is_usable
    assert quick.cloud.keys("amts/") == [key(content(TEA))]


def test_a_refused_update_leaves_what_was_in_force(quick: World) -> None:
    taught(quick, TEA)
    for _ in range(2):  # the token of the first try must not bring back its answer
        with pytest.raises(EngineError, match="what was in force before stays"):
            taught(quick, ("", ""))
    assert calls(quick, "UpdateParallelData") == [2]
    assert state(quick).is_usable
    assert key(content(TEA)) in quick.cloud.keys("amts/")
    found = download(quick.clients(), SETTINGS)
    assert found is not None
    assert found[1] == content(TEA).data
    assert taught(quick, TEA).changed, "whether the content in force is the one described is not certain"
    assert quick.cloud.keys("amts/") == [key(content(TEA))]


def test_a_push_waits_while_the_account_imports_something_else(aws: World) -> None:
    other = replace(SETTINGS, language="de")
    with pytest.raises(Killed):
        push(killed_in_sleep(aws), other, content(CUP))
    done = taught(aws, TEA)
    assert done.state.is_usable
    assert aws.state.count("CreateParallelData", failed=True) >= 1
    assert [one.name for one in list_all(aws.clients())] == ["amts-de", "amts-zh"]


def test_a_push_gives_up_after_a_while_and_says_what_to_do(start: Start) -> None:
    aws = start(quotas=Quotas(parallel_data=0))
    with pytest.raises(ServiceError, match="amts parallel-data list") as raised:
        push(aws.clients(), replace(SETTINGS, poll_seconds=60.0, max_poll_seconds=600.0), content(TEA))
    assert raised.value.code == "LimitExceededException"
    assert 3600 < sum(aws.time.slept) <= 2 * 3600


def killed_in_sleep(aws: World) -> Clients:
    def stop(_seconds: float) -> None:
        raise Killed

    return replace(aws.clients(), sleep=stop)


def test_a_killed_push_is_found_and_awaited_by_the_next_one(aws: World) -> None:
    with pytest.raises(Killed):
        push(killed_in_sleep(aws), SETTINGS, content(TEA))
    assert state(aws).status == "CREATING"
    done = taught(aws, TEA, force=True)
    assert (done.changed, done.state.status) == (True, "ACTIVE")
    assert calls(aws, "CreateParallelData", "UpdateParallelData") == [1, 0]
    with pytest.raises(Killed):
        push(killed_in_sleep(aws), SETTINGS, content(CUP))
    assert state(aws).update == "UPDATING"
    done = taught(aws, CUP)
    assert (done.changed, done.state.update, done.state.imported) == (True, "ACTIVE", 1)
    assert calls(aws, "CreateParallelData", "UpdateParallelData") == [1, 1]


def test_killed_before_or_after_any_call_the_next_push_ends_the_same(aws: World) -> None:
    for number in range(100):
        aws.cloud.reset()
        taught(aws, TEA)
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
            push(wrapped(kill)(aws.clients()), SETTINGS, content(CUP))
        except Killed:
            taught(aws, CUP)
            assert calls(aws, "CreateParallelData", "UpdateParallelData") == [1, 1]
            assert state(aws).active_hash == content(CUP).hash
            assert aws.cloud.keys("amts/") == [key(content(CUP))]
        else:
            assert number > 10
            return
    raise AssertionError("a push makes fewer calls")


def test_a_content_that_changed_after_a_kill_waits_for_the_former_one(aws: World) -> None:
    with pytest.raises(Killed):
        push(killed_in_sleep(aws), SETTINGS, content(TEA))
    done = taught(aws, CUP)
    assert done.state.hash == content(CUP).hash
    assert calls(aws, "CreateParallelData", "UpdateParallelData") == [1, 1]


@pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP, FaultKind.DROP_BEFORE])
@pytest.mark.parametrize("operation", ["CreateParallelData", "UpdateParallelData", "GetParallelData", "s3:PUT"])
def test_one_failing_call_is_repeated(quick: World, kind: FaultKind, operation: str) -> None:
    taught(quick, TEA)
    if operation == "CreateParallelData":
        delete(quick.clients(), SETTINGS)
    quick.fail(kind, operation)
    assert taught(quick, CUP).state.is_usable
    assert state(quick).active_hash == content(CUP).hash
    assert quick.state.faults == ()


def test_an_answer_from_before_the_update_is_not_taken_for_its_end(aws: World) -> None:
    taught(aws, TEA)
    taught(aws, CUP)
    old = aws.clients().translate.get_parallel_data(Name="amts-zh")
    aws.time.sleep(60)
    clients = aws.clients()

    class Stale:
        looks = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(clients.translate, name)

        def get_parallel_data(self, **members: Any) -> Any:
            self.looks += 1
            return old if self.looks in (2, 3) else clients.translate.get_parallel_data(**members)

    done = push(replace(clients, translate=Stale()), SETTINGS, content(TEA, CUP))  # type: ignore[arg-type]
    assert done.state.imported == 2


def test_waiting_ends_at_the_time_limit_and_a_later_push_waits_on(start: Start) -> None:
    aws = start(parallel_data_seconds=7200.0)
    patient = replace(SETTINGS, poll_seconds=60.0, max_poll_seconds=600.0)
    with pytest.raises(EngineError, match="after 1 hours; push again later"):
        push(aws.clients(), replace(patient, timeout_hours=1.0), content(TEA))
    assert push(aws.clients(), patient, content(TEA)).state.is_usable
    assert calls(aws, "CreateParallelData") == [1]


def test_encryption_and_tags_go_with_the_file_and_the_resource(quick: World) -> None:
    settings = replace(SETTINGS, encryption_key="arn:aws:kms:us-east-1:123456789012:key/a", tags={"book": "d2l + more"})
    clients = quick.clients()
    push(clients, settings, content(TEA))
    head = clients.s3.head_object(Bucket=BUCKET, Key=key(content(TEA)))
    assert head["ServerSideEncryption"] == "aws:kms"
    tags = clients.s3.get_object_tagging(Bucket=BUCKET, Key=key(content(TEA)))["TagSet"]
    assert tags == [{"Key": "book", "Value": "d2l + more"}]
    properties = clients.translate.get_parallel_data(Name="amts-zh")["ParallelDataProperties"]
    assert properties["EncryptionKey"] == {"Type": "KMS", "Id": settings.encryption_key}
    assert len(properties["Description"]) <= 256
    assert clients.translate.list_tags_for_resource(ResourceArn=properties["Arn"])["Tags"] == tags


def test_delete_waits_until_it_is_gone_and_takes_the_files_with_it(aws: World) -> None:
    assert not delete(aws.clients(), SETTINGS)
    taught(aws, TEA)
    other = key(content(TEA), replace(SETTINGS, language="de"))
    aws.cloud.put(other, "")
    assert delete(aws.clients(), SETTINGS)
    assert find(aws.clients(), SETTINGS) is None
    assert aws.cloud.keys("amts/") == [other]


def test_a_push_during_a_deletion_waits_and_creates(aws: World) -> None:
    taught(aws, TEA)
    aws.clients().translate.delete_parallel_data(Name="amts-zh")
    assert taught(aws, TEA).changed
    assert state(aws).is_usable


def test_there_is_nothing_to_download_before_the_first_push(aws: World) -> None:
    assert download(aws.clients(), SETTINGS) is None
    assert reasons(aws.clients(), SETTINGS) == []
    with pytest.raises(Killed):
        push(killed_in_sleep(aws), SETTINGS, content(TEA))
    with pytest.raises(EngineError, match="no content in force"):
        download(aws.clients(), SETTINGS)


def answering(aws: World, location: str) -> Clients:
    class Answer:
        def get_parallel_data(self, **_: Any) -> Any:
            properties = {"Name": "amts-zh", "Status": "ACTIVE"}
            return {"ParallelDataProperties": properties, "DataLocation": {"Location": location}}

    return replace(aws.clients(), translate=Answer())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "location",
    [
        "{endpoint}/_emulator/files/none?X-Amz-Signature=secret",
        "http://127.0.0.1:1/?X-Amz-Signature=secret",
        "http://bad host/?X-Amz-Signature=secret",
        "file:///etc/passwd?X-Amz-Signature=secret",
    ],
)
def test_an_address_that_opens_the_file_is_never_shown(quick: World, location: str) -> None:
    with pytest.raises(EngineError) as raised:
        download(answering(quick, location.format(endpoint=quick.cloud.emulator.endpoint_url)), SETTINGS)
    shown: BaseException | None = raised.value
    assert "secret" not in str(shown)
    assert "127.0.0.1" not in str(shown)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_every_page_of_the_list_is_read(quick: World) -> None:
    class Pages:
        def list_parallel_data(self, NextToken: str = "0", **_: Any) -> Any:  # noqa: N803
            number = int(NextToken)
            more = {"NextToken": str(number + 1)} if number < 2 else {}
            return {"ParallelDataPropertiesList": [{"Name": NextToken}], **more}

    clients = replace(quick.clients(), translate=Pages())  # type: ignore[arg-type]
    assert [one.name for one in list_all(clients)] == ["0", "1", "2"]


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
def test_when_parallel_data_is_due(policy: str, ages: Sequence[bool]) -> None:
    moments = [None, *(NOW - timedelta(days=days) for days in (0.9, 1, 7, 30))]
    assert [due(policy, moment, NOW) for moment in moments] == ages


def test_reasons_that_cannot_be_fetched_do_not_undo_the_push(quick: World) -> None:
    looks = 0

    def fail_the_third(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        nonlocal looks
        looks += name == "get_parallel_data"
        if looks == 3:
            quick.fail(FaultKind.THROTTLE, "GetParallelData", times=None)
        return call(**members)

    done = push(wrapped(fail_the_third)(quick.clients()), SETTINGS, content(TEA, ("", "x")))
    assert (done.state.imported, done.state.skipped) == (1, 1)
    assert "TooManyRequestsException" in done.reasons[0].message
