"""The folder in the bucket, and what is said when AWS refuses a call."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from pydantic import TypeAdapter

from bot.emulator import FaultKind
from bot.engines.amazon import storage as storage_module
from bot.engines.amazon.clients import ServiceError, Session, connect, part, service_errors
from bot.engines.amazon.storage import BucketStorage
from bot.errors import AmtsError, ConfigError, EngineError
from tests.support.amazon_run import SETTINGS, World, changed
from tests.support.emulator_fixture import BUCKET, Cloud

ANY = TypeAdapter(object)


@pytest.fixture
def storage(world: World) -> BucketStorage:
    return BucketStorage(world.session())


def test_what_is_put_is_got_listed_and_deleted(storage: BucketStorage) -> None:
    storage.put("a/b/ü.txt", "Grüße", "text/plain")
    storage.put_json("a/a.json", {"text": "汉字"})
    storage.put("b/c", "")
    assert storage.get("a/b/ü.txt") == "Grüße".encode()
    assert storage.get_json("a/a.json", ANY) == {"text": "汉字"}
    assert [(stored.name, stored.size) for stored in storage.list("a/")] == [("a/a.json", 21), ("a/b/ü.txt", 7)]
    assert [stored.name for stored in storage.list("a/b/")] == ["a/b/ü.txt"]
    storage.delete(["a/a.json", "a/never there"])
    assert [stored.name for stored in storage.list("a/")] == ["a/b/ü.txt"]


def test_what_is_not_there_is_none(storage: BucketStorage) -> None:
    assert storage.get("x") is None
    assert storage.get_json("x", ANY) is None
    assert storage.get_uri(f"s3://{BUCKET}/other/x") is None


def test_a_key_has_the_kind_before_the_language(storage: BucketStorage, cloud: Cloud) -> None:
    storage.put("jobs/x/y", b"1")
    assert storage.uri("jobs/x/y") == f"s3://{BUCKET}/amts/jobs/amts-zh/x/y"
    assert storage.get_uri(storage.uri("jobs/x/y")) == b"1"
    assert cloud.keys() == ["amts/jobs/amts-zh/x/y"]


def test_languages_and_books_do_not_see_each_other_s_files(storage: BucketStorage, world: World) -> None:
    storage.put("jobs/x", b"1")
    for other in (world.session(language="zh-TW"), world.session(changed(name="other"))):
        assert list(BucketStorage(other).list("jobs/")) == []


def test_more_files_than_one_call_deletes(storage: BucketStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_module, "_MAX_DELETED_KEYS", 2)
    for number in range(5):
        storage.put(f"n/{number}", b"")
    storage.delete([stored.name for stored in storage.list("n/")])
    assert list(storage.list("n/")) == []


def test_damaged_json_is_an_error_that_names_the_file(storage: BucketStorage) -> None:
    for text in ("{", "[" * 100_000, "9" * 5000, '{"a": 1}', "\xff"):
        storage.put("a/x.json", text)
        with pytest.raises(EngineError, match=r"amts/a/amts-zh/x\.json is damaged; delete it"):
            storage.get_json("a/x.json", TypeAdapter(dict[str, str]))


def test_a_file_that_may_not_be_deleted_is_an_error_that_names_it(world: World) -> None:
    class Refusing:
        def delete_objects(self, **_: Any) -> Any:
            return {"Errors": [{"Code": "AccessDenied", "Key": "amts/a/amts-zh/x", "Message": "Access Denied"}]}

    refusing: Any = Refusing()
    with pytest.raises(EngineError, match=r"amts-zh/x: AWS answered AccessDenied; give the caller s3:DeleteObject"):
        BucketStorage(world.session(clients=replace(world.clients(), s3=refusing))).delete(["x"])


@pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP, FaultKind.DROP_BEFORE])
@pytest.mark.parametrize(
    ("operation", "use"),
    [
        ("s3:PUT", lambda storage: storage.put("x", b"")),
        ("s3:GET", lambda storage: storage.get("x")),
        ("s3:GET", lambda storage: list(storage.list("x/"))),
        ("s3:POST", lambda storage: storage.delete(["x"])),
    ],
    ids=["put", "get", "list", "delete"],
)
def test_s3_that_stays_away_is_an_error_that_says_what_was_done(
    storage: BucketStorage, world: World, kind: FaultKind, operation: str, use: Callable[[BucketStorage], object]
) -> None:
    storage.put("x", b"1")
    world.fail(kind, operation, times=None)
    with pytest.raises(ServiceError, match=r"^(writing|reading|listing|deleting) .*run again") as caught:
        use(storage)
    assert caught.value.transient


def test_no_bucket_is_an_error_that_says_to_create_it(world: World) -> None:
    with pytest.raises(EngineError, match=r"NoSuchBucket.*create the bucket in the engine's region"):
        BucketStorage(world.session(changed(bucket="other"))).put("x", b"")


@pytest.mark.parametrize(
    ("code", "status", "advice"),
    [
        ("AccessDenied", 403, "rights that docs/reference/aws.md lists"),
        ("AccessDeniedException", 400, "us-east-1, us-west-2 or eu-west-1"),
        ("NotAuthorized", 400, "rights that docs/reference/aws.md lists"),
        ("403", 403, "rights that docs/reference/aws.md lists"),
        ("ExpiredTokenException", 400, "sign in again"),
        ("UnrecognizedClientException", 400, "give it credentials"),
        ("PermanentRedirect", 301, "region of the bucket"),
        ("UnsupportedLanguagePairException", 400, "choose another engine"),
        ("TooManyRequestsException", 400, "the service is busy; run again later"),
        ("InternalServerException", 500, "run again later"),
        ("SomethingNew", 400, "`amts check --aws`"),
    ],
)
def test_every_refusal_says_what_was_done_what_was_said_and_what_to_do(code: str, status: int, advice: str) -> None:
    answer: Any = {"Error": {"Code": code, "Message": "Said so."}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with (
        pytest.raises(ServiceError, match=rf"^starting the job: AWS answered {code}: Said so; .*{advice}") as caught,
        service_errors("starting the job"),
    ):
        raise ClientError(answer, "StartTextTranslationJob")
    assert caught.value.code == code
    assert caught.value.transient is (status >= 500 or code.startswith("TooMany"))
    assert "\n" not in str(caught.value)


def test_an_answer_without_what_was_asked_for_is_not_of_aws_and_a_bug_of_ours_is_no_answer() -> None:
    assert part({"a": {"b": None}}, "a", "b") is None
    for answer, names in (({}, ["a"]), ({"a": {}}, ["a", "b"]), ({"a": "text"}, ["a", "b"])):
        with pytest.raises(ServiceError, match="what answered is not AWS"), service_errors("doing"):
            part(answer, *names)
    with pytest.raises(KeyError, match="ours"), service_errors("doing"):
        raise KeyError("ours")


def test_an_error_without_a_message_or_a_code_is_still_one() -> None:
    with pytest.raises(ServiceError, match="doing: AWS answered an error without a code; "), service_errors("doing"):
        raise ClientError({}, "X")


@pytest.mark.parametrize(
    ("error", "message", "transient"),
    [
        (NoCredentialsError(), "Unable to locate credentials; give it credentials", False),
        (EndpointConnectionError(endpoint_url="http://x"), "check the network", True),
        (ReadTimeoutError(endpoint_url="http://x"), "check the network", True),
    ],
)
def test_what_does_not_reach_the_service_says_so(error: Exception, message: str, transient: bool) -> None:
    with pytest.raises(ServiceError, match=message) as caught, service_errors("doing"):
        raise error
    assert caught.value.transient is transient


@pytest.mark.usefixtures("world")
def test_no_credentials_are_an_error_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(EngineError, match="give it credentials"):
        BucketStorage(Session(connect(SETTINGS), SETTINGS, "zh")).get("x")


@pytest.mark.usefixtures("world")
def test_a_profile_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(EngineError, match="correct AWS_PROFILE"):
        connect(SETTINGS)


def test_a_missing_boto3_is_an_error_that_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigError, match=r'pip install "\.\[amazon\]" in a checkout'):
        connect(SETTINGS)


def test_no_error_is_of_a_kind_that_the_command_line_does_not_catch() -> None:
    assert issubclass(ServiceError, AmtsError)


def test_boto3_is_loaded_at_the_first_use_alone() -> None:
    program = "import sys, bot.engines.amazon.engine; sys.exit('botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
