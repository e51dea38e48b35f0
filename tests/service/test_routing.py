"""Which languages an event concerns."""

from __future__ import annotations

from typing import Any

import pytest

from bot.service.routing import concerned
from bot.service.webhooks import read_event
from tests.support.service_run import ES, ES_REPO, SOURCE, SUBSCRIPTIONS, ZH, ZH_REPO
from tests.support.webhook_payloads import issue_comment, pull_request, push


@pytest.mark.parametrize(
    ("name", "payload", "languages"),
    [
        ("push", push(SOURCE), (ZH, ES)),
        ("push", push(SOURCE.upper()), (ZH, ES)),
        ("push", push(SOURCE, "draft"), ()),
        ("push", push(SOURCE, "x/main"), ()),
        ("push", push(ZH_REPO), (ZH,)),
        ("push", push(ES_REPO, "amts/es"), (ES,)),
        ("push", push(ES_REPO, "amts/zh"), ()),
        ("push", push("people/other"), ()),
        ("push", push(ZH_REPO, "amts/zh", {"login": "AMTS-bot", "type": "User"}), ()),
        ("push", push(ZH_REPO, "amts/zh", mail="amts@example.org"), ()),
        ("push", push(ZH_REPO, "amts/zh", {"login": "amts[bot]", "type": "Bot"}), ()),
        # A merge that the bot's App or another one did changes what is published.
        ("push", push(ZH_REPO, "main", {"login": "merger[bot]", "type": "Bot"}), (ZH,)),
        ("push", {**push(SOURCE), "deleted": True}, ()),
        ("push", {**push(SOURCE), "ref": "refs/tags/main"}, ()),
        ("pull_request", pull_request("closed"), (ZH,)),
        ("pull_request", pull_request("reopened"), (ZH,)),
        ("pull_request", pull_request("opened"), ()),
        ("pull_request", pull_request("closed", "topic"), ()),
        ("pull_request", pull_request("closed", fork="ann/tea-zh"), ()),
        ("issue_comment", issue_comment("/amts help"), (ZH,)),
        ("issue_comment", issue_comment("see /amts help"), ()),
        ("issue_comment", issue_comment("/amts help", "edited"), ()),
        ("issue_comment", issue_comment("/amts help", author={"login": "x[bot]", "type": "Bot"}), ()),
        ("issue_comment", issue_comment("/amts help", author={"login": "amts-bot", "type": "User"}), ()),
        ("installation", {"action": "created", "repositories": [{"full_name": ZH_REPO}]}, (ZH,)),
        ("installation", {"action": "created", "installation": {"account": {"login": "People"}}}, (ZH, ES)),
        ("installation", {"action": "deleted", "repositories": [{"full_name": ZH_REPO}]}, ()),
        ("installation_repositories", {"action": "added", "repositories_added": [{"full_name": ES_REPO}]}, (ES,)),
        ("ping", {"zen": "…"}, ()),
        ("star", push(SOURCE), ()),
    ],
)
def test_an_event_concerns_the_languages_that_live_from_it(
    name: str, payload: dict[str, Any], languages: tuple[object, ...]
) -> None:
    found = concerned(read_event(name, payload), SUBSCRIPTIONS)
    assert found.languages == languages
    assert found.languages or found.reason
