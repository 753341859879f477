"""Webhooks: topics, refusals, ping and deliveries."""

from __future__ import annotations

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


RAW = "asset-raw-rssi"


@pytest.mark.parametrize(
    ("topics", "detail"),
    [
        ([RAW, "wifi-conn-raw"], "Only one location topic can be configured per URL"),
        ([RAW, "zone"], "Webhook already configured for special location topic"),
    ],
)
def test_a_raw_topic_stands_alone_and_has_one_webhook_whatever_the_url(
    topics: list[str], detail: str, emulator: Emulator
) -> None:
    made = ok(emulator.call("POST", AT_SITE, body={"name": "a", "url": "https://x", "topics": [RAW]}))
    reply = emulator.call("POST", AT_SITE, body={"name": "b", "url": "https://y", "topics": topics})
    refused(reply, 400, detail)
    assert reply.body.get("webhook_id", made["id"]) == made["id"]
    ok(emulator.call("POST", AT_ORG, body={"name": "b", "url": "https://y", "topics": [RAW]}))
    ok(emulator.call("PUT", f"{AT_SITE}/{made['id']}", body={"topics": ["wifi-conn-raw"]}))


def test_by_the_document_it_is_locations_that_are_exclusive_per_url(emulator: Emulator) -> None:
    location = {"name": "a", "url": "https://x", "topics": ["location"]}
    for _ in range(2):
        ok(emulator.call("POST", AT_SITE, body={**location, "topics": ["location", "location-client"]}))
    emulator.settings.update({"quirks": {"exclusive_topics": "location"}})
    refused(emulator.call("POST", AT_SITE, body=location), 400, "already configured")
    made = ok(emulator.call("POST", AT_SITE, body={**location, "url": "https://y"}))
    path = f"{AT_SITE}/{made['id']}"
    refused(emulator.call("PUT", path, body={"topics": ["location", "location-client"]}), 400, "Only one")
    assert ok(emulator.call("GET", path))["topics"] == ["location"]


def test_asset_filters_belong_to_a_site_and_are_named_once(emulator: Emulator) -> None:
    filters = f"sites/{SITE}/assetfilters"
    refused(emulator.call("POST", filters, body={"name": "f"}), 400, "At least one filter must be specified")
    one = ok(emulator.call("POST", filters, body={"name": "f", "rssi": -60}))["id"]
    ok(emulator.call("POST", AT_SITE, body={"name": "a", "assetfilter_ids": [one]}))
    refused(emulator.call("POST", AT_SITE, body={"name": "a", "assetfilter_ids": ["none"]}), 400, "assetfilter_ids")
    twice = emulator.call("POST", AT_SITE, body={"name": "a", "assetfilter_ids": [one, one]})
    refused(twice, 400, "invalid field: assetfilter_ids")
    assert twice.body["reason"] == "contains duplicate uuids"
    reply = emulator.call("POST", AT_ORG, body={"name": "a", "assetfilter_ids": [one]})
    refused(reply, 400, "invalid field: topics")
    assert reply.body["reason"] == "filtered asset webhooks must be associated with a site"
