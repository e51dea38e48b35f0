"""The service's pages over real sockets: whom the webhook believes, and what monitoring sees."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config.service import Web
from bot.errors import UsageError
from bot.service.metrics import CONTENT_TYPE
from bot.service.server import Server
from bot.service.web import create_app
from bot.service.webhooks import sign
from tests.support.service_run import ZH, Book, Time, make_service
from tests.support.service_site import PUSH, Site, serving

pytest_plugins = ["tests.support.service_site_fixtures"]


def waiting(site: Site) -> int:
    return site.service._workers[ZH].waiting


def test_a_push_asks_for_a_sync_once_however_often_it_is_delivered(site: Site) -> None:
    first = site.post("push", PUSH, X_GitHub_Delivery="same")
    again = site.post("push", PUSH, X_GitHub_Delivery="same")
    other = site.post("push", PUSH)
    assert [status for status, _ in (first, again, other)] == [202] * 3
    assert [body["outcome"] for _, body in (first, again, other)] == ["queued", "duplicate", "coalesced"]
    assert waiting(site) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"X_Hub_Signature_256": "sha256=" + "0" * 64}, 401),
        ({"X_Hub_Signature_256": None}, 401),
        ({"X_Hub_Signature_256": None, "X_Hub_Signature": "sha1=" + "0" * 40}, 401),
        ({"X_Hub_Signature_256": "é"}, 401),
        ({"X_Hub_Signature_256": ""}, 401),
        ({"X_GitHub_Delivery": None}, 400),
        ({"X_GitHub_Delivery": "x" * 101}, 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_not_signed_or_no_webhook_is_refused(site: Site, changes: dict[str, str | None], status: int) -> None:
    before = waiting(site)
    assert site.post("push", {**PUSH, "ref": "refs/heads/main"}, **changes)[0] == status
    assert waiting(site) == before


def test_a_refused_delivery_can_come_again_with_a_good_signature(site: Site) -> None:
    wrong = site.post("ping", {}, X_GitHub_Delivery="twice", X_Hub_Signature_256=sign(b"{}", b"guess"))
    assert wrong[0] == 401
    assert site.post("ping", {}, X_GitHub_Delivery="twice") == (200, {"outcome": "pong"})


def test_each_secret_is_good_while_they_are_exchanged(site: Site) -> None:
    body = b'{"zen": "!"}'
    assert site.post("ping", body, X_Hub_Signature_256=sign(body, b"former"))[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 4000])
def test_a_signed_body_that_is_no_object_is_refused(site: Site, body: bytes) -> None:
    assert site.post("push", body)[0] == 400


def test_an_unknown_event_is_answered_politely(site: Site) -> None:
    status, body = site.post("sponsorship", {"action": "created"})
    assert (status, body["outcome"]) == (202, "ignored")
    assert site.post("push", {})[0] == 202
    assert site.metric('amts_webhooks_total{event="other",outcome="ignored"}') == 1


def test_only_a_post_reaches_the_webhook(site: Site) -> None:
    assert site.request("GET", "/webhook")[0] == 405
    assert site.request("POST", "/other")[0] == 404


def test_the_pages_for_monitoring(site: Site) -> None:
    # It serves before its threads work: a supervisor that asks at that moment must not restart it.
    assert site.request("GET", "/readyz")[0] == 503
    assert site.request("GET", "/healthz")[0] == 200
    status, text, headers = site.request("GET", "/metrics")
    assert status == 200
    assert headers["Content-Type"] == CONTENT_TYPE
    assert "process_resident_memory_bytes" in text


def test_the_figures_can_be_read_and_the_docs_tell_of_each(site: Site) -> None:
    site.post("ping", {})
    found = {
        sample.name: sample
        for family in text_string_to_metric_families(site.request("GET", "/metrics")[1])
        for sample in family.samples
        if sample.name.startswith("amts_") and not sample.name.endswith(("_created", "_bucket", "_count"))
    }
    page = (Path(__file__).parents[2] / "docs" / "reference" / "service.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(amts_\w+)(?:\{([\w,]+)\})?` \|", page, re.MULTILINE))
    assert {name.removesuffix("_sum") for name in found} == told.keys()
    for name, sample in found.items():
        assert set(sample.labels) == set(filter(None, told[name.removesuffix("_sum")].split(",")))


def test_counters_begin_at_nought_so_that_the_first_failure_is_an_increase(site: Site) -> None:
    text = site.request("GET", "/metrics")[1]
    for language, outcome in product(("zh", "es"), ("failed", "crashed")):
        labels = f'{{config="a.yaml",language="{language}",outcome="{outcome}"}} 0.0'
        assert f"amts_syncs_total{labels}" in text
        assert f"amts_comments_total{labels}" in text


def test_a_running_service_is_healthy_and_ready() -> None:
    book = Book()
    with serving(book) as site:
        site.service.start()
        assert [site.request("GET", path)[0] for path in ("/healthz", "/readyz")] == [200, 200]
        site.service.stop(10)
        assert [site.request("GET", path)[0] for path in ("/healthz", "/readyz")] == [503, 503]
        status, text, headers = site.request("POST", "/webhook", b"{}", site.headers("push", b"{}"))
        assert (status, headers["Retry-After"]) == (503, "60")
        assert json.loads(text)["outcome"] == "stopping"


def test_without_a_secret_no_webhook_is_taken() -> None:
    service, web = make_service(Book(), clock=Time()), Web(port=0)
    with Server(create_app(service, [], web), web) as server:
        site = Site(service, Book(), server.url)
        status, body = site.post("push", PUSH, X_Hub_Signature_256=sign(json.dumps(PUSH).encode(), b""))
    assert (status, body["outcome"]) == (403, "no_secret")


def test_a_taken_port_is_named(site: Site) -> None:
    web = Web(port=site.address[1])
    with pytest.raises(UsageError, match=r":\d+ can't be had \(Address already in use\); choose another --port"):
        Server(create_app(site.service, [], web), web)
