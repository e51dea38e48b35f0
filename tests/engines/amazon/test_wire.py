"""What the engine's client and the service say to each other: the protocol, and the regions that botocore knows."""

from __future__ import annotations

from typing import Any

import boto3

from bot.emulator.languages import BATCH_REGIONS as EMULATED_REGIONS
from bot.emulator.protocol import service_model
from bot.engines.amazon.checking import BATCH_REGIONS
from tests.support.amazon_run import World


def test_the_client_speaks_json_though_the_model_lists_cbor_first(world: World) -> None:
    """The emulator, and what is said of broken answers, know JSON alone."""
    assert "json" in service_model().metadata["protocols"]
    sent: list[str] = []

    def note(request: Any, **_: object) -> None:
        sent.append(request.headers["Content-Type"].decode())
        assert request.body.startswith(b"{")

    clients = world.clients()
    for client in (clients.translate, clients.starter):
        assert client.meta.service_model.resolved_protocol == "json"
        client.meta.events.register("before-send.translate", note, unique_id="wire")
    try:
        world.translate()
    finally:
        for client in (clients.translate, clients.starter):
            client.meta.events.unregister("before-send.translate", unique_id="wire")
    assert len(sent) > 2
    assert set(sent) == {"application/x-amz-json-1.1"}


def test_batch_jobs_run_in_fifteen_of_the_regions_of_the_service() -> None:
    known = boto3.Session().get_available_regions("translate")
    assert len(BATCH_REGIONS) == len(set(BATCH_REGIONS)) == 15
    assert set(BATCH_REGIONS) == set(EMULATED_REGIONS)
    assert set(known) - set(BATCH_REGIONS) == {"ap-east-1"}
    assert set(BATCH_REGIONS) <= set(known)
