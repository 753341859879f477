"""Webhooks: topics, refusals, ping and deliveries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.emulator.support import ORG, SITE, ok, refused

AT_SITE, AT_ORG = f"sites/{SITE}/webhooks", f"orgs/{ORG}/webhooks"


def test_the_topics_of_an_organisation_are_told_from_those_of_a_site(emulator: Emulator) -> None:
    topics = {t["key"]: t for t in ok(emulator.call("GET", "const/webhook_topics"))}
    assert topics["audits"]["for_org"]
    assert not topics["zone"]["for_org"]
    assert topics["alarms"]["has_delivery_results"]
    assert topics["ping"]["internal"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"topics": ["location", "location-sdk"]}, "Only one location topic can be configured per URL"),
        ({"topics": ["location-asset"]}, "Webhook already configured for special location topic"),
        ({"topics": ["zone"], "assetfilter_ids": ["nowhere"]}, "invalid assetfilter_ids"),
    ],
)
def test_a_url_takes_one_location_topic_and_filters_must_exist(
    body: dict[str, Any], detail: str, emulator: Emulator
) -> None:
    ok(emulator.call("POST", AT_SITE, body={"name": "a", "url": "https://x", "topics": ["location"]}))
    refused(emulator.call("POST", AT_SITE, body={"name": "b", "url": "https://x", **body}), 400, detail)


def test_other_urls_other_topics_and_the_webhook_itself_are_no_conflict(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", AT_SITE, body={"name": "a", "url": "https://x", "topics": ["location"]}))
    for url, topic in (("https://y", "location"), ("https://x", "zone")):
        ok(emulator.call("POST", AT_SITE, body={"name": "b", "url": url, "topics": [topic]}))
    ok(emulator.call("PUT", f"{AT_SITE}/{made['id']}", body={"topics": ["location-client"]}))
    path = f"{AT_SITE}/{made['id']}"
    refused(emulator.call("PUT", path, body={"topics": ["location", "location-client"]}), 400, "Only one")
    assert ok(emulator.call("GET", path))["topics"] == ["location-client"]


def test_asset_filters_belong_to_a_site_and_are_named_once(emulator: Emulator) -> None:
    one = ok(emulator.call("POST", f"sites/{SITE}/assetfilters", body={"name": "f"}))["id"]
    ok(emulator.call("POST", AT_SITE, body={"name": "a", "assetfilter_ids": [one]}))
    refused(emulator.call("POST", AT_SITE, body={"name": "a", "assetfilter_ids": [one, one]}), 400, "invalid")
    reply = emulator.call("POST", AT_ORG, body={"name": "a", "assetfilter_ids": [one]})
    refused(reply, 400, "invalid field: topics")
    assert reply.body["reason"] == "filtered asset webhooks must be associated with a site"


HEADERS = [
    ({}, {}),
    (None, {}),
    ({"a": "b"}, {}),
    ({"a": 5}, {"X-Mist-Error": "header[a] not a string"}),
    ({"a": "b" * 1000}, {"X-Mist-Error": "headers too big"}),
    ("text", {"X-Mist-Error": "headers format invalid"}),
]


@pytest.mark.parametrize(("headers", "sent"), HEADERS)
@pytest.mark.parametrize("scope", ["org", "site"])
def test_a_ping_is_remembered_as_a_delivery(scope: str, headers: Any, sent: Any, emulator: Emulator) -> None:
    path = AT_ORG if scope == "org" else AT_SITE
    hook = {"id": "w", "name": "a", "url": "https://x", "headers": headers}
    state = emulator.state()
    (state["orgs"][0] if scope == "org" else state["orgs"][0]["sites"][0])["webhooks"] = [hook]
    emulator.load(state)
    reply = emulator.call("POST", f"{path}/w/ping")
    assert (reply.status, reply.content) == (200, b"")
    found = ok(emulator.call("GET", f"{path}/w/events/search"))
    assert json.loads(found["results"][0]["req_headers"]) == sent
    counted = ok(emulator.call("GET", f"{path}/w/events/count"))
    assert counted["results"] == [{"status": "success", "count": 1}]
    refused(emulator.call("POST", f"{path}/nowhere/ping"), 404)
