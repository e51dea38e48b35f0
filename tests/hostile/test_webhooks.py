"""Signed webhooks that GitHub would never send: each is a 400 with a sentence, or ignored; none is an error of ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.webhooks import ACTED_ON, MalformedError, read_event, read_payload
from tests.support.service_run import Book
from tests.support.service_site import Site, serving
from tests.support.webhook_payloads import issue_comment, pull_request, push


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving(Book(), max_body=1_000_000, deliveries=50) as site:
        yield site


COMMENT = json.dumps(issue_comment("/amts help"))
NUMBERS = {
    "too many digits to read": "9" * 4_000,
    "more digits than Python reads": "7" * 100_000,
    "negative, and as long": "-" + "8" * 4_000,
    "one more than 64 bits": str(2**63),
    "infinite": "1e999",
    "infinite, negative": "-1e999",
    "with a long exponent": "1e" + "9" * 400,
    "NaN": "NaN",
    "Infinity": "Infinity",
    "a fraction": "7.5",
    "a float": "1e2",
    "true": "true",
    "a text": '"7"',
    "a list": "[7]",
    "nought": "0",
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("place", ['"number": 7', '"id": 5'])
def test_a_number_that_is_none_is_a_400(
    site: Site,
    number: str,
    place: str,
    attacked: Callable[[str, int], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = COMMENT.replace(place, f"{place.partition(':')[0]}: {number}")
    assert body != COMMENT
    status, answer = site.post("issue_comment", body.encode())
    assert (status, answer["outcome"]) == (400, "malformed")
    assert answer["reason"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    attacked("signed webhooks that are none", 1)


BODIES = {
    "not UTF-8": b'{"ref": "\xff\xfe"}',
    "UTF-16": json.dumps({"ref": "x"}).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a name twice": b'{"action": "created", "action": "deleted"}',
    "a name twice, deeper": b'{"a": [{"b": 1, "b": 1}]}',
    "half a character": b'{"ref": "\\ud800"}',
    "half a character as a name": b'{"\\udfff": 1}',
    "deep lists": b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "cut off": b'{"a": "',
    "two objects": b"{}{}",
    "a number alone": b"7",
    "a control character": b'{"a": "\x00"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_json_of_github_s_is_a_400(site: Site, body: bytes, attacked: Callable[[str, int], None]) -> None:
    for event in ("push", "issue_comment", "ping"):
        status, answer = site.post(event, body)
        assert (status, answer["outcome"]) == (400, "malformed")
        assert answer["reason"].startswith("the body ")
    attacked("signed webhooks that are none", 3)


def test_a_length_of_thousands_of_digits_is_a_refusal(site: Site) -> None:
    headers = site.headers("push", b"{}") | {"Content-Length": "9" * 5_000}
    assert site.request("POST", "/webhook", b"{}", headers)[0] in (400, 413)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
WHOLE = [push("a/b"), pull_request("closed"), issue_comment("/amts help"), {"action": "created", "repositories": []}]


@given(st.sampled_from(ACTED_ON), st.sampled_from(WHOLE), st.data())
def test_a_value_of_another_type_is_no_error_of_ours(name: str, whole: dict[str, Any], data: st.DataObject) -> None:
    payload = {**whole, **data.draw(st.dictionaries(st.sampled_from(list(whole)), JSON, max_size=2))}
    for key, value in whole.items():
        if isinstance(value, dict) and data.draw(st.booleans()):
            payload[key] = {**value, **data.draw(st.dictionaries(st.sampled_from(list(value)), JSON, max_size=2))}
    with suppress(MalformedError):
        read_event(name, read_payload(json.dumps(payload).encode()))
