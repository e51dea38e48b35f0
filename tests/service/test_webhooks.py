"""Webhooks: signatures, and events whatever a payload lacks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
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


@pytest.mark.parametrize("name", ["AMTS_WEBHOOK_SECRET", "AMTS_WEBHOOK_SECRET_PREVIOUS"])
@pytest.mark.parametrize("between", [",", ", ", " ,"])
def test_secrets_between_commas_are_no_single_secret(name: str, between: str) -> None:
    several = between.join(f"{word} secret of the tests" for word in ("new", "newer", "old"))
    with pytest.raises(ConfigError, match=f"^{name}: line 2 looks like 3 secrets .* write one per line") as caught:
        webhook_secrets({name: f"a secret of the tests\n{several}"})
    assert "of the tests" not in str(caught.value)
    single = f"{several},short"
    assert webhook_secrets({name: single}) == (single.encode(),)


def test_each_of_several_secrets_is_good_and_nothing_else() -> None:
    new, newer, old = (f"{word} secret of the tests" for word in ("new", "newer", "old, with a comma: a"))
    environment = {"AMTS_WEBHOOK_SECRET": f"{new}\r\n\n {newer} \n", "AMTS_WEBHOOK_SECRET_PREVIOUS": f"{old}\n{new}"}
    secrets = webhook_secrets(environment)
    assert secrets == (new.encode(), newer.encode(), old.encode())
    for secret in secrets:
        assert is_signed(b"body", sign(b"body", secret), secrets)
        assert not is_signed(b"body ", sign(b"body", secret), secrets)
    assert not is_signed(b"body", sign(b"body", b"other"), secrets)
    assert not is_signed(b"body", sign(b"body", secrets[0]).removeprefix("sha256="), secrets)
    assert not is_signed(b"body", "ünsigned", secrets)
    assert webhook_secrets({"AMTS_WEBHOOK_SECRET": " \n\t\n"}) == ()
    assert webhook_secrets({"AMTS_WEBHOOK_SECRET": "\udcff" * 16}) == (b"\xff" * 16,)


@pytest.mark.parametrize("name", ["AMTS_WEBHOOK_SECRET", "AMTS_WEBHOOK_SECRET_PREVIOUS"])
@pytest.mark.parametrize("weak", ["x", "swordfish", "x" * 15, f"  {'x' * 15}  ", "日本語の秘密"])
def test_a_secret_that_could_be_guessed_is_refused_without_being_shown(name: str, weak: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: the secret on line 2 is \d+ long, ") as error:
        webhook_secrets({name: f"{'long enough ' * 3}\n{weak}"})
    assert weak.strip() not in str(error.value).replace("characters", "").split()


def test_a_known_signature_is_what_githubs_documentation_says() -> None:
    """The example of "Validating webhook deliveries"."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(b"Hello, World!", b"It's a Secret to Everybody") == expected
