"""Webhooks: signatures, and events whatever a payload lacks."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.service.routing import concerned
from bot.service.webhooks import ACTED_ON, Commented, Ignored, is_signed, read_event, sign, webhook_secrets
from tests.support.service_run import SOURCE, SUBSCRIPTIONS
from tests.support.webhook_payloads import issue_comment, pull_request, push


def test_a_command_is_read_from_a_comment() -> None:
    event = read_event("issue_comment", issue_comment("/amts status"))
    assert isinstance(event, Commented)
    assert (event.comment.author, event.comment.number, event.comment.id) == ("ann", 7, 5)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


WHOLE = [push(SOURCE), pull_request("closed"), issue_comment("/amts help"), {"action": "created", "repositories": []}]


@given(st.sampled_from(ACTED_ON), st.sampled_from(WHOLE), st.data())
def test_no_payload_makes_reading_fail(name: str, whole: dict[str, Any], data: st.DataObject) -> None:
    keys = [*whole, "action", "repositories", "head_commit"]
    payload = {**whole, **data.draw(st.dictionaries(st.sampled_from(keys), JSON, max_size=3))}
    concerned(read_event(name, payload), SUBSCRIPTIONS)


@given(st.text(max_size=30))
def test_an_unknown_event_is_ignored(name: str) -> None:
    if name not in ACTED_ON:
        assert isinstance(read_event(name, push(SOURCE)), Ignored)


def test_each_of_several_secrets_is_good_and_nothing_else() -> None:
    environment = {"AMTS_WEBHOOK_SECRET": "new, newer,", "AMTS_WEBHOOK_SECRET_PREVIOUS": "old"}
    secrets = webhook_secrets(environment)
    assert secrets == (b"new", b"newer", b"old")
    for secret in secrets:
        assert is_signed(b"body", sign(b"body", secret), secrets)
        assert not is_signed(b"body ", sign(b"body", secret), secrets)
    assert not is_signed(b"body", sign(b"body", b"other"), secrets)
    assert not is_signed(b"body", sign(b"body", b"new").removeprefix("sha256="), secrets)
    assert not is_signed(b"body", "ünsigned", secrets)
    assert webhook_secrets({"AMTS_WEBHOOK_SECRET": " , "}) == ()


def test_a_known_signature_is_what_githubs_documentation_says() -> None:
    """The example of "Validating webhook deliveries"."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(b"Hello, World!", b"It's a Secret to Everybody") == expected
