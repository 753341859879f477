"""The audit log: who changed what, from what to what."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator, Request
from reconciler.emulator.audit import id_key, label
from reconciler.emulator.masking import MASK
from tests.emulator.support import ORG, OTHER_SITE, SITE, Clock, ok, refused

LOGS = f"orgs/{ORG}/logs"


def entries(emulator: Emulator, **query: str) -> list[dict[str, Any]]:
    found = ok(emulator.call("GET", LOGS, query=query))["results"]
    assert isinstance(found, list)
    return found


def test_a_life_is_logged_with_before_and_after(emulator: Emulator, clock: Clock) -> None:
    path = f"sites/{SITE}/wlans"
    made = ok(emulator.call("POST", path, body={"ssid": "Lab", "auth": {"type": "psk", "psk": "12345678"}}))
    clock.now += 1
    ok(emulator.call("PUT", f"{path}/{made['id']}", body={"dtim": 5}, admin="Ada"))
    clock.now += 1
    ok(emulator.call("DELETE", f"{path}/{made['id']}"))
    deleted, updated, added = entries(emulator)
    assert [e["message"] for e in (added, updated, deleted)] == [
        'Add WLAN "Lab"',
        'Update WLAN "Lab"',
        'Delete WLAN "Lab"',
    ]
    assert (updated["admin_name"], updated["before"], updated["after"]) == ("Ada", {"dtim": 2}, {"dtim": 5})
    assert (updated["wlan_id"], deleted["wlan_id"]) == (made["id"], "None")
    assert (updated["site_id"], updated["for_site"], updated["org_id"]) == (SITE, True, ORG)
    assert added["after"]["auth"]["psk"] == deleted["before"]["auth"]["psk"] == MASK
    assert "before" not in added
    assert "after" not in deleted


def test_settings_are_logged_with_a_message_of_their_own(emulator: Emulator) -> None:
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"a": "1"}}))
    ok(emulator.call("PUT", f"orgs/{ORG}/setting", body={"disable_pcap": True}))
    org, site = entries(emulator)
    assert (org["message"], site["message"]) == ("Update Org Settings", "Update Site Settings")
    assert (site["after"]["vars"], site["site_id"], org["site_id"]) == ({"a": "1"}, SITE, None)


def test_a_caller_with_an_address_is_named_by_it(emulator: Emulator) -> None:
    emulator.tokens.declare({"t": {"role": "admin", "name": "Ada", "email": "ada@example.net"}})
    headers = {"Authorization": "Token t", "X-Forwarded-For": "10.0.0.7"}
    emulator.handle(Request("PUT", f"/api/v1/sites/{SITE}", {}, {"notes": "n"}, headers))
    assert (entries(emulator)[0]["admin_name"], entries(emulator)[0]["src_ip"]) == ("Ada ada@example.net", "10.0.0.7")


def test_a_wlan_in_a_template_names_both(emulator: Emulator) -> None:
    ok(emulator.call("POST", f"orgs/{ORG}/wlans", body={"ssid": "a", "template_id": "t1"}))
    assert entries(emulator)[0]["template_id"] == "t1"


def test_the_log_is_filtered_sorted_and_paged(emulator: Emulator, clock: Clock) -> None:
    for site, admin in ((SITE, "Ada"), (OTHER_SITE, "Bob"), (SITE, "Bob")):
        clock.now += 100
        ok(emulator.call("PUT", f"sites/{site}", body={"notes": admin}, admin=admin))
    assert [e["timestamp"] for e in entries(emulator)] == [clock.now, clock.now - 100, clock.now - 200]
    assert entries(emulator, sort="timestamp")[0]["timestamp"] == clock.now - 200
    assert {e["site_id"] for e in entries(emulator, site_id=OTHER_SITE)} == {OTHER_SITE}
    assert [e["site_id"] for e in entries(emulator, sort="site_id")] == [SITE, SITE, OTHER_SITE]
    assert len(entries(emulator, sort="admin_id")) == 3
    assert len(entries(emulator, admin_name="bob")) == 2
    assert len(entries(emulator, message="tokyo")) == 1
    assert len(entries(emulator, start="-150s")) == 2
    assert len(entries(emulator, start=str(clock.now))) == 1
    assert len(entries(emulator, end=str(clock.now - 150), duration="2d")) == 1
    first = ok(emulator.call("GET", LOGS, query={"limit": "2"}))
    assert (first["total"], len(first["results"]), "page=2" in first["next"]) == (3, 2, True)
    path, _, query = first["next"].partition("?")
    last = ok(emulator.call("GET", path, query=dict(p.split("=") for p in query.split("&"))))
    assert (len(last["results"]), "next" in last) == (1, False)
    counts = ok(emulator.call("GET", f"{LOGS}/count", query={"distinct": "admin_name"}))["results"]
    assert counts == [{"admin_name": "Bob", "count": 2}, {"admin_name": "Ada", "count": 1}]


@pytest.mark.parametrize("query", [{"sort": "name"}, {"duration": "long"}, {"start": "soon"}])
def test_a_wrong_query_is_refused(query: dict[str, str], emulator: Emulator) -> None:
    refused(emulator.call("GET", LOGS, query=query), 400, "invalid query parameter")


def test_the_log_forgets_its_oldest_entries(emulator: Emulator) -> None:
    entry = {"timestamp": 1, "message": "old", "admin_name": "x"}
    emulator.load({"orgs": [{"id": ORG, "name": "A", "logs": [entry] * 20_010}]})
    assert len(emulator.state()["orgs"][0]["logs"]) == 20_000


@pytest.mark.parametrize(
    ("collection", "key", "text"),
    [
        ("wlans", "wlan_id", "WLAN"),
        ("secpolicies", "secpolicy_id", "Security Policy"),
        ("servicepolicies", "servicepolicy_id", "Service Policy"),
        ("evpn_topologies", "evpn_topology_id", "EVPN Topology"),
        ("beacons", "beacon_id", "Beacon"),
        ("inventory", "device_id", "Device"),
    ],
)
def test_each_kind_has_a_key_and_a_label(collection: str, key: str, text: str) -> None:
    assert (id_key(collection), label(collection)) == (key, text)
